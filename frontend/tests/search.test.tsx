import { screen, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";
import { open } from "./open";
import { server } from "./setup";

const box = () => screen.getByRole("combobox", { name: "Votre commune" });

test("typing two letters proposes communes, homonyms told apart", async () => {
  const user = open("/");
  await user.type(box(), "vi");
  const options = await screen.findAllByRole("option");
  expect(options).toHaveLength(2);
  expect(options[0]).toHaveTextContent("Département-Exemple (99) · 99100");
  expect(options[1]).toHaveTextContent("Autre-Département (98)");
  expect(options[1]).toHaveTextContent("Arrondissement municipal");
});

test("one letter asks nothing and says why", async () => {
  const user = open("/");
  await user.type(box(), "v{Enter}");
  expect(within(screen.getByRole("search")).getByRole("status")).toHaveTextContent("au moins deux caractères");
});

test("the keyboard alone chooses a commune", async () => {
  const user = open("/");
  await user.type(box(), "vil");
  const [first, second] = await screen.findAllByRole("option");
  expect(box()).toHaveAttribute("aria-expanded", "true");
  await user.keyboard("{ArrowDown}");
  expect(box()).toHaveAttribute("aria-activedescendant", first?.id);
  expect(first).toHaveAttribute("aria-selected", "true");
  await user.keyboard("{ArrowUp}");
  expect(box()).toHaveAttribute("aria-activedescendant", second?.id);
  await user.keyboard("{ArrowDown}{Enter}");
  expect(await screen.findByRole("heading", { level: 1, name: /Ville-Exemple/ })).toHaveFocus();
});

test("Escape closes the list and keeps the text", async () => {
  const user = open("/");
  await user.type(box(), "vil");
  await screen.findAllByRole("option");
  await user.keyboard("{Escape}");
  expect(screen.queryByRole("option")).toBeNull();
  expect(box()).toHaveValue("vil");
  expect(box()).toHaveAttribute("aria-expanded", "false");
});

test("Enter before the answer opens the first commune as soon as it is known", async () => {
  const user = open("/");
  await user.type(box(), "99100{Enter}");
  expect(await screen.findByRole("heading", { level: 1, name: /Ville-Exemple/ })).toBeVisible();
});

test("a name that no commune bears is said, with what to try", async () => {
  const user = open("/");
  await user.type(box(), "zzz");
  expect(await within(screen.getByRole("search")).findByText(/Aucune commune ne correspond/, { selector: "[role=status]" })).toBeInTheDocument();
});

test("a search that fails says so without breaking the page", async () => {
  server.use(http.get("*/api/communes", () => HttpResponse.error()));
  const user = open("/");
  await user.type(box(), "vil");
  expect(await within(screen.getByRole("search")).findByText(/ne répond pas/, { selector: "[role=status]" })).toBeInTheDocument();
});
