import { act, screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test, vi } from "vitest";
import { FakeEventSource } from "./eventSource";
import { order, ORDER_ID, reduced, TOKEN } from "./fixtures";
import { orderIs, refuse } from "./handlers";
import { open } from "./open";
import { server } from "./setup";

const FOLLOW = `/suivi/${TOKEN}`;
const BACK = `/paiement/retour?suivi=${TOKEN}`;
const title = (name: string | RegExp) => screen.findByRole("heading", { level: 1, name });
const message = (view: ReturnType<typeof order>) => ({ position: view.position, order: view });

test("a paid order is followed live until its delivery", async () => {
  open(FOLLOW);
  await title("Votre rapport est en cours de fabrication");
  await waitFor(() => expect(FakeEventSource.opened).toHaveLength(1));
  const source = FakeEventSource.last;
  expect(source.url).toBe(`/api/orders/${ORDER_ID}/events?t=${TOKEN}`);
  act(() => source.open());
  expect(await screen.findByText("Suivi en direct")).toBeVisible();
  expect(screen.getByText("Étape Rédaction : en cours.")).toBeInTheDocument();
  act(() => source.tell("order", message(order("paid", 4))));
  expect(await screen.findByText("Étape Contrôle : en cours.")).toBeInTheDocument();
  act(() => source.tell("order", message(order("delivered", 6))));
  await title("Votre rapport est prêt");
  expect(screen.getByRole("link", { name: "Télécharger le PDF" })).toHaveAttribute("href", "/r/jeton");
  expect(screen.getByRole("link", { name: "Pour un tableur (CSV)" })).toHaveAttribute("href", "/r/jeton/chiffres.csv");
  expect(screen.getByRole("link", { name: "Données complètes (JSON)" })).toHaveAttribute("href", "/r/jeton/chiffres.json");
  expect(screen.getByText("1,2 Mo")).toBeVisible();
  expect(screen.getByText(/^a3f5a3f5 /)).toBeVisible();
});

test("a delivery whose link is not open yet is still watched", async () => {
  open(FOLLOW);
  await title(/en cours de fabrication/);
  await waitFor(() => expect(FakeEventSource.opened).toHaveLength(1));
  const source = FakeEventSource.last;
  act(() => source.tell("order", message(order("delivered", 6, { download: null }))));
  await title("Votre rapport est prêt");
  expect(screen.getByText(/n’est pas encore ouvert/)).toBeVisible();
  expect(source.readyState).not.toBe(FakeEventSource.CLOSED);
  act(() => source.tell("order", message(order("delivered", 6, { position: 20 }))));
  expect(await screen.findByRole("link", { name: "Télécharger le PDF" })).toBeVisible();
});

test("a late message never takes the order back", async () => {
  open(FOLLOW);
  await title(/en cours de fabrication/);
  await waitFor(() => expect(FakeEventSource.opened).toHaveLength(1));
  act(() => FakeEventSource.last.tell("order", message(order("delivered", 6))));
  await title("Votre rapport est prêt");
  act(() => FakeEventSource.last.tell("order", message(order("paid", 1))));
  expect(screen.getByRole("heading", { level: 1 })).toHaveTextContent("Votre rapport est prêt");
});

test("after three failures the page asks every five seconds", async () => {
  open(FOLLOW);
  await title(/en cours de fabrication/);
  await waitFor(() => expect(FakeEventSource.opened).toHaveLength(1));
  const source = FakeEventSource.last;
  act(() => source.fail());
  expect(await screen.findByText("Reprise du suivi en direct…")).toBeVisible();
  act(() => source.fail());
  act(() => source.fail());
  expect(await screen.findByText("Suivi actualisé toutes les cinq secondes")).toBeVisible();
  expect(source.readyState).toBe(FakeEventSource.CLOSED);
  server.use(...orderIs(order("delivered", 6)));
  expect(await screen.findByRole("heading", { level: 1, name: "Votre rapport est prêt" }, { timeout: 7_000 })).toBeVisible();
}, 10_000);

test("a refused stream is opened again by the page itself", async () => {
  open(FOLLOW);
  await title(/en cours de fabrication/);
  await waitFor(() => expect(FakeEventSource.opened).toHaveLength(1));
  act(() => FakeEventSource.last.fail(true));
  await waitFor(() => expect(FakeEventSource.opened).toHaveLength(2), { timeout: 3_000 });
});

test("what was announced before the payment is told again, page by page", async () => {
  server.use(...orderIs(order("paid", 2, { announced: reduced })));
  open(FOLLOW);
  const recap = await screen.findByRole("region", { name: "Votre commande" });
  expect(within(recap).getByRole("heading", { name: "Annoncé avant le paiement" })).toBeVisible();
  expect(within(recap).getByText("Étude réduite")).toBeVisible();
  expect(within(recap).getByText(/Page 5, Marché : ventes non diffusées/)).toBeVisible();
});

test("an order whose announcement is not known says nothing of it", async () => {
  server.use(...orderIs(order("paid", 2, { announced: null })));
  open(FOLLOW);
  await screen.findByRole("region", { name: "Votre commande" });
  expect(screen.queryByText("Annoncé avant le paiement")).toBeNull();
});

test("a delivered order opens no stream", async () => {
  server.use(...orderIs(order("delivered", 6)));
  open(FOLLOW);
  await title("Votre rapport est prêt");
  expect(FakeEventSource.opened).toEqual([]);
});

test("a failed order says which step failed, and offers no file", async () => {
  server.use(...orderIs(order("failed", 2)));
  open(FOLLOW);
  await title("La fabrication s’est arrêtée");
  expect(screen.getByText("Étape Rédaction : en échec.")).toBeInTheDocument();
  expect(screen.queryByRole("link", { name: /Télécharger/ })).toBeNull();
});

test("the history is asked for only when it is opened", async () => {
  const asked = vi.fn();
  server.events.on("request:start", ({ request }) => {
    if (request.url.includes("/timeline")) asked();
  });
  const user = open(FOLLOW);
  await title(/en cours de fabrication/);
  expect(asked).not.toHaveBeenCalled();
  await user.click(screen.getByText("Historique complet"));
  expect(await screen.findByText("par Stripe")).toBeVisible();
  expect(screen.getByText("Commande enregistrée")).toBeVisible();
  expect(screen.getByText(/^348\s€ reçus/)).toBeVisible();
  server.events.removeAllListeners();
});

test("an unknown order shows the refusal and what to check", async () => {
  server.use(http.get("*/api/orders/:id", () => refuse(404, "order.not_found", "Commande introuvable")));
  open(FOLLOW);
  expect(await screen.findByText("Commande introuvable")).toBeVisible();
  expect(screen.getByText(/copiée en entier/)).toBeVisible();
});

test("a link that was cut asks the server nothing", async () => {
  open("/suivi/coupe");
  await title("Lien de suivi incomplet");
});

test("coming back from the bank proves nothing: the page waits for our own record", async () => {
  server.use(...orderIs(order("pending", 0)));
  open(BACK);
  await title("En attente de confirmation");
  server.use(...orderIs(order("paid", 1)));
  expect(await screen.findByRole("heading", { level: 1, name: "Paiement confirmé" }, { timeout: 4_000 })).toBeVisible();
  expect(screen.getByRole("link", { name: "Suivre la fabrication" })).toHaveAttribute("href", `/suivi/${TOKEN}`);
});

test("a payment that was left can be resumed", async () => {
  server.use(...orderIs(order("pending", 0)));
  open(`${BACK}&abandon=1`);
  await title("Paiement abandonné");
  expect(screen.getByRole("link", { name: "Reprendre le paiement" })).toHaveAttribute("href", "https://paiement.example/session");
});

test("an order paid after all is confirmed even if the payment page was left", async () => {
  open(`${BACK}&abandon=1`);
  await title("Paiement confirmé");
});

test("a held payment is not called confirmed", async () => {
  server.use(...orderIs(order("held", 0)));
  open(BACK);
  await title("Paiement reçu, à vérifier");
});

test("an order that is still being recorded is asked for again", async () => {
  let tries = 0;
  server.use(
    http.get("*/api/orders/:id", () => {
      tries += 1;
      return tries === 1 ? refuse(503, "order.not_ready", "Commande en cours d’enregistrement") : HttpResponse.json(order("paid", 1) as never);
    }),
  );
  open(BACK);
  expect(await screen.findByRole("heading", { level: 1, name: "Paiement confirmé" }, { timeout: 4_000 })).toBeVisible();
});
