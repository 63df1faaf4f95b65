import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { leaveTo } from "../src/lib/leave";
import { commune } from "./fixtures";
import { refuse } from "./handlers";
import { open } from "./open";
import { server } from "./setup";

const PAGE = "/commander/LOG-01/99001";
const button = () => screen.findByRole("button", { name: "Commander avec obligation de paiement" });
const email = () => screen.getByLabelText("Adresse e-mail");
const consents = () => screen.getAllByRole("checkbox");

// Where the visitor is sent: jsdom itself goes nowhere.
vi.mock("../src/lib/leave", () => ({ leaveTo: vi.fn() }));
const assign = vi.mocked(leaveTo);
const sent: { body: unknown; key: string | null }[] = [];

beforeEach(() => {
  sent.length = 0;
  assign.mockReset();
  server.events.on("request:start", ({ request }) => {
    if (request.method !== "POST") return;
    const key = request.headers.get("idempotency-key");
    void request.clone().json().then((body: unknown) => sent.push({ body, key }));
  });
});
afterEach(() => server.events.removeAllListeners());

test("an empty form is refused: the summary has the focus and every field its error", async () => {
  const user = open(PAGE);
  await user.click(await button());
  const alert = await screen.findByRole("alert");
  await waitFor(() => expect(alert).toHaveFocus());
  expect(within(alert).getAllByRole("link")).toHaveLength(3);
  expect(email()).toHaveAccessibleDescription(/Saisissez votre adresse e-mail/);
  expect(email()).toHaveAttribute("aria-invalid", "true");
  await user.click(within(alert).getByRole("link", { name: /Saisissez votre adresse/ }));
  expect(email()).toHaveFocus();
  expect(sent).toEqual([]);
});

test("no agreement is ticked in advance", async () => {
  open(PAGE);
  await button();
  for (const box of consents()) expect(box).not.toBeChecked();
});

async function fill(user: ReturnType<typeof open>) {
  await button();
  await user.type(email(), "jeanne@exemple.fr");
  for (const box of consents()) await user.click(box);
}

test("a consumer orders, and is sent to the payment page", async () => {
  const user = open(PAGE);
  await fill(user);
  await user.click(await button());
  await waitFor(() => expect(assign).toHaveBeenCalledWith("https://paiement.example/session"));
  expect(sent[0]?.body).toEqual({
    commune: "99001",
    study: "LOG-01",
    email: "jeanne@exemple.fr",
    recipient: "particulier",
    consents: ["execution_immediate", "renonciation_retractation"],
  });
});

test("an organisation sees HT, VAT and TTC, and gives no consumer agreement", async () => {
  const user = open(PAGE);
  await button();
  await user.click(screen.getByLabelText("Collectivité"));
  expect(screen.queryByRole("checkbox")).toBeNull();
  expect(screen.getByText("TVA 20 %")).toBeVisible();
  await user.type(email(), "mairie@exemple.fr");
  await user.click(await button());
  await waitFor(() => expect(assign).toHaveBeenCalled());
  expect(sent[0]?.body).toMatchObject({ recipient: "collectivite", consents: [] });
});

test("a payment service that is down keeps what was typed, and a second try cannot order twice", async () => {
  server.use(http.post("*/api/orders", () => refuse(503, "payment.unavailable", "Paiement momentanément indisponible"), { once: true }));
  const user = open(PAGE);
  await fill(user);
  await user.click(await button());
  expect(await screen.findByText("Paiement momentanément indisponible")).toBeVisible();
  expect(screen.getByText(/sans risque de double commande/)).toBeVisible();
  expect(email()).toHaveValue("jeanne@exemple.fr");
  await user.click(await button());
  await waitFor(() => expect(assign).toHaveBeenCalled());
  expect(sent[0]?.key).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(sent[1]?.key).toBe(sent[0]?.key);
});

test("another content is another order: its key changes", async () => {
  server.use(http.post("*/api/orders", () => refuse(503, "payment.unavailable", "Paiement momentanément indisponible"), { once: true }));
  const user = open(PAGE);
  await fill(user);
  await user.click(await button());
  await screen.findByText("Paiement momentanément indisponible");
  await user.type(email(), ".example");
  await user.click(await button());
  await waitFor(() => expect(sent).toHaveLength(2));
  expect(sent[1]?.key).not.toBe(sent[0]?.key);
});

test("an error of the server on a field is shown on that field", async () => {
  const errors = [{ field: "email", code: "email.invalid", message: "Cette adresse n’existe pas." }];
  server.use(http.post("*/api/orders", () => refuse(422, "request.invalid", "Demande à corriger", "Un champ.", { errors })));
  const user = open(PAGE);
  await fill(user);
  await user.click(await button());
  await waitFor(() => expect(email()).toHaveAccessibleDescription(/Cette adresse n’existe pas/));
  expect(assign).not.toHaveBeenCalled();
});

test("an unavailable study cannot be ordered, and says why", async () => {
  const studies = commune.studies.map((offer) => ({
    ...offer,
    eligibility: { ...offer.eligibility, status: "unavailable", reason: "données non chargées" },
  }));
  server.use(http.get("*/api/communes/:code", () => HttpResponse.json({ ...commune, studies } as never)));
  open(PAGE);
  expect(await screen.findByText(/Motif : données non chargées\./)).toBeVisible();
  expect(screen.queryByRole("button", { name: /obligation de paiement/ })).toBeNull();
});

test("a study that does not exist is told, with a way back", async () => {
  open("/commander/XXX-99/99001");
  expect(await screen.findByText(/Aucune étude ne porte le code XXX-99/)).toBeVisible();
  expect(screen.getByRole("link", { name: /fiche de la commune/ })).toHaveAttribute("href", "/communes/99001");
});
