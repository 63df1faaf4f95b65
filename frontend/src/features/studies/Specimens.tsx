import { useQuery } from "@tanstack/react-query";
import { Skeleton } from "../../components/Skeleton";
import { studyQueries } from "../../lib/api/queries";
import type { Specimen } from "../../lib/api/types";
import { studies as fr } from "../../lib/fr/studies";

/** Drawings of the report, of an invented commune: each says that it is a specimen. */
export function Specimens({ specimens }: { specimens: Specimen[] }) {
  return (
    <>
      <p className="measure mb-4">{fr.specimensWhy}</p>
      <ul role="list" className="grid gap-4 md:grid-cols-2">
        {specimens.map((specimen) => (
          <li key={specimen.url} className="bg-white p-4">
            <Extract specimen={specimen} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Extract({ specimen }: { specimen: Specimen }) {
  const { title, measure, source, width, height, url } = specimen;
  return (
    <figure>
      <figcaption>
        <p className="kicker text-orange-ink">{fr.specimen}</p>
        <h3 className="text-base">{title}</h3>
        <p className="text-sm text-grey">{measure}</p>
      </figcaption>
      <div className="mt-3" style={{ aspectRatio: `${width} / ${height}` }}>
        <Drawing url={url} />
      </div>
      <p className="mt-2 text-sm text-grey">{source}</p>
    </figure>
  );
}

/** Set in the page, and not as an image, so that it is written in the faces of the page and read with its description. */
function Drawing({ url }: { url: string }) {
  const { data, error } = useQuery(studyQueries.specimen(url));
  if (error) return <p className="text-sm">{fr.specimenFailed}</p>;
  if (data === undefined) return <Skeleton className="h-full" />;
  // Made by the chart module of our own server, where every text is escaped.
  return <div className="[&>svg]:h-auto [&>svg]:w-full [&>svg]:overflow-visible [&>svg]:[text-rendering:geometricPrecision]" dangerouslySetInnerHTML={{ __html: data }} />;
}
