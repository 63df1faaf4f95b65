// Loaded on its own: Leaflet is the heaviest part of the site and no other screen needs it.
import L from "leaflet";
import { useEffect, useRef } from "react";
import { communes as fr } from "../../lib/fr/communes";
import { type ColourClass, colourOf, PLAIN, type Shape } from "./choropleth";
import { useLeaflet } from "./useLeaflet";

export interface EpciMapProps {
  shapes: Shape[];
  /** `null` when the map shows no figure. */
  classes: ColourClass[] | null;
  /** The commune of the page, outlined. */
  here: string;
  /** The commune whose row is under the pointer or has the focus. */
  shown: string | null;
  onOpen: (insee: string) => void;
}

const BORDER = { color: "#ffffff", weight: 1.5, fillOpacity: 1 };
const HATCH = "url(#hachures)";

export default function EpciMap({ shapes, classes, here, shown, onOpen }: EpciMapProps) {
  const { map, container } = useLeaflet();
  const layers = useRef(new Map<string, L.Path>());
  const open = useRef(onOpen);
  useEffect(() => {
    open.current = onOpen;
  });

  useEffect(() => {
    if (!map) return;
    const byCode = layers.current;
    const all = L.geoJSON(shapes, {
      style: (shape) => ({ ...BORDER, fillColor: shape ? fill(shape as Shape, classes, here) : HATCH }),
      onEachFeature: (shape: Shape, layer) => {
        const { code, nom, texte } = shape.properties;
        if (layer instanceof L.Path) byCode.set(code, layer);
        layer.bindTooltip(label(nom, classes ? texte : code), { sticky: true, opacity: 1, className: "etiquette" });
        if (code !== here) layer.on("click", () => open.current(code));
      },
    }).addTo(map);
    const chosen = shapes.filter(({ properties }) => properties.code === here);
    const outline = [
      L.geoJSON(chosen, { interactive: false, style: { color: "#0d1f3c", weight: 6, fill: false } }),
      L.geoJSON(chosen, { interactive: false, style: { color: "#e87722", weight: 2.5, fill: false } }),
    ];
    for (const line of outline) line.addTo(map);
    const bounds = all.getBounds();
    if (bounds.isValid()) map.fitBounds(bounds, { padding: [12, 12], animate: false });
    return () => {
      for (const layer of [all, ...outline]) layer.remove();
      byCode.clear();
    };
  }, [map, shapes, classes, here]);

  useEffect(() => {
    const layer = shown === null ? undefined : layers.current.get(shown);
    if (!layer) return;
    layer.setStyle({ color: "#0d1f3c", weight: 3 }).bringToFront();
    return () => {
      layer.setStyle(BORDER);
    };
  }, [shown]);

  return (
    <>
      <svg width="0" height="0" aria-hidden="true" className="absolute">
        <pattern id="hachures" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <path d="M0 0h6v6H0z" className="fill-white" />
          <path d="M0 0v6" className="stroke-grey" strokeWidth="2" />
        </pattern>
      </svg>
      <div ref={container} role="group" aria-label={fr.mapLabel} className="carte h-full w-full" />
    </>
  );
}

function fill(shape: Shape, classes: ColourClass[] | null, here: string): string {
  if (classes) return colourOf(shape, classes) ?? HATCH;
  return shape.properties.code === here ? PLAIN.here : PLAIN.near;
}

/** Built as text: a name from a data file never becomes markup. */
function label(nom: string, texte: string): HTMLElement {
  const box = document.createElement("span");
  const name = document.createElement("strong");
  name.textContent = nom;
  box.append(name, document.createElement("br"), texte);
  return box;
}
