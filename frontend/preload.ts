// The text faces start with the page, not with the style sheet: a face that comes late moves everything already drawn.
import type { Plugin } from "vite";

const EARLY = /ibm-plex-sans-latin-(400|600)-normal.*\.woff2$/;

export function preloadFonts(): Plugin {
  return {
    name: "lobster-preload-fonts",
    apply: "build",
    transformIndexHtml(_, { bundle }) {
      const faces = Object.keys(bundle ?? {}).filter((name) => EARLY.test(name));
      return faces.map((name) => ({
        tag: "link",
        attrs: { rel: "preload", href: `/${name}`, as: "font", type: "font/woff2", crossorigin: true },
        injectTo: "head",
      }));
    },
  };
}
