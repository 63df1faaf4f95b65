// One answer per route and per state of a screen, shared by the component tests and the screenshots.
import { http, HttpResponse, type RequestHandler } from "msw";
import type { OrderView } from "../src/lib/api/types";
import { commune, DRAWING, ORDER_ID, order, portrait, problem, reduced, study, studyDetail, suggestions, timeline, TOKEN } from "./fixtures";

type Body = Parameters<typeof HttpResponse.json>[0];

export const refuse = (status: number, code: string, title: string, detail = "Détail en français.", more: object = {}) =>
  HttpResponse.json({ ...problem(status, code, title, detail), ...more } as Body, {
    status,
    headers: { "content-type": "application/problem+json" },
  });

/** A stream of one message, then its end: enough to see that the page listens. */
export function stream(view: OrderView, end = false) {
  const message = { position: view.position, event_type: "OrderPaid", title: "Paiement confirmé", text: "348\u00a0€ reçus.", at: view.placed_at, order: view };
  const text = `id: ${view.position}\nevent: order\ndata: ${JSON.stringify(message)}\n\n${end ? "event: end\ndata: {}\n\n" : ""}`;
  return new HttpResponse(text, { headers: { "content-type": "text/event-stream" } });
}

export const orderIs = (view: OrderView): RequestHandler[] => [
  http.get("*/api/orders/:id", () => HttpResponse.json(view as Body)),
  http.get("*/api/orders/:id/events", () => stream(view, view.status !== "paid" && view.status !== "pending")),
];

/** What the order becomes when the customer acts. */
export const becomes = (what: "cancel" | "link", view: OrderView): RequestHandler =>
  http.post(`*/api/orders/:id/${what}`, () => HttpResponse.json(view as Body));

export const usual: RequestHandler[] = [
  http.get("*/api/communes", ({ request }) => {
    const asked = new URL(request.url).searchParams.get("q") ?? "";
    return HttpResponse.json({ communes: /^(vi|99)/i.test(asked) ? suggestions : [] } as Body);
  }),
  http.get("*/api/communes/:code", ({ params }) =>
    params.code === "99999" ? refuse(404, "commune.unknown", "Commune inconnue", "Aucune commune ne porte le code 99999.") : HttpResponse.json(commune as Body),
  ),
  http.get("*/api/studies", () => HttpResponse.json({ studies: [study, portrait] } as Body)),
  http.get("*/api/studies/:code", () => HttpResponse.json(studyDetail as Body)),
  http.get("*/api/studies/:code/specimens/:name", () => new HttpResponse(DRAWING, { headers: { "content-type": "image/svg+xml" } })),
  http.post("*/api/orders", () =>
    HttpResponse.json(
      { order_id: ORDER_ID, status: "pending", payment_url: "https://paiement.example/session", follow_token: TOKEN } as Body,
      { status: 201 },
    ),
  ),
  http.get("*/api/orders/:id/timeline", () => HttpResponse.json({ entries: timeline } as Body)),
  ...orderIs(order("paid", 2)),
];

const bare = { ...commune, facts: [], map: null, studies: [], epci: null, population: null, codes_postaux: [], loaded: false, specimen: false };

/** Nothing to show, everywhere. */
export const empty: RequestHandler[] = [
  http.get("*/api/communes", () => HttpResponse.json({ communes: [] } as Body)),
  http.get("*/api/communes/:code", () => HttpResponse.json(bare as Body)),
  http.get("*/api/studies", () => HttpResponse.json({ studies: [] } as Body)),
  http.get("*/api/studies/:code", () => HttpResponse.json({ ...studyDetail, sources: [], specimens: [], median_seconds: null, delivered: 0 } as Body)),
  http.get("*/api/orders/:id/timeline", () => HttpResponse.json({ entries: [] } as Body)),
  ...orderIs(order("pending", 0, { expected_seconds: null })),
];

/** The server is in trouble, everywhere. */
export const broken: RequestHandler[] = [
  http.all("*/api/*", () => refuse(503, "service.unavailable", "Service momentanément indisponible", "Réessayez dans quelques instants.")),
];

export const scenes = {
  usual,
  empty,
  broken,
  delivered: [...orderIs(order("delivered", 6)), ...usual],
  reduced: [...orderIs(order("delivered", 6, { announced: reduced })), ...usual],
  failed: [...orderIs(order("failed", 2)), ...usual],
  pending: [...orderIs(order("pending", 0)), ...usual],
  awaiting: [...orderIs(order("awaiting", 0)), ...usual],
  expired: [...orderIs(order("expired", 0)), ...usual],
  cancelled: [...orderIs(order("cancelled", 0)), ...usual],
  refunded: [...orderIs(order("refunded", 6, { refunded_cents: 34_800, mail: "delivered" })), ...usual],
  disputed: [...orderIs(order("delivered", 6, { dispute: "open", download: null })), ...usual],
  linkExpired: [...orderIs(order("delivered", 6, { download: null, can_renew_link: true })), ...usual],
  bounced: [...orderIs(order("delivered", 6, { mail: "bounced", refunded_cents: 10_000 })), ...usual],
};
