import type { Fact } from "../../lib/api/types";
import { vintage } from "../../lib/format";
import { communes as fr } from "../../lib/fr/communes";

/** A figure that is missing may have a source without producer or vintage. */
const cited = ({ producteur, titre, millesime }: NonNullable<Fact["source"]>) =>
  [producteur, titre, vintage(millesime)].filter((part) => part !== "").join(", ");

const UNPUBLISHED = new Set(["secret", "missing", "not_applicable"]);

/** One key figure as the reports set it. The text of the figure is the server's: nothing is computed here. */
export function FactTile({ fact }: { fact: Fact }) {
  const { source, comparison } = fact;
  const unpublished = UNPUBLISHED.has(fact.status);
  const caution = fr.factStatus[fact.status];
  return (
    <li className="flex flex-col border-t-2 border-navy bg-white p-4">
      {/* The label is read first, the figure is seen first. */}
      <h3 className="order-2 mt-1 text-base">{fact.label}</h3>
      <p className="order-1 text-xl tabular-nums">
        {unpublished ? <span className="text-grey">{fr.missing}</span> : fact.text}
        {!unpublished && caution !== undefined && <span aria-hidden="true"> *</span>}
      </p>
      {comparison && (
        <p className="order-3 mt-1 text-sm text-teal-ink">
          {comparison.scope_label} : <span className="font-semibold">{comparison.text}</span>
        </p>
      )}
      {(caution !== undefined || fact.note != null) && (
        <p className={`order-4 mt-2 text-sm ${caution === undefined ? "text-grey" : "text-orange-ink"}`}>
          {!unpublished && caution !== undefined && <span aria-hidden="true">* </span>}
          {fact.note ?? caution}
        </p>
      )}
      <p className="order-5 mt-auto pt-3 text-sm text-grey">
        {source ? cited(source) : fact.period}
        {source?.synthetique && <span className="block text-orange-ink">{fr.synthetic}</span>}
      </p>
    </li>
  );
}
