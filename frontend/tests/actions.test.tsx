import { screen, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test, vi } from "vitest";
import { leaveTo } from "../src/lib/leave";
import { order, TOKEN } from "./fixtures";
import { becomes, orderIs, refuse, scenes } from "./handlers";
import { open } from "./open";
import { server } from "./setup";

const FOLLOW = `/suivi/${TOKEN}`;
const title = (name: string | RegExp) => screen.findByRole("heading", { level: 1, name });

// Where the visitor is sent: jsdom itself goes nowhere.
vi.mock("../src/lib/leave", () => ({ leaveTo: vi.fn() }));
beforeEach(() => vi.mocked(leaveTo).mockReset());

test("an order whose payment failed leads to a new payment page", async () => {
  server.use(...scenes.expired);
  server.use(http.post("*/api/orders/:id/checkout", () => HttpResponse.json({ payment_url: "https://paiement.example/suivante" })));
  const user = open(FOLLOW);
  await title("Votre commande n’est pas payée");
  await user.click(screen.getByRole("button", { name: "Payer à nouveau" }));
  await waitFor(() => expect(leaveTo).toHaveBeenCalledWith("https://paiement.example/suivante"));
});

test("a payment that is under way is not paid a second time", async () => {
  server.use(...scenes.expired);
  server.use(http.post("*/api/orders/:id/checkout", () => refuse(409, "payment.under_way", "Un paiement est déjà en cours")));
  const user = open(FOLLOW);
  await user.click(await screen.findByRole("button", { name: "Payer à nouveau" }));
  expect(await screen.findByText("Un paiement est déjà en cours")).toBeVisible();
  expect(leaveTo).not.toHaveBeenCalled();
});

test("a slow payment shows that the bank is at work, and nothing to click", async () => {
  server.use(...scenes.awaiting);
  open(FOLLOW);
  await title("Votre paiement est en cours à la banque");
  expect(screen.queryByRole("button", { name: /Payer|Annuler/ })).toBeNull();
  expect(screen.queryByRole("link", { name: /page de paiement/ })).toBeNull();
});

test("an order is cancelled only after a second thought", async () => {
  const asked = vi.fn();
  server.use(...orderIs(order("pending", 0)));
  server.use(becomes("cancel", order("cancelled", 0, { position: 20 })));
  server.events.on("request:start", ({ request }) => {
    if (request.url.includes("/cancel")) asked();
  });
  const user = open(FOLLOW);
  await user.click(await screen.findByRole("button", { name: "Annuler la commande" }));
  const question = screen.getByRole("heading", { name: "Annuler cette commande\u00a0?" });
  expect(question).toHaveFocus();
  await user.click(screen.getByRole("button", { name: "Garder la commande" }));
  expect(screen.getByRole("button", { name: "Annuler la commande" })).toHaveFocus();
  expect(asked).not.toHaveBeenCalled();
  await user.click(screen.getByRole("button", { name: "Annuler la commande" }));
  await user.click(screen.getByRole("button", { name: "Oui, annuler la commande" }));
  await title("La commande est annulée");
  expect(asked).toHaveBeenCalledTimes(1);
  expect(screen.getByRole("link", { name: "Commander à nouveau" })).toBeVisible();
  server.events.removeAllListeners();
});

test("an expired link is replaced from the page", async () => {
  server.use(...scenes.linkExpired);
  server.use(becomes("link", order("delivered", 6, { position: 20 })));
  const user = open(FOLLOW);
  expect(await screen.findByText(/lien de téléchargement a expiré/)).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Recevoir un nouveau lien" }));
  expect(await screen.findByRole("link", { name: "Télécharger le PDF" })).toHaveAttribute("href", "/r/jeton");
});

test("an answer that does not show the new link yet is asked for again", async () => {
  const waited: (string | null)[] = [];
  const stale = order("delivered", 6, { position: 20, download: null, can_renew_link: true });
  server.use(becomes("link", stale));
  server.use(http.get("*/api/orders/:id", ({ request }) => {
    const position = new URL(request.url).searchParams.get("wait_for");
    if (position !== null) waited.push(position);
    return HttpResponse.json((position === "21" ? order("delivered", 6, { position: 23 }) : stale) as never);
  }));
  const user = open(FOLLOW);
  await user.click(await screen.findByRole("button", { name: "Recevoir un nouveau lien" }));
  expect(await screen.findByRole("link", { name: "Télécharger le PDF" })).toBeVisible();
  expect(waited).toEqual(["21"]);
});

test("the history waits until it shows as much as the order", async () => {
  const waited: (string | null)[] = [];
  server.use(...orderIs(order("delivered", 6, { position: 20 })));
  server.use(http.get("*/api/orders/:id/timeline", ({ request }) => {
    waited.push(new URL(request.url).searchParams.get("wait_for"));
    return HttpResponse.json({ entries: [] });
  }));
  const user = open(FOLLOW);
  await user.click(await screen.findByText(/historique/i));
  await waitFor(() => expect(waited).toEqual(["20"]));
});

test("a disputed order says why the download is closed", async () => {
  server.use(...scenes.disputed);
  open(FOLLOW);
  await title("Le téléchargement est suspendu");
  expect(screen.getByText(/contesté auprès de la banque/)).toBeVisible();
  expect(screen.queryByRole("link", { name: "Télécharger le PDF" })).toBeNull();
});

test("a refunded order says what went back", async () => {
  server.use(...scenes.refunded);
  open(FOLLOW);
  await title("La commande est remboursée");
  expect(screen.getByText(/^348\s€ vous ont été rendus/)).toBeVisible();
});

test("a lost mail and a part of the price back are told beside the download", async () => {
  server.use(...scenes.bounced);
  open(FOLLOW);
  await title("Votre rapport est prêt");
  expect(screen.getByText(/n’a pas pu être remis/)).toBeVisible();
  expect(screen.getByText(/^100\s€ vous ont été rendus/)).toBeVisible();
  expect(screen.getByText("non remis")).toBeVisible();
  expect(screen.getByRole("link", { name: "Télécharger le PDF" })).toBeVisible();
});

test("who comes back from the bank makes the server look the payment up", async () => {
  const asked: (string | null)[] = [];
  server.use(http.get("*/api/orders/:id", ({ request }) => {
    asked.push(new URL(request.url).searchParams.get("retour"));
    return HttpResponse.json(order("paid", 1) as never);
  }));
  open(`/paiement/retour?suivi=${TOKEN}`);
  await title("Paiement confirmé");
  expect(asked).toEqual(["ok"]);
});

test("a slow payment is not called confirmed on the way back", async () => {
  server.use(...scenes.awaiting);
  open(`/paiement/retour?suivi=${TOKEN}`);
  await title("Paiement en cours à la banque");
});
