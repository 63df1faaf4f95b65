import type { OrderView } from "../../lib/api/types";
import { money } from "../../lib/format";
import { follow as fr } from "../../lib/fr/follow";

/** What the customer should know beside the state of the order: money back in part, a mail that was lost. */
export function OrderNotices({ order }: { order: OrderView }) {
  const notices: string[] = [];
  if (order.refunded_cents > 0) notices.push(fr.refundedPart(money(order.refunded_cents)));
  const lost = order.download === null || order.mail === null ? undefined : fr.lostMail[order.mail];
  if (lost !== undefined) notices.push(lost);
  if (notices.length === 0) return null;
  return (
    <div className="border-l-4 border-orange-ink bg-white p-5">
      {notices.map((notice) => (
        <p key={notice} className="measure">
          {notice}
        </p>
      ))}
    </div>
  );
}
