import { type ReactNode, useEffect, useRef } from "react";
import { common } from "../lib/fr/common";

// The first page a visitor opens is announced by the browser itself; only later ones need help.
let visited = false;

interface Props {
  /** Title of the tab, and what a screen reader hears on arrival. */
  title: string;
  /** What the heading shows, when richer than the title. */
  children?: ReactNode;
  className?: string;
}

/** The h1 of a page: names the tab and takes the focus when the visitor arrives from another page. */
export function PageTitle({ title, children, className = "text-xl md:text-2xl" }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = title === common.siteTitle ? title : `${title} — ${common.siteName}`;
  }, [title]);
  useEffect(() => {
    if (visited) heading.current?.focus({ preventScroll: true });
    visited = true;
  }, []);
  return (
    <h1 ref={heading} tabIndex={-1} className={className}>
      {children ?? title}
    </h1>
  );
}
