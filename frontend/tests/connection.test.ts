import { expect, test } from "vitest";
import { connection, readOrder, type Signal, START } from "../src/features/orders/connection";
import { newer } from "../src/features/orders/queries";
import { order } from "./fixtures";

const after = (...signals: Signal[]) => signals.reduce(connection, START);

test("an open stream is live", () => expect(after("opened")).toEqual({ mode: "live", failures: 0 }));

test("a first failure is retried", () => expect(after("opened", "failed").mode).toBe("retrying"));

test("three failures in a row give up the stream", () => {
  expect(after("opened", "failed", "failed").mode).toBe("retrying");
  expect(after("opened", "failed", "failed", "failed").mode).toBe("polling");
});

test("a message received forgives earlier failures", () => {
  expect(after("failed", "failed", "received", "failed", "failed")).toEqual({ mode: "retrying", failures: 2 });
});

test("nothing wakes an ended or abandoned stream", () => {
  expect(after("opened", "ended", "failed", "opened").mode).toBe("ended");
  expect(after("failed", "failed", "failed", "opened").mode).toBe("polling");
});

test("a live stream that goes on is the same state: the page is not drawn again", () => {
  const live = after("opened");
  expect(connection(live, "received")).toBe(live);
});

test("a message that is not an order is ignored", () => {
  expect(readOrder("not json")).toBeNull();
  expect(readOrder("null")).toBeNull();
  expect(readOrder('{"position":3}')).toBeNull();
  expect(readOrder(JSON.stringify({ order: order("paid", 1) }))?.status).toBe("paid");
});

test("an older view never replaces a newer one", () => {
  const [old, fresh] = [order("paid", 1), order("paid", 3)];
  expect(newer(fresh, old)).toBe(fresh);
  expect(newer(old, fresh)).toBe(fresh);
  expect(newer(undefined, old)).toBe(old);
});
