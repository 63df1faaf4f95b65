import { useQuery } from "@tanstack/react-query";
import { ActionLink } from "../../components/Action";
import { Price } from "../../components/Price";
import { ProblemPanel } from "../../components/ProblemPanel";
import { Loading, Skeleton } from "../../components/Skeleton";
import { studyQueries } from "../../lib/api/queries";
import type { Specimen, StudyCard } from "../../lib/api/types";
import { common } from "../../lib/fr/common";
import { studies as fr } from "../../lib/fr/studies";
import { paths } from "../../lib/paths";
import { Drawing } from "./Drawing";

/** The catalogue. `level` is the heading level of a card where the list is shown. */
export function StudyCards({ level }: { level: 2 | 3 }) {
  const { data, error, isPending, refetch } = useQuery(studyQueries.list());
  if (isPending) {
    return (
      <>
        <Loading />
        <Skeleton className="h-[84rem] md:h-[76rem] lg:h-[40rem]" />
      </>
    );
  }
  if (error) return <ProblemPanel error={error} retry={() => void refetch()} />;
  if (data.studies.length === 0) return <p className="bg-white p-5">{fr.none}</p>;
  return (
    <ul role="list" className="grid gap-6">
      {data.studies.map((study) => (
        <li key={study.code}>
          <Card study={study} level={level} />
        </li>
      ))}
    </ul>
  );
}

function Card({ study, level }: { study: StudyCard; level: 2 | 3 }) {
  const Heading = level === 2 ? "h2" : "h3";
  return (
    <article className="grid bg-white md:grid-cols-[1fr_16rem] lg:grid-cols-[1fr_23rem_16rem]">
      <div className="p-6 md:max-lg:col-span-2">
        <p className="kicker text-teal-ink">{study.code}</p>
        <Heading className="mt-1 text-lg">{study.title}</Heading>
        <p className="measure mt-2">{study.promise}</p>
        <ul className="mt-4 grid list-disc gap-1 pl-5 text-sm marker:text-teal">
          {study.questions.slice(0, 3).map((question) => (
            <li key={question}>{question}</li>
          ))}
        </ul>
      </div>
      <div className="border-rule px-6 pb-6 max-lg:border-t lg:border-l lg:pb-4">{study.specimen && <Extract specimen={study.specimen} />}</div>
      <div className="flex flex-col justify-between gap-4 border-t border-rule p-6 md:border-l lg:border-t-0">
        <div>
          <Price price={study.price} />
          <p className="mt-3 text-sm text-grey">{common.pages(study.pages)}</p>
          <p className="text-sm text-grey">
            {fr.delayLine(study.median_seconds)}
          </p>
        </div>
        <ActionLink to={paths.study(study.code)} weight="secondary" label={fr.discoverLabel(study.title)}>
          {fr.discover}
        </ActionLink>
      </div>
    </article>
  );
}

function Extract({ specimen }: { specimen: Specimen }) {
  return (
    <figure className="max-w-md pt-4">
      <figcaption className="text-sm">
        <span className="font-semibold text-orange-ink">{fr.specimen}</span> {specimen.title}
      </figcaption>
      <Drawing specimen={specimen} />
    </figure>
  );
}
