import { useQuery } from "@tanstack/react-query";
import { Skeleton } from "../../components/Skeleton";
import { studyQueries } from "../../lib/api/queries";
import type { Specimen } from "../../lib/api/types";
import { studies as fr } from "../../lib/fr/studies";

/**
 * A drawing of a report, in its room before it comes. Set in the page, and not as an image, so that it is written in the
 * faces of the page and read with its description.
 */
export function Drawing({ specimen: { url, width, height } }: { specimen: Specimen }) {
  const { data, error } = useQuery(studyQueries.specimen(url));
  return (
    <div className="mt-3" style={{ aspectRatio: `${width} / ${height}` }}>
      {error && <p className="text-sm">{fr.specimenFailed}</p>}
      {!error && data === undefined && <Skeleton className="h-full" />}
      {data !== undefined && (
        // Made by the chart module of our own server, where every text is escaped.
        <div className={SHAPE} dangerouslySetInnerHTML={{ __html: data }} />
      )}
    </div>
  );
}

const SHAPE = "[&>svg]:h-auto [&>svg]:w-full [&>svg]:overflow-visible [&>svg]:[text-rendering:geometricPrecision]";
