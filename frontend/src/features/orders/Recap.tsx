import { useFormContext, useWatch } from "react-hook-form";
import { Link } from "react-router";
import { ActionButton } from "../../components/Action";
import { EligibilityNote, keptPages } from "../../components/EligibilityNote";
import { Facts } from "../../components/Facts";
import type { CommunePage, Offer } from "../../lib/api/types";
import { money } from "../../lib/format";
import { common } from "../../lib/fr/common";
import { orderForm as fr } from "../../lib/fr/orders";
import { paths } from "../../lib/paths";
import { Block } from "./Field";
import type { OrderFields } from "./schema";

interface Props {
  commune: CommunePage;
  offer: Offer;
  sending: boolean;
}

/** What is bought, for how much, and the one button that binds. */
export function Recap({ commune, offer, sending }: Props) {
  return (
    <div className="self-start lg:sticky lg:top-4">
      <Block id="recapitulatif" title={fr.recapTitle}>
        <Facts
          items={[
            [fr.study, `${offer.title} (${offer.code})`],
            [fr.commune, `${commune.nom} (${commune.code})`],
            [fr.length, keptPages(offer.pages, offer.eligibility) ?? common.pages(offer.pages)],
            [fr.delivery, fr.deliveryText],
          ]}
        />
        <div className="mt-4 border-t border-rule pt-4">
          <EligibilityNote eligibility={offer.eligibility} />
        </div>
        <Amounts price={offer.price} />
        <ActionButton type="submit" disabled={sending} className="mt-6 w-full text-balance">
          {sending ? fr.sending : fr.submit}
        </ActionButton>
        <p className="mt-3 text-sm text-grey">{fr.next}</p>
        <p className="mt-2 text-sm text-grey">
          {fr.termsBefore}
          <Link to={paths.terms} target="_blank" className="link">
            {fr.terms}
          </Link>
          .
        </p>
      </Block>
    </div>
  );
}

/** A consumer reads one price, tax included; an organisation reads how it is made. */
function Amounts({ price }: { price: Offer["price"] }) {
  const { control } = useFormContext<OrderFields>();
  const consumer = useWatch({ control, name: "recipient" }) === "particulier";
  const lines: [string, number][] = consumer ? [] : [[common.ht, price.ht_cents], [common.vat(percent(price.vat_rate)), price.vat_cents]];
  return (
    <dl className="mt-4 border-t border-rule pt-4 tabular-nums">
      {lines.map(([label, cents]) => (
        <div key={label} className="flex justify-between">
          <dt>{label}</dt>
          <dd>{money(cents)}</dd>
        </div>
      ))}
      <div className="mt-1 flex items-baseline justify-between font-semibold">
        <dt>{fr.total}</dt>
        <dd className="text-lg">
          {money(price.ttc_cents)} {common.ttc}
        </dd>
      </div>
    </dl>
  );
}

/** « 20.0 » is written « 20 » in French, « 5.5 » is written « 5,5 ». */
const percent = (rate: string) => rate.replace(/\.0+$/, "").replace(".", ",");
