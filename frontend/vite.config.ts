/// <reference types="vitest/config" />
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { budget } from "./budget.ts";
import { preloadFonts } from "./preload.ts";

// In development the API is the `lobster serve` of the same machine.
const api = { target: "http://127.0.0.1:8080", changeOrigin: false };

export default defineConfig({
  plugins: [react(), tailwindcss(), preloadFonts(), budget()],
  build: {
    target: "es2022",
    // No data: URL and no inline script: the API's content security policy allows our own files only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { "/api": api, "/r": api } },
  // What the API sends with every page: the screens are looked at under the same rules.
  preview: {
    headers: { "content-security-policy": "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'" },
  },
  test: {
    environment: "jsdom",
    include: ["tests/**/*.test.{ts,tsx}"],
    setupFiles: ["tests/setup.ts"],
    restoreMocks: true,
    env: { TZ: "Europe/Paris" },
  },
});
