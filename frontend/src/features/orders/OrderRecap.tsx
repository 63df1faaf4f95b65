import { EligibilityNote } from "../../components/EligibilityNote";
import { Facts } from "../../components/Facts";
import type { OrderView } from "../../lib/api/types";
import { dateTime, money } from "../../lib/format";
import { common } from "../../lib/fr/common";
import { eligibility } from "../../lib/fr/eligibility";
import { follow as fr } from "../../lib/fr/follow";

export function OrderRecap({ order }: { order: OrderView }) {
  return (
    <section aria-labelledby="commande" className="border-t-2 border-navy bg-white p-5 md:p-6">
      <h2 id="commande" className="mb-4 text-lg">
        {fr.recap}
      </h2>
      <Facts
        items={[
          [fr.study, `${order.study.title} (${order.study.code})`],
          [fr.commune, `${order.commune.nom} (${order.commune.code})`],
          [fr.price, `${money(order.price.ttc_cents)} ${common.ttc}`],
          [fr.placed, <time key="placed" dateTime={order.placed_at}>{dateTime(order.placed_at)}</time>],
          [fr.email, order.email_masked],
          ...(order.mail === null ? [] : [[fr.mail, fr.mails[order.mail] ?? order.mail] as [string, string]]),
          [fr.number, <code key="number" className="font-mono text-sm font-normal break-all">{order.order_id}</code>],
        ]}
      />
      {order.announced && (
        <div className="mt-4 border-t border-rule pt-4">
          <h3 className="mb-2 text-sm font-normal text-grey">{eligibility.announced}</h3>
          <EligibilityNote eligibility={order.announced} />
        </div>
      )}
    </section>
  );
}
