import type { Specimen } from "../../lib/api/types";
import { studies as fr } from "../../lib/fr/studies";
import { Drawing } from "./Drawing";

/** Drawings of the report, of an invented commune: each says that it is a specimen. */
export function Specimens({ specimens }: { specimens: Specimen[] }) {
  return (
    <>
      <p className="measure mb-4">{fr.specimensWhy}</p>
      <ul role="list" className="grid gap-4 md:grid-cols-2">
        {specimens.map((specimen) => (
          <li key={specimen.url} className="bg-white p-4">
            <figure>
              <figcaption>
                <p className="kicker text-orange-ink">{fr.specimen}</p>
                <h3 className="text-base">{specimen.title}</h3>
                <p className="text-sm text-grey">{specimen.measure}</p>
              </figcaption>
              <Drawing specimen={specimen} />
              <p className="mt-2 text-sm text-grey">{specimen.source}</p>
            </figure>
          </li>
        ))}
      </ul>
    </>
  );
}
