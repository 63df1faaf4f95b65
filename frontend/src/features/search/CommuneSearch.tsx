import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useId, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { ActionButton } from "../../components/Action";
import { communeQueries } from "../../lib/api/queries";
import { search as fr } from "../../lib/fr/search";
import { useDebounced } from "../../lib/useDebounced";
import { SuggestionList } from "./SuggestionList";
import { useCombobox } from "./useCombobox";

interface Props {
  /** Where a chosen commune leads. */
  to: (insee: string) => string;
  /** In the header: one line, no visible label, no button. */
  compact?: boolean;
  /** What the button says. */
  submitText?: string;
}

/** Commune search by name, postcode or INSEE code, usable with the keyboard alone. */
export function CommuneSearch({ to, compact = false, submitText = fr.submit }: Props) {
  const id = useId();
  const navigate = useNavigate();
  const client = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState("");
  const wanted = text.trim();
  const rested = useDebounced(wanted, 150);
  const query = useQuery(communeQueries.search(rested));
  const settled = rested === wanted && !query.isFetching;
  const found = wanted.length >= 2 && rested === wanted ? (query.data?.communes ?? []) : [];

  const box = useCombobox({
    size: found.length,
    onPick: (index) => found[index] && pick(found[index].code),
    onSubmit: () => void submit(),
  });

  function pick(insee: string) {
    box.close();
    setText("");
    void navigate(to(insee));
  }

  /** Enter, or the button: the first commune, even when the answer is not there yet. */
  async function submit() {
    box.show();
    if (wanted.length < 2) return;
    // A failure is shown by the list itself, which asks the same question.
    const answer = await client.query(communeQueries.search(wanted)).catch(() => null);
    const first = answer?.communes[0];
    const unchanged = input.current?.value.trim() === wanted;
    if (first && unchanged) pick(first.code);
  }

  const message = status();
  function status(): string {
    if (!box.open || wanted === "") return "";
    if (wanted.length < 2) return fr.tooShort;
    if (!settled) return fr.searching;
    if (query.isError) return fr.failed;
    return found.length === 0 ? fr.none(wanted) : fr.found(found.length);
  }

  return (
    <form
      role="search"
      aria-label={compact ? fr.quick : fr.main}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <label htmlFor={`${id}-input`} className={compact ? "sr-only" : "block font-semibold"}>
        {fr.label}
      </label>
      {!compact && (
        <p id={`${id}-hint`} className="text-sm opacity-90">
          {fr.hint}
        </p>
      )}
      <div className="@container">
        <div className={compact ? "" : "mt-2 grid gap-3 @md:grid-cols-[1fr_auto]"}>
          <div className="relative">
            <input
              ref={input}
              id={`${id}-input`}
              type="text"
              role="combobox"
              aria-expanded={box.open && found.length > 0}
              aria-controls={`${id}-list`}
              aria-autocomplete="list"
              aria-activedescendant={box.active >= 0 ? `${id}-${box.active}` : undefined}
              aria-describedby={compact ? undefined : `${id}-hint`}
              autoComplete="off"
              spellCheck={false}
              placeholder={compact ? fr.placeholder : undefined}
              value={text}
              onChange={(event) => {
                setText(event.target.value);
                box.setActive(-1);
                box.show();
              }}
              onFocus={box.show}
              onBlur={box.close}
              onKeyDown={box.onKeyDown}
              className={`w-full rounded-box border border-navy bg-white px-3 text-base text-navy placeholder:text-grey ${compact ? "h-11" : "h-14"}`}
            />
            <SuggestionList id={id} label={fr.list} found={box.open ? found : []} active={box.active} onPick={pick} message={message} />
          </div>
          {!compact && (
            <ActionButton type="submit" className="min-h-14">
              {submitText}
            </ActionButton>
          )}
        </div>
      </div>
      <p role="status" className="sr-only">
        {message}
      </p>
    </form>
  );
}
