import type { Eligibility } from "../lib/api/types";
import { eligibility as fr } from "../lib/fr/eligibility";
import { Badge, type Tone } from "./Badge";

const TONES: Record<string, Tone> = { full: "ok", reduced: "caution", epci_scope: "caution", unavailable: "neutral" };

/** What is announced of a study: before the order with the reason of a refusal, afterwards as the order keeps it. */
type Announced = Pick<Eligibility, "status" | "dropped_pages"> & Partial<Pick<Eligibility, "reason">>;

/** What the buyer will get for this commune, known before paying: missing pages are named, not only counted. */
export function EligibilityNote({ eligibility }: { eligibility: Announced }) {
  const { status, dropped_pages: dropped } = eligibility;
  return (
    <div className="text-sm">
      <Badge tone={TONES[status] ?? "neutral"}>{fr.label[status] ?? status}</Badge>
      <p className="mt-2">{sentence(eligibility)}</p>
      {dropped.length > 0 && (
        <>
          <p className="mt-2 font-semibold">{fr.dropped}</p>
          <ul className="mt-1 grid list-disc gap-1 pl-5 marker:text-orange-ink">
            {dropped.map(({ page, title, reason }) => (
              <li key={page}>{fr.droppedLine(page, title, reason)}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

/** One sentence per status; the reason of the server, when there is one, ends it. */
export function sentence({ status, dropped_pages: dropped, reason }: Announced): string {
  const because = reason == null ? "" : ` ${fr.because(reason)}`;
  if (status === "full") return fr.full;
  if (status === "reduced") return fr.reduced(dropped.length) + because;
  if (status === "epci_scope") return fr.epciScope + because;
  return fr.unavailable + because;
}

/** « 12 pages sur 14 », or « 14 pages » where none is missing. */
export const keptPages = (pages: number, { dropped_pages: dropped }: Announced): string | null =>
  dropped.length === 0 ? null : fr.kept(pages - dropped.length, pages);
