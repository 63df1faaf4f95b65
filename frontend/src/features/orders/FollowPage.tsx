import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useParams } from "react-router";
import { PageTitle } from "../../components/PageTitle";
import { ProblemPanel } from "../../components/ProblemPanel";
import { Loading, Skeleton } from "../../components/Skeleton";
import { SpecimenBanner } from "../../components/SpecimenBanner";
import { asProblem } from "../../lib/api/problem";
import type { OrderView } from "../../lib/api/types";
import { type FollowToken, readFollowToken } from "../../lib/followToken";
import { follow as fr } from "../../lib/fr/follow";
import { BadLink } from "./BadLink";
import { DownloadPanel } from "./DownloadPanel";
import { History } from "./History";
import { OrderActions } from "./OrderActions";
import { OrderNotices } from "./OrderNotices";
import { OrderRecap } from "./OrderRecap";
import { isSettled, orderQueries } from "./queries";
import { StepList } from "./StepList";
import { useOrderStream } from "./useOrderStream";

const POLL_EVERY = 5_000;

export default function FollowPage() {
  const { token } = useParams();
  const link = useMemo(() => readFollowToken(token), [token]);
  return link ? <Follow key={link.orderId} link={link} /> : <BadLink />;
}

function Follow({ link }: { link: FollowToken }) {
  const query = orderQueries.detail(link);
  // The cached order decides whether there is anything left to watch: read without asking again.
  const known = useQuery({ ...query, enabled: false }).data;
  const mode = useOrderStream(link, known !== undefined && !isSettled(known));
  const { data: order, error, refetch } = useQuery({
    ...query,
    refetchInterval: ({ state }) => (mode === "polling" && !isSettled(state.data) ? POLL_EVERY : false),
  });
  return (
    <div className="wrap pt-8">
      <p className="kicker text-orange-ink">{fr.kicker}</p>
      <PageTitle title={order ? titleOf(order) : fr.loading} />
      {!order && !error && (
        <>
          <Loading />
          <Skeleton className="mt-6 h-[40rem] lg:h-[30rem]" />
        </>
      )}
      {!order && error && (
        <div className="mt-6">
          <ProblemPanel error={error} retry={() => void refetch()}>
            {asProblem(error).status === 404 && <p>{fr.notFoundHelp}</p>}
          </ProblemPanel>
        </div>
      )}
      {order && <Progress order={order} link={link} mode={mode} />}
    </div>
  );
}

interface ProgressProps {
  order: OrderView;
  link: FollowToken;
  mode: ReturnType<typeof useOrderStream>;
}

/** A contested payment closes the report, whatever else the order has become. */
function titleOf({ status, dispute }: OrderView): string {
  if (status === "delivered" && dispute !== null) return fr.suspended;
  return fr.title[status] ?? fr.loading;
}

function textOf({ status, dispute, download, mail, can_renew_link: renewable }: OrderView): string | undefined {
  if (dispute !== null && status !== "refunded") return fr.disputes[dispute];
  if (status !== "delivered") return fr.text[status];
  if (download === null) return renewable ? fr.linkExpired : fr.noLink;
  return mail !== null && fr.lostMail[mail] !== undefined ? fr.deliveredHere : fr.text.delivered;
}

function Progress({ order, link, mode }: ProgressProps) {
  return (
    <>
      <p className="measure mt-3 text-lg">{textOf(order)}</p>
      <div className="mt-6 grid gap-6">
        {order.specimen && <SpecimenBanner />}
        <OrderNotices order={order} />
        {order.download && <DownloadPanel download={order.download} />}
        <OrderActions order={order} link={link} />
        <div className="grid items-start gap-6 lg:grid-cols-[1fr_22rem]">
          <StepList order={order} mode={mode} />
          <OrderRecap order={order} />
        </div>
        <History link={link} position={order.position} />
      </div>
    </>
  );
}
