import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link, useParams } from "react-router";
import { Facts } from "../../components/Facts";
import { PageTitle } from "../../components/PageTitle";
import { Price } from "../../components/Price";
import { ProblemPanel } from "../../components/ProblemPanel";
import { Section } from "../../components/Section";
import { Loading, Skeleton } from "../../components/Skeleton";
import { studyQueries } from "../../lib/api/queries";
import type { StudyDetail } from "../../lib/api/types";
import { common } from "../../lib/fr/common";
import { studies as fr } from "../../lib/fr/studies";
import { paths } from "../../lib/paths";
import { Specimens } from "./Specimens";
import { Contents, Sources } from "./StudyParts";

/** Product page. `search` is the commune search that leads to the order of this study. */
export default function StudyPage({ search }: { search: (code: string) => ReactNode }) {
  const { code = "" } = useParams();
  const { data: study, error, isPending, refetch } = useQuery(studyQueries.detail(code));
  return (
    <div className="wrap pt-8">
      <p className="text-sm">
        <Link to={paths.studies} className="link inline-flex min-h-6 items-center">
          {fr.back}
        </Link>
      </p>
      <p className="kicker mt-4 text-orange-ink">
        {fr.kicker} {code}
      </p>
      <PageTitle title={study?.title ?? `${fr.kicker} ${code}`} />
      {isPending && (
        <>
          <Loading />
          <Skeleton className="mt-4 h-16 max-w-xl" />
          <Skeleton className="mt-8 h-96" />
        </>
      )}
      {error && (
        <div className="mt-6">
          <ProblemPanel error={error} retry={() => void refetch()} />
        </div>
      )}
      {study && <Product study={study} search={search(study.code)} />}
    </div>
  );
}

function Product({ study, search }: { study: StudyDetail; search: ReactNode }) {
  return (
    <>
      <p className="measure mt-4 text-lg">{study.promise}</p>
      <div className="mt-8 grid gap-12 lg:grid-cols-[1fr_22rem] lg:gap-x-10">
        <aside className="on-navy self-start bg-navy p-6 text-white lg:sticky lg:top-4 lg:col-start-2 lg:row-start-1">
          <h2 className="text-lg">{fr.orderTitle}</h2>
          <p className="mt-2 mb-4 text-sm text-pale">{fr.orderLede}</p>
          {search}
        </aside>
        <div className="grid min-w-0 gap-12 lg:row-start-1">
          <div className="bg-white p-6">
            <Facts
              className="sm:grid-cols-2"
              items={[
                [fr.price, <Price key="price" price={study.price} />],
                [fr.delay, <Delay key="delay" study={study} />],
                [fr.format, `${common.pages(study.pages)}, ${fr.formatText}`],
                [fr.audience, study.audience],
              ]}
            />
          </div>
          <Section kicker={fr.questionsKicker} title={fr.questions}>
            <ul className="measure grid list-disc gap-2 pl-5 marker:text-teal">
              {study.questions.map((question) => (
                <li key={question}>{question}</li>
              ))}
            </ul>
          </Section>
          {study.specimens.length > 0 && (
            <Section kicker={fr.specimensKicker} title={fr.specimens}>
              <Specimens specimens={study.specimens} />
            </Section>
          )}
          <Section kicker={fr.contentsKicker} title={fr.contents}>
            <Contents lines={study.contents} />
          </Section>
          <Section kicker={fr.sourcesKicker} title={fr.sources}>
            <Sources sources={study.sources} />
          </Section>
          <Section kicker={fr.limitsKicker} title={fr.limits}>
            <ul className="measure grid list-disc gap-2 pl-5 marker:text-teal">
              {study.limits.map((limit) => (
                <li key={limit}>{limit}</li>
              ))}
            </ul>
          </Section>
        </div>
      </div>
    </>
  );
}

function Delay({ study }: { study: StudyDetail }) {
  if (study.median_seconds == null) return fr.delayNone;
  return (
    <>
      {fr.delayMedian(study.median_seconds)}
      <span className="block text-sm font-normal text-grey">
        {study.p90_seconds != null && `${fr.delayP90(study.p90_seconds)}, `}
        {fr.delivered(study.delivered)}
      </span>
    </>
  );
}
