import { type ReactNode, useId } from "react";

interface Props {
  kicker?: string;
  title: string;
  className?: string;
  children: ReactNode;
}

/** A titled part of a page, in the manner of the reports: rule, orange label, title. */
export function Section({ kicker, title, className = "", children }: Props) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={`border-t-2 border-navy pt-4 ${className}`}>
      {kicker !== undefined && <p className="kicker text-orange-ink">{kicker}</p>}
      <h2 id={id} className="text-lg md:text-xl">
        {title}
      </h2>
      <div className="mt-4">{children}</div>
    </section>
  );
}
