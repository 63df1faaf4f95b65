import { type KeyboardEvent, useState } from "react";

interface Options {
  /** How many choices are shown. */
  size: number;
  onPick: (index: number) => void;
  /** Enter with no choice under the cursor. */
  onSubmit: () => void;
}

/** Keyboard of the ARIA combobox with a list: arrows wrap, Enter picks, Escape closes, Tab leaves. */
export function useCombobox({ size, onPick, onSubmit }: Options) {
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);

  const show = () => setOpen(true);
  const close = () => {
    setOpen(false);
    setActive(-1);
  };

  function onKeyDown(event: KeyboardEvent) {
    const shown = open && size > 0;
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp": {
        event.preventDefault();
        if (!shown) {
          show();
          return;
        }
        const from = active === -1 && event.key === "ArrowUp" ? 0 : active;
        setActive((from + (event.key === "ArrowDown" ? 1 : -1) + size) % size);
        return;
      }
      case "Enter":
        event.preventDefault();
        if (shown && active >= 0) onPick(active);
        else onSubmit();
        return;
      case "Escape":
        if (open) {
          event.preventDefault();
          close();
        }
        return;
      case "Tab":
        close();
    }
  }

  return { open, active, show, close, setActive, onKeyDown };
}
