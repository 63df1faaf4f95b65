import { lazy, Suspense, useMemo, useState } from "react";
import { Link, useNavigate } from "react-router";
import { Badge } from "../../components/Badge";
import { Section } from "../../components/Section";
import { Skeleton } from "../../components/Skeleton";
import type { CommunePage } from "../../lib/api/types";
import { communes as fr } from "../../lib/fr/communes";
import { paths } from "../../lib/paths";
import { classify, colourOf, ranked, type Shape, shapesOf } from "./choropleth";
import { MapBoundary } from "./MapBoundary";
import { MapLegend } from "./MapLegend";

const EpciMap = lazy(() => import("./EpciMap"));

/** The commune among its neighbours: a map, and the same values as a table. */
export function EpciSection({ commune }: { commune: CommunePage }) {
  const title = commune.epci ? fr.mapTitle(commune.epci.nom) : fr.mapAlone;
  const { map } = commune;
  return (
    <Section kicker={fr.mapKicker} title={title}>
      {map && shapesOf(map).length > 0 ? <MapAndTable commune={commune} map={map} /> : <p className="bg-white p-5">{fr.mapNone}</p>}
    </Section>
  );
}

function MapAndTable({ commune, map }: { commune: CommunePage; map: NonNullable<CommunePage["map"]> }) {
  const navigate = useNavigate();
  const [shown, setShown] = useState<string | null>(null);
  const shapes = useMemo(() => shapesOf(map), [map]);
  const classes = useMemo(() => (map.indicator ? classify(shapes) : null), [map, shapes]);
  const hatched = classes ? shapes.filter((shape) => colourOf(shape, classes) === null).length : 0;
  return (
    <figure className="bg-white p-4 md:p-6">
      <div className="grid gap-6 lg:grid-cols-[1fr_22rem]">
        <div className="relative h-80 min-w-0 md:h-120">
          <MapBoundary>
            <Suspense fallback={<Skeleton className="h-full" />}>
              <EpciMap
                shapes={shapes}
                classes={classes}
                here={commune.code}
                shown={shown}
                onOpen={(insee) => void navigate(paths.commune(insee))}
              />
            </Suspense>
          </MapBoundary>
        </div>
        <div className="flex min-w-0 flex-col gap-4 lg:h-120">
          {classes && <MapLegend map={map} classes={classes} hatched={hatched} />}
          <ValueTable shapes={shapes} commune={commune} valued={classes !== null} onShow={setShown} />
        </div>
      </div>
      <figcaption className="mt-4 flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-rule pt-3 text-sm text-grey">
        <Badge tone="neutral">{map.label}</Badge>
        <span>
          {fr.source} {map.source}
        </span>
      </figcaption>
    </figure>
  );
}

interface TableProps {
  shapes: Shape[];
  commune: CommunePage;
  valued: boolean;
  onShow: (insee: string | null) => void;
}

function ValueTable({ shapes, commune, valued, onShow }: TableProps) {
  const rows = useMemo(() => ranked(shapes), [shapes]);
  return (
    <details open className="max-h-96 min-h-0 overflow-y-auto lg:max-h-none lg:flex-1">
      <summary className="min-h-11 cursor-pointer py-2 text-sm font-semibold">{valued ? fr.tableTitle(rows.length) : fr.listTitle(rows.length)}</summary>
      <table className="w-full text-left text-sm">
        <thead>
          <tr className="border-b-2 border-navy">
            <th scope="col" className="py-1 pr-2">
              {fr.tableCommune}
            </th>
            {valued && (
              <th scope="col" className="py-1 text-right">
                {fr.tableValue}
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ properties: { code, nom, texte } }) => (
            <tr key={code} className={`border-b border-rule ${code === commune.code ? "bg-mist font-semibold" : ""}`}>
              <th scope="row" className="pr-2 font-[inherit]">
                {code === commune.code ? (
                  <span className="inline-flex min-h-8 items-center gap-2 border-l-4 border-orange pl-2">
                    {nom} <span className="sr-only">({fr.here})</span>
                  </span>
                ) : (
                  <Link
                    to={paths.commune(code)}
                    className="link inline-flex min-h-8 items-center"
                    onFocus={() => onShow(code)}
                    onBlur={() => onShow(null)}
                    onMouseEnter={() => onShow(code)}
                    onMouseLeave={() => onShow(null)}
                  >
                    {nom}
                  </Link>
                )}
              </th>
              {valued && <td className="text-right tabular-nums">{texte}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
