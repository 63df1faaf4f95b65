import { expect, test } from "vitest";
import { classify, colourOf, ranked, type Shape } from "../src/features/communes/choropleth";

const shape = (nom: string, valeur: number | null, statut = valeur === null ? "secret" : "ok"): Shape => ({
  type: "Feature",
  geometry: { type: "Point", coordinates: [0, 0] },
  properties: { code: nom, nom, valeur, texte: String(valeur), statut },
});
const shapes = (...values: (number | null)[]) => values.map((value, index) => shape(`c${index}`, value));

test("ten different values make five classes of two", () => {
  const classes = classify(shapes(10, 1, 9, 2, 8, 3, 7, 4, 6, 5));
  expect(classes.map(({ from, to, size }) => [from, to, size])).toEqual([[1, 2, 2], [3, 4, 2], [5, 6, 2], [7, 8, 2], [9, 10, 2]]);
  expect(new Set(classes.map(({ colour }) => colour)).size).toBe(5);
});

test("equal values are never parted", () => {
  const classes = classify(shapes(1, 1, 1, 1, 1, 1, 2, 3));
  for (const { from, to } of classes) expect(classes.filter((other) => from <= other.to && to >= other.from)).toHaveLength(1);
  expect(classes[0]).toMatchObject({ from: 1, to: 1, size: 6 });
});

test("zero is a value, a secret is not", () => {
  const [zero, secret] = [shape("zero", 0), shape("secret", null)];
  const classes = classify([zero, secret]);
  expect(classes).toHaveLength(1);
  expect(colourOf(zero, classes)).not.toBeNull();
  expect(colourOf(secret, classes)).toBeNull();
});

test("a figure kept secret by its status is hatched even if a value came with it", () => {
  const kept = shape("kept", 3, "secret");
  expect(colourOf(kept, classify([kept, shape("open", 3)]))).toBeNull();
});

test("nothing published makes no class", () => expect(classify(shapes(null, null))).toEqual([]));

test("the table goes from the highest to the unpublished, then by name", () => {
  const rows = ranked([shape("Éve", null), shape("Bas", 1), shape("Haut", 9), shape("Ada", null)]);
  expect(rows.map(({ properties }) => properties.nom)).toEqual(["Haut", "Bas", "Ada", "Éve"]);
});
