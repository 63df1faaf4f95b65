// Typography of every text of the catalogue: what a French printer would correct.
import { expect, test } from "vitest";
import { studies } from "../src/lib/fr/studies";
import { communes } from "../src/lib/fr/communes";

const catalogue = import.meta.glob<Record<string, unknown>>("../src/lib/fr/*.ts", { eager: true });

function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  // Messages with holes are tried with a telling value in each.
  if (typeof value === "function") return [String((value as (...holes: unknown[]) => unknown)(...holesOf(value)))];
  if (typeof value === "object" && value !== null) return Object.values(value).flatMap(textsOf);
  return [];
}

/** Two texts take a list, all others words and numbers. */
const holesOf = (value: object) => (value === communes.postcodeList || value === studies.vintages ? [["99100", "99110"]] : [7, 8, 9]);

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
