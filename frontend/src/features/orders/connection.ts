import type { OrderView } from "../../lib/api/types";

// How the page learns what happens to an order: live while it can, by asking every five seconds when it cannot.
export type Connection = { mode: "connecting" | "live" | "retrying" | "polling" | "ended"; failures: number };

export type Signal = "opened" | "received" | "failed" | "ended";

/** Failures in a row after which the live stream is given up. */
export const PATIENCE = 3;

export const START: Connection = { mode: "connecting", failures: 0 };

export function connection(state: Connection, signal: Signal): Connection {
  // Both are final: a late signal of a closed stream must not wake it.
  if (state.mode === "ended" || state.mode === "polling") return state;
  switch (signal) {
    case "opened":
    case "received":
      return state.mode === "live" && state.failures === 0 ? state : { mode: "live", failures: 0 };
    case "ended":
      return { mode: "ended", failures: 0 };
    case "failed": {
      const failures = state.failures + 1;
      return { mode: failures >= PATIENCE ? "polling" : "retrying", failures };
    }
  }
}

/** The order carried by a message; `null` for a message that is not one of ours. */
export function readOrder(data: string): OrderView | null {
  try {
    const message = JSON.parse(data) as { order?: Partial<OrderView> } | null;
    return typeof message?.order?.position === "number" ? (message.order as OrderView) : null;
  } catch {
    return null;
  }
}
