import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { ActionAnchor, ActionButton, ActionLink } from "../../components/Action";
import { ProblemPanel } from "../../components/ProblemPanel";
import type { OrderView } from "../../lib/api/types";
import type { FollowToken } from "../../lib/followToken";
import { follow as fr } from "../../lib/fr/follow";
import { leaveTo } from "../../lib/leave";
import { paths } from "../../lib/paths";
import { cancelOrder, newer, orderAfter, orderQueries, payOrder, renewLink } from "./queries";

interface Props {
  order: OrderView;
  link: FollowToken;
}

/** What the customer may do now; the server says what is allowed. */
export function OrderActions({ order, link }: Props) {
  const client = useQueryClient();
  const keep = (fresh: OrderView) =>
    client.setQueryData(orderQueries.detail(link).queryKey, (known) => newer(known, fresh));
  const show = async (fresh: OrderView) => {
    keep(fresh);
    if (fresh.position > order.position) return;
    // It is done, but the answer does not show it yet. Nobody may be watching a settled order: ask once more.
    await orderAfter(link, order.position).then(keep, () => undefined);
  };
  const pay = useMutation({ mutationFn: () => payOrder(link), onSuccess: ({ payment_url: url }) => leaveTo(url) });
  const renew = useMutation({ mutationFn: () => renewLink(link), onSuccess: show });
  const cancel = useMutation({ mutationFn: () => cancelOrder(link), onSuccess: show });
  const error = pay.error ?? renew.error ?? cancel.error;
  const ended = order.status === "cancelled" || order.status === "refunded";
  if (!order.payment_url && !order.can_pay_again && !order.can_cancel && !order.can_renew_link && !ended) return null;
  return (
    <div className="grid gap-4">
      {error && <ProblemPanel error={error} />}
      <div className="flex flex-wrap items-start gap-4">
        {order.payment_url !== null && <ActionAnchor href={order.payment_url}>{fr.pay}</ActionAnchor>}
        {order.can_pay_again && (
          <ActionButton disabled={pay.isPending || pay.isSuccess} onClick={() => pay.mutate()}>
            {pay.isPending || pay.isSuccess ? fr.working : fr.payAgain}
          </ActionButton>
        )}
        {order.can_renew_link && (
          <ActionButton disabled={renew.isPending} onClick={() => renew.mutate()}>
            {renew.isPending ? fr.working : fr.renewLink}
          </ActionButton>
        )}
        {ended && <ActionLink to={paths.order(order.study.code, order.commune.code)}>{fr.orderAgain}</ActionLink>}
        {order.can_cancel && <Cancel busy={cancel.isPending} confirm={() => cancel.mutate()} />}
      </div>
    </div>
  );
}

/** Asks before doing what cannot be undone; the question takes the focus, and keeping the order gives it back. */
function Cancel({ busy, confirm }: { busy: boolean; confirm: () => void }) {
  const [asking, setAsking] = useState(false);
  const [kept, setKept] = useState(false);
  const question = useRef<HTMLHeadingElement>(null);
  const button = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (asking) question.current?.focus();
    else if (kept) button.current?.querySelector("button")?.focus();
  }, [asking, kept]);
  if (!asking) {
    return (
      <div ref={button}>
        <ActionButton weight="secondary" onClick={() => setAsking(true)}>
          {fr.cancel}
        </ActionButton>
      </div>
    );
  }
  const keep = () => {
    setKept(true);
    setAsking(false);
  };
  return (
    <section aria-labelledby="annulation" className="w-full border-t-2 border-navy bg-white p-5">
      <h2 id="annulation" ref={question} tabIndex={-1} className="text-lg">
        {fr.cancelQuestion}
      </h2>
      <p className="measure mt-2">{fr.cancelWarning}</p>
      <div className="mt-4 flex flex-wrap gap-4">
        <ActionButton weight="secondary" disabled={busy} onClick={confirm}>
          {busy ? fr.working : fr.cancelConfirm}
        </ActionButton>
        <ActionButton weight="secondary" disabled={busy} onClick={keep}>
          {fr.cancelKeep}
        </ActionButton>
      </div>
    </section>
  );
}
