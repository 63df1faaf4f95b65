import type { StudyDetail } from "../../lib/api/types";
import { vintage } from "../../lib/format";
import { communes } from "../../lib/fr/communes";
import { studies as fr } from "../../lib/fr/studies";

export function Contents({ lines }: { lines: StudyDetail["contents"] }) {
  return (
    <ol role="list" className="bg-white px-6 py-2">
      {lines.map(({ page, title }) => (
        <li key={page} className="flex gap-4 border-b border-rule py-2 last:border-0">
          <span className="w-12 shrink-0 text-sm leading-6 text-grey tabular-nums">{fr.page(page)}</span>
          <span>{title}</span>
        </li>
      ))}
    </ol>
  );
}

interface Cited {
  titre: string;
  producteur: string;
  licence: string;
  millesimes: string[];
  synthetique: boolean;
}

/** One line per published source: its yearly files are vintages of the same thing. */
function bySource(sources: StudyDetail["sources"]): Cited[] {
  const lines = new Map<string, Cited>();
  for (const { titre, producteur, licence, millesime, synthetique } of sources) {
    const key = [titre, producteur, licence, synthetique].join("|");
    const line = lines.get(key) ?? { titre, producteur, licence, synthetique, millesimes: [] };
    if (!line.millesimes.includes(millesime)) line.millesimes.push(millesime);
    lines.set(key, line);
  }
  return [...lines.values()];
}

export function Sources({ sources }: { sources: StudyDetail["sources"] }) {
  if (sources.length === 0) return <p className="bg-white p-5">{fr.sourcesNone}</p>;
  return (
    <ul role="list" className="bg-white px-6 py-2">
      {bySource(sources).map(({ titre, producteur, licence, millesimes, synthetique }) => (
        <li key={`${titre} ${licence} ${synthetique}`} className="grid gap-x-6 border-b border-rule py-3 last:border-0 sm:grid-cols-[1fr_14rem]">
          <p>
            <span className="font-semibold">{titre}</span>
            <span className="block text-sm text-grey">{producteur}</span>
            {synthetique && <span className="block text-sm text-orange-ink">{communes.synthetic}</span>}
          </p>
          <p className="text-sm sm:pt-0.5">
            {fr.vintages(millesimes.map(vintage).sort())}
            <span className="block text-grey">{licence}</span>
          </p>
        </li>
      ))}
    </ul>
  );
}
