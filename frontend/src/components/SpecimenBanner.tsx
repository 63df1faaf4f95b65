import { common } from "../lib/fr/common";

/** Shown as soon as one figure of the screen comes from generated data. */
export function SpecimenBanner() {
  return (
    <p className="border border-orange-ink bg-white px-4 py-2 text-sm">
      <strong className="kicker mr-2 text-orange-ink">{common.specimen}</strong>
      {common.specimenWhy}
    </p>
  );
}
