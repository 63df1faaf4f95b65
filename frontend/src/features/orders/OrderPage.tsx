import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { EligibilityNote } from "../../components/EligibilityNote";
import { PageTitle } from "../../components/PageTitle";
import { ProblemPanel } from "../../components/ProblemPanel";
import { Loading, Skeleton } from "../../components/Skeleton";
import { SpecimenBanner } from "../../components/SpecimenBanner";
import { communeQueries } from "../../lib/api/queries";
import type { CommunePage } from "../../lib/api/types";
import { orderForm as fr } from "../../lib/fr/orders";
import { paths } from "../../lib/paths";
import { OrderForm } from "./OrderForm";

export default function OrderPage() {
  const { code = "", insee = "" } = useParams();
  const { data: commune, error, isPending, refetch } = useQuery(communeQueries.page(insee));
  const offer = commune?.studies.find((study) => study.code === code);
  return (
    <div className="wrap pt-8">
      <p className="kicker text-orange-ink">{fr.kicker}</p>
      <PageTitle title={commune && offer ? fr.title(offer.title, commune.nom) : fr.loading} className="text-xl" />
      {isPending && (
        <>
          <Loading />
          <Skeleton className="mt-6 h-[56rem] lg:h-[44rem]" />
        </>
      )}
      {error && (
        <div className="mt-6">
          <ProblemPanel error={error} retry={() => void refetch()} />
        </div>
      )}
      {commune && <Order commune={commune} code={code} />}
    </div>
  );
}

function Order({ commune, code }: { commune: CommunePage; code: string }) {
  const offer = commune.studies.find((study) => study.code === code);
  if (offer && offer.eligibility.status !== "unavailable") {
    return (
      <div className="mt-4 grid gap-4">
        {commune.specimen && <SpecimenBanner />}
        <OrderForm commune={commune} offer={offer} />
      </div>
    );
  }
  return (
    <div className="mt-6 border-l-4 border-orange-ink bg-white p-5">
      <h2 className="mb-3 text-lg">{offer ? fr.unavailable : fr.unknownStudy}</h2>
      {offer ? <EligibilityNote eligibility={offer.eligibility} /> : <p>{fr.unknownStudyText(code)}</p>}
      <p className="mt-4">
        <Link to={paths.commune(commune.code)} className="link inline-flex min-h-11 items-center">
          {fr.backToCommune}
        </Link>
      </p>
    </div>
  );
}
