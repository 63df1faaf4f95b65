// Territories and studies: the reads that several features share. Orders have their own file, in their feature.
import { queryOptions } from "@tanstack/react-query";
import { api, ok, textAt } from "./client";

const SUGGESTIONS = 10;

export const communeQueries = {
  all: () => ["communes"] as const,
  search: (text: string) =>
    queryOptions({
      queryKey: [...communeQueries.all(), "search", text] as const,
      queryFn: ({ signal }) => ok(api.GET("/api/communes", { params: { query: { q: text, limit: SUGGESTIONS } }, signal })),
      enabled: text.length >= 2,
    }),
  page: (code: string) =>
    queryOptions({
      queryKey: [...communeQueries.all(), code] as const,
      queryFn: ({ signal }) => ok(api.GET("/api/communes/{code}", { params: { path: { code } }, signal })),
    }),
};

export const studyQueries = {
  all: () => ["studies"] as const,
  list: () =>
    queryOptions({
      queryKey: [...studyQueries.all(), "list"] as const,
      queryFn: ({ signal }) => ok(api.GET("/api/studies", { signal })),
    }),
  detail: (code: string) =>
    queryOptions({
      queryKey: [...studyQueries.all(), code] as const,
      queryFn: ({ signal }) => ok(api.GET("/api/studies/{code}", { params: { path: { code } }, signal })),
    }),
  /** A drawing, whose address names its content: asked for once. */
  specimen: (url: string) =>
    queryOptions({
      queryKey: [...studyQueries.all(), "specimen", url] as const,
      queryFn: ({ signal }) => textAt(url, signal),
      staleTime: Infinity,
    }),
};
