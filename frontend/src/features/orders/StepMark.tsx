import type { OrderStep } from "../../lib/api/types";

const FRAME = "relative z-1 flex size-7 shrink-0 items-center justify-center rounded-full";

/** The sign of a step; the words beside it say the same thing. */
export function StepMark({ state }: { state: OrderStep["state"] }) {
  switch (state) {
    case "done":
      return (
        <span aria-hidden="true" className={`${FRAME} bg-navy`}>
          <svg viewBox="0 0 16 16" className="size-4 fill-none stroke-white" strokeWidth="2">
            <path d="M3 8.5l3.5 3.5L13 4.5" />
          </svg>
        </span>
      );
    case "running":
      return (
        <span aria-hidden="true" className={`${FRAME} border-2 border-navy bg-white`}>
          <span className="pulse size-3 rounded-full bg-orange" />
        </span>
      );
    case "failed":
      return (
        <span aria-hidden="true" className={`${FRAME} bg-error`}>
          <svg viewBox="0 0 16 16" className="size-4 stroke-white" strokeWidth="2">
            <path d="M4 4l8 8M12 4l-8 8" />
          </svg>
        </span>
      );
    default:
      return <span aria-hidden="true" className={`${FRAME} border-2 border-rule bg-white`} />;
  }
}
