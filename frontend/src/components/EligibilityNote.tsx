import type { Eligibility } from "../lib/api/types";
import { eligibility as fr } from "../lib/fr/eligibility";
import { Badge, type Tone } from "./Badge";

const TONES: Record<string, Tone> = { full: "ok", reduced: "caution", epci_scope: "caution", unavailable: "neutral" };

/** What the buyer will get for this commune, known before paying. */
export function EligibilityNote({ eligibility }: { eligibility: Eligibility }) {
  const { status, dropped_pages: dropped } = eligibility;
  return (
    <div className="text-sm">
      <Badge tone={TONES[status] ?? "neutral"}>{fr.label[status] ?? status}</Badge>
      <p className="mt-2">{sentence(eligibility)}</p>
      {dropped.length > 0 && (
        <details className="mt-1">
          <summary className="inline-flex min-h-8 cursor-pointer items-center font-semibold underline underline-offset-4">{fr.dropped}</summary>
          <ul role="list" className="mt-1 grid gap-1">
            {dropped.map(({ page, title, reason }) => (
              <li key={page}>{fr.droppedLine(page, title, reason)}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

/** One sentence per status; the reason of the server, when there is one, ends it. */
export function sentence({ status, dropped_pages: dropped, reason }: Eligibility): string {
  const because = reason == null ? "" : ` ${fr.because(reason)}`;
  if (status === "full") return fr.full;
  if (status === "reduced") return fr.reduced(dropped.length) + because;
  if (status === "epci_scope") return fr.epciScope + because;
  return fr.unavailable + because;
}
