import { useMutation } from "@tanstack/react-query";
import { useRef } from "react";
import type { OrderRequest } from "../../lib/api/types";
import { placeOrder } from "./queries";

/** A random UUID (version 4); `crypto.randomUUID` is missing where the site is tried over plain HTTP. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** Places an order. The same content sent again carries the same key, so that a retry never orders twice. */
export function useSafeOrder() {
  const last = useRef({ content: "", key: "" });
  const { mutateAsync, ...rest } = useMutation({ mutationFn: placeOrder });
  const place = (body: OrderRequest) => {
    const content = JSON.stringify(body);
    if (last.current.content !== content) last.current = { content, key: randomKey() };
    return mutateAsync({ body, key: last.current.key });
  };
  return { place, ...rest };
}
