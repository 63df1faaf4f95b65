import { ActionLink } from "../../components/Action";
import { EligibilityNote, keptPages } from "../../components/EligibilityNote";
import { Price } from "../../components/Price";
import type { CommunePage, Offer } from "../../lib/api/types";
import { common } from "../../lib/fr/common";
import { communes as fr } from "../../lib/fr/communes";
import { paths } from "../../lib/paths";

/** Every study with what it would hold here. Only the first that can be ordered is the orange call of the page. */
export function OfferList({ commune }: { commune: CommunePage }) {
  const { studies } = commune;
  if (studies.length === 0) return <p className="bg-white p-5">{fr.noStudies}</p>;
  const main = studies.find(orderable)?.code;
  return (
    <ul role="list" className="grid gap-4">
      {studies.map((offer) => (
        <li key={offer.code} className="grid gap-x-8 gap-y-4 bg-white p-5 md:grid-cols-[1fr_18rem_12rem]">
          <div>
            <p className="kicker text-teal-ink">{offer.code}</p>
            <h3 className="text-lg">{offer.title}</h3>
            <p className="measure mt-1">{offer.promise}</p>
          </div>
          <EligibilityNote eligibility={offer.eligibility} />
          <div className="flex flex-col gap-3">
            <div>
              <Price price={offer.price} />
              <p className="text-sm text-grey">{keptPages(offer.pages, offer.eligibility) ?? common.pages(offer.pages)}</p>
            </div>
            {orderable(offer) && (
              <ActionLink
                to={paths.order(offer.code, commune.code)}
                weight={offer.code === main ? "primary" : "secondary"}
                label={fr.orderLabel(offer.title, commune.nom)}
              >
                {fr.order}
              </ActionLink>
            )}
            <ActionLink to={paths.study(offer.code)} weight="secondary" label={fr.detailsLabel(offer.title)}>
              {fr.details}
            </ActionLink>
          </div>
        </li>
      ))}
    </ul>
  );
}

const orderable = (offer: Offer) => offer.eligibility.status !== "unavailable";
