// The only place where an order key is written.
import { queryOptions } from "@tanstack/react-query";
import { api, ok } from "../../lib/api/client";
import type { OrderRequest, OrderView } from "../../lib/api/types";
import type { FollowToken } from "../../lib/followToken";

const FINAL = new Set(["delivered", "failed", "expired", "cancelled", "refunded"]);

/** Nothing more is expected of the machines: watching can stop. The link follows the delivery by a moment. */
export function isSettled(order: OrderView | undefined): boolean {
  if (order === undefined || !FINAL.has(order.status)) return false;
  return order.status !== "delivered" || order.download !== null || order.can_renew_link || order.dispute !== null;
}

const who = ({ orderId, token }: FollowToken) => ({ path: { id: orderId }, query: { t: token } });

const returning = (link: FollowToken) => ({ ...who(link), query: { ...who(link).query, retour: "ok" } });

/** The list is another read model than the order: it may be behind what the page already shows. */
const reaching = (link: FollowToken, position: number) => ({ ...who(link), query: { ...who(link).query, wait_for: position } });

export const orderQueries = {
  all: () => ["orders"] as const,
  /** `back`: the customer comes from the payment page, so the server may look the payment up before the bank's notice. */
  detail: (link: FollowToken, back = false) =>
    queryOptions({
      queryKey: [...orderQueries.all(), link.orderId] as const,
      queryFn: ({ signal }) => ok(api.GET("/api/orders/{id}", { params: back ? returning(link) : who(link), signal })),
      staleTime: 0,
      // A slow answer must not undo what the live stream has already told.
      structuralSharing: (old, fresh) => newer(old as OrderView | undefined, fresh as OrderView),
    }),
  /** A new position is a new fact, so a new list. */
  timeline: (link: FollowToken, position: number) =>
    queryOptions({
      queryKey: [...orderQueries.all(), link.orderId, "timeline", position] as const,
      queryFn: ({ signal }) => ok(api.GET("/api/orders/{id}/timeline", { params: reaching(link, position), signal })),
      staleTime: 0,
    }),
};

/** The later of two views of the same order, by position in the log. */
export const newer = (known: OrderView | undefined, fresh: OrderView): OrderView =>
  known !== undefined && known.position > fresh.position ? known : fresh;

export const placeOrder = ({ body, key }: { body: OrderRequest; key: string }) =>
  ok(api.POST("/api/orders", { body, params: { header: { "Idempotency-Key": key } } }));

/** A page to pay on: the open one, or the next. */
export const payOrder = (link: FollowToken) => ok(api.POST("/api/orders/{id}/checkout", { params: who(link) }));

export const cancelOrder = (link: FollowToken) => ok(api.POST("/api/orders/{id}/cancel", { params: who(link) }));

export const renewLink = (link: FollowToken) => ok(api.POST("/api/orders/{id}/link", { params: who(link) }));

/** The order once it shows more than `position`, or after two seconds. */
export const orderAfter = (link: FollowToken, position: number) =>
  ok(api.GET("/api/orders/{id}", { params: reaching(link, position + 1) }));

/** Address of the live stream of an order. */
export const streamUrl = ({ orderId, token }: FollowToken) =>
  `/api/orders/${encodeURIComponent(orderId)}/events?t=${encodeURIComponent(token)}`;
