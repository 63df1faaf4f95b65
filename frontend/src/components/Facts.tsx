import type { ReactNode } from "react";

/** Label and value pairs, set as the header of a report sheet. */
export function Facts({ items, className = "" }: { items: [string, ReactNode][]; className?: string }) {
  return (
    <dl className={`grid gap-x-8 gap-y-3 ${className}`}>
      {items.map(([label, value]) => (
        <div key={label} className="min-w-0">
          <dt className="text-sm text-grey">{label}</dt>
          <dd className="font-semibold">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
