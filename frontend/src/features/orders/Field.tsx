import type { ReactNode } from "react";

/** The message under a field, tied to it by `aria-describedby={errorId(id)}`. */
export const errorId = (id: string) => `${id}-erreur`;
export const hintId = (id: string) => `${id}-aide`;

export function FieldError({ id, message }: { id: string; message: string | undefined }) {
  if (message === undefined) return null;
  return (
    <p id={errorId(id)} className="mt-1 flex gap-2 text-sm font-semibold text-error">
      <svg viewBox="0 0 16 16" aria-hidden="true" className="mt-0.5 size-4 shrink-0 fill-error">
        <path d="M8 0l8 15H0zM7 5v5h2V5zm0 6v2h2v-2z" fillRule="evenodd" />
      </svg>
      {message}
    </p>
  );
}

/** One numbered block of the order. */
export function Block({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section aria-labelledby={id} className="border-t-2 border-navy bg-white p-5 md:p-6">
      <h2 id={id} className="text-lg">
        {title}
      </h2>
      <div className="mt-4">{children}</div>
    </section>
  );
}

/** What links a control to its hint and its error, whichever exist. */
export const describedBy = (id: string, hint: boolean, message: string | undefined) =>
  [hint ? hintId(id) : "", message === undefined ? "" : errorId(id)].filter(Boolean).join(" ") || undefined;
