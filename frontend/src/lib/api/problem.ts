import type { ProblemBody } from "./types";

/** A call that did not succeed, in the terms of RFC 9457. `status` 0 means that no answer came back. */
export class ProblemError extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string | null;
  /** What the customer quotes when writing to us. */
  readonly reference: string | null;
  readonly errors: NonNullable<ProblemBody["errors"]>;

  constructor(status: number, body: ProblemBody, reference: string | null = null) {
    super(body.title ?? "Réponse inattendue");
    this.name = "ProblemError";
    this.status = status;
    this.code = body.code ?? "unexpected";
    this.detail = body.detail ?? null;
    this.reference = reference ?? body.instance ?? null;
    this.errors = body.errors ?? [];
  }

  static unreachable(): ProblemError {
    return new ProblemError(0, {
      title: "Service injoignable",
      detail: "La réponse n’est pas arrivée. Vérifiez votre connexion, puis réessayez.",
      code: "network.unreachable",
    });
  }

  /** The body may be anything: a proxy answers HTML, an old server an empty body. */
  static from(body: unknown, response: Response): ProblemError {
    const known = typeof body === "object" && body !== null ? (body as ProblemBody) : {};
    return new ProblemError(response.status, known, response.headers.get("x-request-id"));
  }

  /** Asking again may help: nothing came back, or the server says that it is its own fault. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export const asProblem = (error: unknown): ProblemError =>
  error instanceof ProblemError ? error : ProblemError.unreachable();
