import { screen, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test, vi } from "vitest";
import { studyDetail } from "./fixtures";
import { empty, refuse } from "./handlers";
import { open } from "./open";
import { server } from "./setup";

const down = () => server.use(http.get("*/api/*", () => refuse(503, "service.unavailable", "Service momentanément indisponible")));
const title = () => screen.findByRole("heading", { level: 1 });

test("the home page promises, proposes and explains", async () => {
  open("/");
  expect(await title()).toHaveTextContent(/chaque chiffre remonte à sa source/);
  expect(await screen.findByRole("heading", { name: "Diagnostic logement" })).toBeVisible();
  expect(screen.getByText("348 € TTC")).toBeVisible();
});

test("a commune shows six figures with their sources, secrets as n.d.", async () => {
  open("/communes/99001");
  expect(await screen.findByText("8 140")).toBeVisible();
  const figures = screen.getByRole("region", { name: "Six repères" });
  expect(within(figures).getAllByRole("heading", { level: 3 })).toHaveLength(6);
  expect(screen.getAllByText("n.d.").length).toBeGreaterThan(0);
  expect(screen.getByText("Secret statistique.")).toBeVisible();
  expect(screen.getByText(/Médiane calculée sur 18/)).toBeVisible();
  expect(screen.getByText("Données de démonstration")).toBeVisible();
});

test("the map has a table with the same values, this commune marked", async () => {
  open("/communes/99001");
  const table = await screen.findByRole("table");
  const rows = within(table).getAllByRole("row").slice(1);
  expect(rows).toHaveLength(9);
  expect(rows[0]).toHaveTextContent("Ville-Exemple (commune étudiée)9,4 %");
  expect(rows.at(-1)).toHaveTextContent("n.d.");
});

test("a map that cannot be drawn leaves its table", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  vi.spyOn(window, "matchMedia").mockImplementation(() => {
    throw new Error("no media here");
  });
  open("/communes/99001");
  expect(await screen.findByText(/La carte n’a pas pu être dessinée/)).toBeVisible();
  expect(screen.getByRole("table")).toBeVisible();
});

test("a commune can be ordered from its page, and only the open studies", async () => {
  open("/communes/99001");
  expect(await screen.findByRole("link", { name: /^Commander\s: Diagnostic logement, Ville-Exemple$/ })).toHaveAttribute("href", "/commander/LOG-01/99001");
});

test("a commune without data says what is missing instead of staying blank", async () => {
  server.use(...empty);
  open("/communes/99001");
  expect(await screen.findByText(/ne sont pas encore chargées/)).toBeVisible();
  expect(screen.getByText(/Aucune étude n’est au catalogue/)).toBeVisible();
  expect(screen.getByText(/La carte n’est pas disponible/)).toBeVisible();
  expect(screen.getAllByText("non disponible").length).toBe(2);
});

test("an unknown commune shows the refusal of the server, its code and its reference", async () => {
  open("/communes/99999");
  const alert = await screen.findByRole("alert");
  expect(alert).toHaveTextContent("Commune inconnue");
  expect(alert).toHaveTextContent("commune.unknown");
  expect(alert).toHaveTextContent("req-0123456789");
});

test("a server in trouble can be asked again", async () => {
  down();
  const user = open("/etudes");
  expect(await screen.findByText("Service momentanément indisponible")).toBeVisible();
  server.resetHandlers();
  await user.click(screen.getByRole("button", { name: "Réessayer" }));
  expect(await screen.findByRole("heading", { name: "Diagnostic logement" })).toBeVisible();
});

test("a network that is cut is told as such", async () => {
  server.use(http.get("*/api/studies", () => HttpResponse.error()));
  open("/etudes");
  expect(await screen.findByText("Service injoignable")).toBeVisible();
});

test("an empty catalogue says so", async () => {
  server.use(...empty);
  open("/etudes");
  expect(await screen.findByText(/Aucune étude n’est au catalogue/)).toBeVisible();
});

test("a source published every year is one line with its vintages", async () => {
  const [source] = studyDetail.sources;
  const sources = ["2023", "2021", "2022", "2022"].map((millesime) => ({ ...source, millesime }));
  server.use(http.get("*/api/studies/:code", () => HttpResponse.json({ ...studyDetail, sources } as never)));
  open("/etudes/LOG-01");
  expect(await screen.findByText("Millésimes 2021, 2022, 2023")).toBeVisible();
});

test("a study page lists contents, sources and limits", async () => {
  open("/etudes/LOG-01");
  expect(await screen.findByText("Lire ce rapport")).toBeVisible();
  expect(screen.getByText("Licence Ouverte 2.0")).toBeVisible();
  expect(screen.getByText(/demande de logement social/)).toBeVisible();
  expect(screen.getByText(/1 min 35 s \(médiane\)/)).toBeVisible();
});

test.each([
  ["/accessibilite", /aucun audit/],
  ["/mentions-legales", /Mentions légales/],
  ["/cgv", /Conditions générales/],
  ["/confidentialite", /Confidentialité/],
  ["/nulle-part", /Page introuvable/],
])("%s has its title", async (path, expected) => {
  open(path);
  expect(await title()).toHaveTextContent(expected);
});

test("each page names its tab", async () => {
  open("/etudes");
  await title();
  expect(document.title).toMatch(/^Catalogue des études/);
});

test("losing the connection is said on every page", async () => {
  open("/");
  Object.defineProperty(navigator, "onLine", { value: false, configurable: true });
  window.dispatchEvent(new Event("offline"));
  expect(await screen.findByText(/Vous êtes hors ligne/)).toBeVisible();
  Object.defineProperty(navigator, "onLine", { value: true, configurable: true });
  window.dispatchEvent(new Event("online"));
});
