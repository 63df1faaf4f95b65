// The weight of the site, checked at each build: a public route that grows too heavy fails it.
import { gzipSync } from "node:zlib";
import type { Plugin, Rolldown } from "vite";

const KB = 1_000;
/** JavaScript of a route as the browser loads it: the shell, the page, and what both import. */
const ROUTE = 110 * KB;
const MAP = 48 * KB;
const STYLES = 12 * KB;
const FONTS = 75 * KB;

const gzip = (source: string | Uint8Array) => gzipSync(source).length;
const show = (bytes: number) => `${(bytes / KB).toFixed(1)} kB`;

export function budget(): Plugin {
  return {
    name: "lobster-budget",
    apply: "build",
    generateBundle(_, bundle) {
      const files = Object.values(bundle);
      const chunks = files.filter((file): file is Rolldown.OutputChunk => file.type === "chunk");
      const assets = files.filter((file): file is Rolldown.OutputAsset => file.type === "asset");
      const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
      const shell = chunks.find((chunk) => chunk.isEntry);
      if (!shell) return this.error("the build has no entry");

      const closure = (name: string, seen = new Set<string>()): Set<string> => {
        const chunk = byName.get(name);
        if (!chunk || seen.has(name)) return seen;
        seen.add(name);
        for (const imported of chunk.imports) closure(imported, seen);
        return seen;
      };
      const weight = (names: Iterable<string>) => [...names].reduce((sum, name) => sum + gzip(byName.get(name)?.code ?? ""), 0);

      const lines: [string, number, number][] = [];
      const base = closure(shell.fileName);
      lines.push(["shell and home", weight(base), ROUTE]);
      for (const chunk of chunks.filter((one) => one.isDynamicEntry)) {
        const alone = [...closure(chunk.fileName)].filter((name) => !base.has(name));
        if (chunk.name === "EpciMap") lines.push(["map", weight([chunk.fileName]), MAP]);
        else lines.push([chunk.name, weight([...base, ...alone]), ROUTE]);
      }
      const styles = assets.filter(({ fileName }) => fileName.endsWith(".css"));
      lines.push(["styles", styles.reduce((sum, { source }) => sum + gzip(source), 0), STYLES]);
      const fonts = assets.filter(({ fileName }) => fileName.endsWith(".woff2"));
      lines.push(["fonts", fonts.reduce((sum, { source }) => sum + source.length, 0), FONTS]);

      for (const [what, bytes, limit] of lines) {
        this.info(`${what}: ${show(bytes)} of ${show(limit)}`);
        if (bytes > limit) this.error(`${what} weighs ${show(bytes)}, more than ${show(limit)}`);
      }
    },
  };
}
