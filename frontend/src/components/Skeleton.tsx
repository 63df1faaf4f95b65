import { common } from "../lib/fr/common";

/** A place held at its final size while its content arrives. */
export function Skeleton({ className }: { className: string }) {
  return <div aria-hidden="true" className={`pulse rounded-box bg-rule ${className}`} />;
}

/** Says once, to those who cannot see the skeletons, that something is coming. */
export function Loading() {
  return (
    <p role="status" className="sr-only">
      {common.loading}
    </p>
  );
}
