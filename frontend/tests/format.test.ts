import { expect, test } from "vitest";
import { clock, count, date, dateTime, decimal, duration, fileSize, grouped, integer, money, unitSign, vintage } from "../src/lib/format";

test("thousands are parted by a narrow no-break space", () => {
  expect(integer(1_234_567)).toBe("1\u202f234\u202f567");
  expect(decimal(3_450.25)).toBe("3\u202f450,3");
});

test("money shows cents only when there are some", () => {
  expect(money(34_800)).toBe("348\u00a0€");
  expect(money(34_850)).toBe("348,50\u00a0€");
  expect(money(123_456_700)).toBe("1\u202f234\u202f567\u00a0€");
});

test("zero and one are singular in French", () => {
  expect([0, 1, 2].map((n) => count(n, "commune"))).toEqual(["0\u00a0commune", "1\u00a0commune", "2\u00a0communes"]);
});

test("a duration is told in the largest unit that fits", () => {
  expect([0, 0.4, 59.4, 60, 185, 3_599, 3_720].map(duration)).toEqual([
    "0\u00a0s",
    "<\u00a01\u00a0s",
    "59\u00a0s",
    "1\u00a0min\u00a000\u00a0s",
    "3\u00a0min\u00a005\u00a0s",
    "59\u00a0min\u00a059\u00a0s",
    "1\u00a0h\u00a002\u00a0min",
  ]);
});

test("clocks that disagree never give a negative duration", () => expect(duration(-4)).toBe("0\u00a0s"));

test("dates are written in words, hours with h", () => {
  const at = "2026-03-12T13:05:09Z";
  expect(date(at)).toBe("12 mars 2026");
  expect(dateTime(at)).toBe("12 mars 2026 à 14\u00a0h\u00a005");
  expect(clock(at)).toBe("14\u00a0h\u00a005\u00a0min\u00a009\u00a0s");
});

test("a file size is in ko, then in Mo", () => {
  expect(fileSize(840_000)).toBe("840\u00a0ko");
  expect(fileSize(2_430_000)).toBe("2,4\u00a0Mo");
});

test("a digest is grouped without losing a character", () => {
  const digest = "0123456789abcdef".repeat(4);
  expect(grouped(digest).split(" ")).toHaveLength(8);
  expect(grouped(digest).replaceAll(" ", "")).toBe(digest);
});

test("a vintage that is a day is written in words", () => {
  expect(vintage("2025-09-05")).toBe("5 septembre 2025");
  expect(vintage("2021")).toBe("2021");
});

test("a unit code has its sign, an unknown one is shown as it is", () => {
  expect(unitSign("pct")).toBe("%");
  expect(unitSign("km")).toBe("km");
});
