import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useParams } from "react-router";
import { ActionAnchor, ActionLink } from "../../components/Action";
import { PageTitle } from "../../components/PageTitle";
import { ProblemPanel } from "../../components/ProblemPanel";
import { Loading, Skeleton } from "../../components/Skeleton";
import { SpecimenBanner } from "../../components/SpecimenBanner";
import { asProblem } from "../../lib/api/problem";
import type { OrderView } from "../../lib/api/types";
import { type FollowToken, readFollowToken } from "../../lib/followToken";
import { follow as fr } from "../../lib/fr/orders";
import { paths } from "../../lib/paths";
import { BadLink } from "./BadLink";
import { DownloadPanel } from "./DownloadPanel";
import { History } from "./History";
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
      <PageTitle title={order ? (fr.title[order.status] ?? fr.loading) : fr.loading} />
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

function Progress({ order, link, mode }: ProgressProps) {
  return (
    <>
      <p className="measure mt-3 text-lg">{order.status === "delivered" && !order.download ? fr.noLink : fr.text[order.status]}</p>
      <div className="mt-6 grid gap-6">
        {order.specimen && <SpecimenBanner />}
        {order.download && <DownloadPanel download={order.download} />}
        {order.status === "pending" && order.payment_url != null && (
          <p>
            <ActionAnchor href={order.payment_url}>{fr.pay}</ActionAnchor>
          </p>
        )}
        {(order.status === "expired" || order.status === "cancelled") && (
          <p>
            <ActionLink to={paths.order(order.study.code, order.commune.code)}>{fr.orderAgain}</ActionLink>
          </p>
        )}
        <div className="grid items-start gap-6 lg:grid-cols-[1fr_22rem]">
          <StepList order={order} mode={mode} />
          <OrderRecap order={order} />
        </div>
        <History link={link} position={order.position} />
      </div>
    </>
  );
}
