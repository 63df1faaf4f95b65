// Typography of every text of the catalogue: what a French printer would correct.
import { expect, test } from "vitest";

const catalogue = import.meta.glob<Record<string, unknown>>("../src/lib/fr/*.ts", { eager: true });

function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  // Messages with holes are tried with a telling value in each.
  if (typeof value === "function") return [String((value as (...holes: unknown[]) => unknown)(7, 8, 9))];
  if (typeof value === "object" && value !== null) return Object.values(value).flatMap(textsOf);
  return [];
}

const texts = Object.values(catalogue).flatMap(textsOf);

test("the catalogue is not empty", () => expect(texts.length).toBeGreaterThan(150));

test.each([
  ["a plain space before : ; ? ! » % €", / [:;?!»%€]/],
  ["no space before : ; ? !", /[\p{L}\d)»][;?!]|[\p{L})»]:(?!\/\/)/u],
  ["a plain space after «", /« /],
  ["a straight apostrophe", /\p{L}'\p{L}/u],
  ["a straight quote", /"/],
  ["three dots instead of an ellipsis", /\.\.\./],
  ["two spaces", / {2}/],
])("no text has %s", (_, fault) => {
  expect(texts.filter((text) => fault.test(text))).toEqual([]);
});
