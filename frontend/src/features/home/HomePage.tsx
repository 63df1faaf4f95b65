import type { ReactNode } from "react";
import { Link } from "react-router";
import mosaic from "../../assets/mosaic.svg";
import { PageTitle } from "../../components/PageTitle";
import { Section } from "../../components/Section";
import { common } from "../../lib/fr/common";
import { home as fr } from "../../lib/fr/home";
import { paths } from "../../lib/paths";

interface Props {
  search: ReactNode;
  studies: ReactNode;
}

export function HomePage({ search, studies }: Props) {
  return (
    <>
      <div className="on-navy relative bg-navy text-white">
        {/* A drawing, not a map: it shows no place and no figure. */}
        <img src={mosaic} alt="" width={480} height={480} className="absolute top-1/2 right-8 hidden -translate-y-1/2 lg:block xl:right-24" />
        <div className="wrap relative pt-10 pb-14 md:pt-16 md:pb-24">
          <div className="lg:w-3/5">
            <p className="kicker text-gold">{fr.kicker}</p>
            <PageTitle title={common.siteTitle} className="mt-3 text-xl md:text-2xl">
              {fr.title}
            </PageTitle>
            <p className="measure mt-4 mb-8 text-base text-pale md:text-lg">{fr.lede}</p>
            {search}
          </div>
        </div>
      </div>
      <div className="wrap grid gap-14 pt-12">
        <Section kicker={fr.studiesKicker} title={fr.studiesTitle}>
          {studies}
          <p className="mt-4">
            <Link to={paths.studies} className="link inline-flex min-h-11 items-center">
              {fr.studiesMore}
            </Link>
          </p>
        </Section>
        <Section kicker={fr.traceKicker} title={fr.traceTitle}>
          <p className="measure">{fr.traceLede}</p>
          <ol role="list" className="mt-6 grid gap-px bg-rule sm:grid-cols-2 lg:grid-cols-4">
            {fr.trace.map(({ title, text }, index) => (
              <li key={title} className="border-t-2 border-navy bg-white p-5">
                <span aria-hidden="true" className="text-xl text-teal-ink tabular-nums">
                  {index + 1}
                </span>
                <h3 className="mt-2 text-base">{title}</h3>
                <p className="mt-1 text-sm">{text}</p>
              </li>
            ))}
          </ol>
        </Section>
        <section aria-labelledby="avant" className="on-navy bg-navy p-6 text-white md:p-8">
          <p className="kicker text-gold">{fr.candorKicker}</p>
          <h2 id="avant" className="text-lg md:text-xl">
            {fr.candorTitle}
          </h2>
          <ul role="list" className="mt-6 grid gap-6 md:grid-cols-3 md:gap-8">
            {fr.candor.map(({ title, text }) => (
              <li key={title}>
                <h3 className="text-base">{title}</h3>
                <p className="mt-1 text-pale">{text}</p>
              </li>
            ))}
          </ul>
        </section>
      </div>
    </>
  );
}
