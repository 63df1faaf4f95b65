// Classes of a choropleth: at most five, of nearly equal size, bounded by values that were observed.
import type { Feature, FeatureCollection, Geometry } from "geojson";
import type { MapView } from "../../lib/api/types";

export interface ShapeProperties {
  code: string;
  nom: string;
  valeur: number | null;
  texte: string;
  statut: string;
}
export type Shape = Feature<Geometry, ShapeProperties>;

export interface ColourClass {
  from: number;
  to: number;
  colour: string;
  size: number;
}

/** Sequential teal; fewer classes keep the two ends so that low and high stay apart. */
const RAMPS: Record<number, string[]> = {
  1: ["#8cbcbb"],
  2: ["#c3dcdb", "#4f9897"],
  3: ["#c3dcdb", "#8cbcbb", "#1f6464"],
  4: ["#eaf1f1", "#c3dcdb", "#8cbcbb", "#1f6464"],
  5: ["#eaf1f1", "#c3dcdb", "#8cbcbb", "#4f9897", "#1f6464"],
};

/** OpenAPI leaves geometries as free JSON: this is the one place that says what they are. */
export const shapesOf = (map: MapView): Shape[] =>
  (map.features as unknown as FeatureCollection<Geometry, ShapeProperties>).features;

const published = ({ properties: { valeur, statut } }: Shape) =>
  valeur !== null && statut !== "secret" && statut !== "missing" && statut !== "not_applicable";

export function classify(shapes: Shape[]): ColourClass[] {
  const values = shapes.filter(published).map((shape) => Number(shape.properties.valeur)).sort((a, b) => a - b);
  if (values.length === 0) return [];
  const wanted = Math.min(5, new Set(values).size);
  const groups: number[][] = [];
  for (const value of values) {
    const last = groups.at(-1);
    const done = groups.reduce((sum, group) => sum + group.length, 0);
    // Equal values stay together; otherwise a class is closed once it holds its share.
    const full = done >= (values.length * groups.length) / wanted;
    if (!last || (full && last.at(-1) !== value && groups.length < wanted)) groups.push([value]);
    else last.push(value);
  }
  const ramp = RAMPS[groups.length] ?? [];
  return groups.map((group, index) => ({
    from: group[0] ?? 0,
    to: group.at(-1) ?? 0,
    colour: ramp[index] ?? "#8cbcbb",
    size: group.length,
  }));
}

/** On a map that shows no figure, only where communes are. */
export const PLAIN = { near: "#c3dcdb", here: "#e87722" };

/** `null` for a commune whose value is not published: it is hatched. */
export function colourOf(shape: Shape, classes: ColourClass[]): string | null {
  if (!published(shape)) return null;
  const value = Number(shape.properties.valeur);
  return classes.find(({ from, to }) => value >= from && value <= to)?.colour ?? null;
}

/** Highest value first, unpublished last, then by name. */
export const ranked = (shapes: Shape[]): Shape[] =>
  [...shapes].sort((a, b) => {
    const [x, y] = [a, b].map((shape) => (published(shape) ? Number(shape.properties.valeur) : Number.NEGATIVE_INFINITY));
    if (x === y) return a.properties.nom.localeCompare(b.properties.nom, "fr");
    return Number(y) - Number(x);
  });
