import type { Price as PriceValue } from "../lib/api/types";
import { money } from "../lib/format";
import { common } from "../lib/fr/common";

/** HT and TTC on one line: no amount is ever shown without saying which it is. */
export function Price({ price }: { price: PriceValue }) {
  return (
    <p className="leading-tight">
      <span className="text-xl font-semibold whitespace-nowrap tabular-nums">{money(price.ht_cents)}</span>{" "}
      <span className="text-sm font-semibold">{common.ht}</span>
      <span className="block text-sm font-normal text-grey">
        {money(price.ttc_cents)} {common.ttc}
      </span>
    </p>
  );
}
