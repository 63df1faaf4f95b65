import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, vi } from "vitest";
import { FakeEventSource } from "./eventSource";
import { usual } from "./handlers";

export const server = setupServer(...usual);

// A request that no handler knows is a fault of the page, not a detail of the test.
beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => {
  cleanup();
  server.resetHandlers();
  FakeEventSource.forget();
});
afterAll(() => server.close());

vi.stubGlobal("EventSource", FakeEventSource);
// Generous: a busy machine is not a fault of the page.
configure({ asyncUtilTimeout: 4_000 });
// jsdom draws nothing and so knows no media.
vi.stubGlobal("matchMedia", () => ({ matches: true }));
vi.stubGlobal("scrollTo", () => undefined);
