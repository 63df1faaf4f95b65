import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useSearchParams } from "react-router";
import { ActionAnchor, ActionLink } from "../../components/Action";
import { PageTitle } from "../../components/PageTitle";
import { ProblemPanel } from "../../components/ProblemPanel";
import { Loading, Skeleton } from "../../components/Skeleton";
import { asProblem } from "../../lib/api/problem";
import type { OrderView } from "../../lib/api/types";
import { type FollowToken, readFollowToken } from "../../lib/followToken";
import { paymentReturn as fr } from "../../lib/fr/payment";
import { paths } from "../../lib/paths";
import { BadLink } from "./BadLink";
import { orderQueries } from "./queries";

/** The bank's redirect proves nothing: only our own record of the order says whether it is paid. */
export default function PaymentReturnPage() {
  const [search] = useSearchParams();
  const token = search.get("suivi");
  const link = useMemo(() => readFollowToken(token), [token]);
  if (!link) return <BadLink />;
  return <Return link={link} left={search.get("abandon") === "1"} />;
}

function Return({ link, left }: { link: FollowToken; left: boolean }) {
  const { data: order, error, refetch } = useQuery({
    ...orderQueries.detail(link, !left),
    refetchInterval: ({ state }) => (waits(state.data, state.error) ? 2_000 : false),
  });
  const outcome = order && outcomeOf(order, left);
  return (
    <div className="wrap pt-10">
      <p className="kicker text-orange-ink">{fr.kicker}</p>
      <PageTitle title={outcome?.title ?? fr.checking} />
      {!order && !error && (
        <>
          <Loading />
          <Skeleton className="mt-6 h-40" />
        </>
      )}
      {!order && error && (
        <div className="mt-6">
          <ProblemPanel error={error} retry={() => void refetch()} />
        </div>
      )}
      <div role="status">{outcome && <p className="measure mt-4 text-lg">{outcome.text}</p>}</div>
      {order && outcome && (
        <p className="mt-6 flex flex-wrap gap-4">
          {outcome.resume && order.payment_url != null && <ActionAnchor href={order.payment_url}>{fr.resume}</ActionAnchor>}
          <ActionLink to={paths.follow(link.token)} weight={outcome.resume ? "secondary" : "primary"}>
            {outcome.follow}
          </ActionLink>
        </p>
      )}
    </div>
  );
}

/** A refusal (unknown order) will not change; a silence may. */
function waits(order: OrderView | undefined, error: Error | null): boolean {
  if (order) return order.status === "pending";
  return error === null || asProblem(error).passing;
}

interface Outcome {
  title: string;
  text: string;
  follow: string;
  /** The customer may still pay. */
  resume: boolean;
}

function outcomeOf({ status }: OrderView, left: boolean): Outcome {
  const end = { follow: fr.openFollow, resume: false };
  switch (status) {
    case "pending":
      return left
        ? { title: fr.abandoned, text: fr.abandonedText, follow: fr.openFollow, resume: true }
        : { title: fr.waiting, text: fr.waitingText, ...end };
    case "paid":
    case "delivered":
      return { title: fr.confirmed, text: fr.confirmedText, follow: fr.follow, resume: false };
    case "awaiting":
      return { title: fr.awaiting, text: fr.awaitingText, ...end };
    case "expired":
      return { title: fr.expired, text: fr.expiredText, ...end };
    case "held":
      return { title: fr.held, text: fr.heldText, ...end };
    default:
      return { title: fr.closed, text: fr.closedText, ...end };
  }
}
