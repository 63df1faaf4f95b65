import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { Facts } from "../../components/Facts";
import { PageTitle } from "../../components/PageTitle";
import { ProblemPanel } from "../../components/ProblemPanel";
import { Section } from "../../components/Section";
import { Loading, Skeleton } from "../../components/Skeleton";
import { SpecimenBanner } from "../../components/SpecimenBanner";
import { communeQueries } from "../../lib/api/queries";
import type { CommunePage as Commune } from "../../lib/api/types";
import { communes as fr } from "../../lib/fr/communes";
import { paths } from "../../lib/paths";
import { EpciSection } from "./EpciSection";
import { FactTile } from "./FactTile";
import { OfferList } from "./OfferList";

export default function CommunePage() {
  const { insee = "" } = useParams();
  const { data: commune, error, isPending, refetch } = useQuery(communeQueries.page(insee));
  return (
    <div className="wrap pt-8">
      <p className="kicker text-orange-ink">{fr.kicker}</p>
      <PageTitle key={insee} title={commune ? `${commune.nom} (${commune.code})` : fr.loadingTitle(insee)}>
        {commune && (
          <>
            {commune.nom} <span className="font-normal whitespace-nowrap text-grey">{commune.code}</span>
          </>
        )}
      </PageTitle>
      {isPending && <Waiting />}
      {error && (
        <div className="mt-6">
          <ProblemPanel error={error} retry={() => void refetch()}>
            <Link to={paths.home} className="link">
              {fr.back}
            </Link>
          </ProblemPanel>
        </div>
      )}
      {commune && <Sheet commune={commune} />}
    </div>
  );
}

function Sheet({ commune }: { commune: Commune }) {
  return (
    <div className="mt-4 grid gap-12">
      <div className="grid gap-4">
        {commune.specimen && <SpecimenBanner />}
        <Facts className="bg-white p-5 min-[24rem]:grid-cols-2 md:grid-cols-3 lg:grid-cols-5" items={identity(commune)} />
        <p className="text-sm text-grey">{fr.cog(commune.cog_annee)}</p>
      </div>
      <Section kicker={fr.factsKicker} title={fr.factsTitle}>
        {!commune.loaded && <p className="mb-4 border-l-4 border-orange-ink bg-white p-4">{fr.notLoaded}</p>}
        {commune.facts.length === 0 && commune.loaded && <p className="bg-white p-5">{fr.noFacts}</p>}
        {/* No figure, no list: an empty list would be announced as one. */}
        {commune.loaded && commune.facts.length > 0 && (
          <ul role="list" className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
            {commune.facts.map((fact) => (
              <FactTile key={fact.id} fact={fact} />
            ))}
          </ul>
        )}
      </Section>
      <Section kicker={fr.studiesKicker} title={fr.studiesTitle}>
        <OfferList commune={commune} />
      </Section>
      <EpciSection commune={commune} />
    </div>
  );
}

function identity({ departement, region, epci, population, codes_postaux: postcodes }: Commune): [string, string][] {
  const group = epci ? `${epci.nom} (${fr.epciSize(epci.nb_communes)})` : fr.noEpci;
  return [
    [fr.departement, `${departement.nom} (${departement.code})`],
    [fr.region, region.nom],
    [fr.epci, group],
    [fr.population, population == null ? fr.unknown : fr.inhabitants(population)],
    [fr.postcodes, fr.postcodeList(postcodes)],
  ];
}

/** The same boxes at the same heights as the sheet to come. */
function Waiting() {
  return (
    <div className="mt-4 grid gap-12">
      <Loading />
      <Skeleton className="h-48 md:h-36" />
      <Skeleton className="h-[70rem] sm:h-[36rem] lg:h-96" />
      <Skeleton className="h-80" />
    </div>
  );
}
