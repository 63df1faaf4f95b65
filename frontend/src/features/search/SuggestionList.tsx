import type { Suggestion } from "../../lib/api/types";
import { search as fr } from "../../lib/fr/search";

interface Props {
  id: string;
  label: string;
  found: Suggestion[];
  active: number;
  onPick: (insee: string) => void;
  /** Shown in place of the list when there is nothing to choose. */
  message: string;
}

/** Homonyms are told apart by département, postcodes and population. */
export function SuggestionList({ id, label, found, active, onPick, message }: Props) {
  const empty = found.length === 0;
  return (
    <div
      className={`absolute inset-x-0 top-full z-1000 mt-1 max-h-96 overflow-y-auto rounded-box bg-white text-left text-navy shadow-float ${empty && message === "" ? "hidden" : ""}`}
    >
      {empty && (
        <p aria-hidden="true" className="px-4 py-3 text-sm">
          {message}
        </p>
      )}
      <div role="listbox" id={`${id}-list`} aria-label={label}>
        {found.map((commune, index) => (
          // The keyboard acts on the input, as the combobox pattern asks: an option only answers the pointer.
          // eslint-disable-next-line jsx-a11y/click-events-have-key-events
          <div
            key={commune.code}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onPick(commune.code)}
            className={`min-h-11 cursor-pointer border-b border-rule px-4 py-2 last:border-0 hover:bg-mist ${index === active ? "bg-mist outline-2 -outline-offset-2 outline-navy" : ""}`}
          >
            <span className="flex flex-wrap items-baseline justify-between gap-x-4">
              <span className="font-semibold">{commune.nom}</span>
              <span className="text-sm text-grey tabular-nums">{commune.population == null ? fr.noPopulation : fr.inhabitants(commune.population)}</span>
            </span>
            <span className="block text-sm text-grey">{place(commune)}</span>
          </div>
        ))}
      </div>
    </div>
  );
}

function place({ departement, codes_postaux, kind }: Suggestion): string {
  const postcodes = codes_postaux.length > 3 ? `${codes_postaux.slice(0, 3).join(", ")}…` : codes_postaux.join(", ");
  const parts = [`${departement.nom} (${departement.code})`, postcodes, kind === "arrondissement" ? fr.arrondissement : ""];
  return parts.filter((part) => part !== "").join(" · ");
}
