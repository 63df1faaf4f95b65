// The two weights of an action: one orange call per screen, the others outlined.
import type { ComponentProps, ReactNode } from "react";
import { Link } from "react-router";

type Weight = "primary" | "secondary";

const SHAPE =
  "inline-flex min-h-11 items-center justify-center gap-2 rounded-box px-5 py-2 text-base font-semibold no-underline transition-colors duration-150";
const WEIGHT: Record<Weight, string> = {
  primary: "bg-orange text-navy hover:bg-gold disabled:bg-rule disabled:text-grey",
  secondary: "border border-navy bg-white text-navy hover:bg-navy hover:text-white",
};

interface Props {
  weight?: Weight;
  className?: string;
  children: ReactNode;
}

const look = (weight: Weight, className: string) => `${SHAPE} ${WEIGHT[weight]} ${className}`;

/** A step inside the site. */
export function ActionLink({ to, label, weight = "primary", className = "", children }: Props & { to: string; label?: string }) {
  return (
    <Link to={to} aria-label={label} className={look(weight, className)}>
      {children}
    </Link>
  );
}

/** A step that leaves the pages of the site: payment, download. */
export function ActionAnchor({ href, weight = "primary", className = "", children }: Props & { href: string }) {
  return (
    <a href={href} className={look(weight, className)}>
      {children}
    </a>
  );
}

export function ActionButton({ weight = "primary", className = "", type = "button", children, ...rest }: Props & ComponentProps<"button">) {
  return (
    <button type={type} className={look(weight, className)} {...rest}>
      {children}
    </button>
  );
}
