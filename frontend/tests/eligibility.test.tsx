import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { EligibilityNote, keptPages, sentence } from "../src/components/EligibilityNote";
import type { Eligibility } from "../src/lib/api/types";

const eligibility = (status: Eligibility["status"], over: Partial<Eligibility> = {}): Eligibility => ({
  study: "LOG-01",
  status,
  dropped_pages: [],
  reason: null,
  ...over,
});
const dropped = [{ page: 5, title: "Marché", reason: "ventes non diffusées dans ce département" }];

test("each status has its sentence, in French", () => {
  expect(sentence(eligibility("full"))).toMatch(/^Toutes les pages/);
  expect(sentence(eligibility("reduced", { dropped_pages: dropped }))).toMatch(/^1\u00a0page retirée/);
  expect(sentence(eligibility("epci_scope"))).toMatch(/intercommunalité/);
  expect(sentence(eligibility("unavailable", { reason: "données non chargées" }))).toMatch(/Motif\u00a0: données non chargées\.$/);
});

test("the pages that are dropped are named with their reason", () => {
  render(<EligibilityNote eligibility={eligibility("reduced", { dropped_pages: dropped })} />);
  expect(screen.getByText("Étude réduite")).toBeVisible();
  expect(screen.getByText(/Page 5, Marché : ventes non diffusées/)).toBeVisible();
});

test("the pages that remain are counted, and nothing is counted where none is missing", () => {
  expect(keptPages(24, eligibility("reduced", { dropped_pages: dropped }))).toBe("23 pages sur 24");
  expect(keptPages(24, eligibility("epci_scope"))).toBeNull();
});
