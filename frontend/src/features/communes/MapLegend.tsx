import type { MapView } from "../../lib/api/types";
import { count, decimal, unitSign, vintage as written } from "../../lib/format";
import { communes as fr } from "../../lib/fr/communes";
import type { ColourClass } from "./choropleth";

interface Props {
  map: MapView;
  classes: ColourClass[];
  hatched: number;
}

const Swatch = ({ fill }: { fill: string }) => (
  <svg viewBox="0 0 24 16" aria-hidden="true" className="h-4 w-6 shrink-0">
    <rect width="23" height="15" x=".5" y=".5" fill={fill} stroke="#5b6577" />
  </svg>
);

/** Bounds are values that some commune has, so that a class never looks empty. */
export function MapLegend({ map, classes, hatched }: Props) {
  if (!map.indicator) return null;
  const { label, vintage } = map.indicator;
  const unit = unitSign(map.indicator.unit);
  return (
    <div className="text-sm">
      <h3 className="font-semibold">{fr.legend}</h3>
      <p className="text-grey">
        {label}, {written(vintage)}
      </p>
      <ul role="list" className="mt-2 grid gap-1">
        {classes.map(({ from, to, colour, size }) => (
          <li key={colour} className="flex items-center gap-2 tabular-nums">
            <Swatch fill={colour} />
            <span>
              {from === to ? fr.legendValue(decimal(from), unit) : fr.legendRange(decimal(from), decimal(to), unit)}
            </span>
            <span className="ml-auto text-grey">{count(size, "commune")}</span>
          </li>
        ))}
        {hatched > 0 && (
          <li className="flex items-center gap-2">
            <Swatch fill="url(#hachures)" />
            <span>{fr.legendHatch}</span>
            <span className="ml-auto text-grey tabular-nums">{count(hatched, "commune")}</span>
          </li>
        )}
        <li className="flex items-center gap-2">
          <svg viewBox="0 0 24 16" aria-hidden="true" className="h-4 w-6 shrink-0">
            <rect width="19" height="11" x="2.5" y="2.5" fill="#ffffff" stroke="#0d1f3c" strokeWidth="5" />
            <rect width="19" height="11" x="2.5" y="2.5" fill="none" stroke="#e87722" strokeWidth="2" />
          </svg>
          <span>{fr.legendHere}</span>
        </li>
      </ul>
    </div>
  );
}
