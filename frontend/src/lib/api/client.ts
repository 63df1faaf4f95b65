import createClient from "openapi-fetch";
import { ProblemError } from "./problem";
import type { paths } from "./schema";

export const api = createClient<paths>({
  baseUrl: window.location.origin,
  // Looked up at each call: what replaces fetch later (a test, an instrument) is honoured.
  fetch: (request) => globalThis.fetch(request),
});

interface Answer<Body> {
  data?: Body;
  error?: unknown;
  response: Response;
}

/** The body of a successful call; anything else is thrown as a `ProblemError`. */
export async function ok<Body>(call: Promise<Answer<Body>>): Promise<Body> {
  let answer: Answer<Body>;
  try {
    answer = await call;
  } catch (cause) {
    // An aborted call is not a failure: the screen no longer wants the answer.
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw ProblemError.unreachable();
  }
  if (answer.data === undefined) throw ProblemError.from(answer.error, answer.response);
  return answer.data;
}

/** A text of our own server, by its address; a refusal is thrown like that of any other call. */
export function textAt(address: string, signal: AbortSignal): Promise<string> {
  const ask = async (): Promise<Answer<string>> => {
    const response = await globalThis.fetch(new URL(address, window.location.origin), { signal });
    return response.ok ? { data: await response.text(), response } : { response };
  };
  return ok(ask());
}
