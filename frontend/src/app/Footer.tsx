import { Link } from "react-router";
import { common } from "../lib/fr/common";
import { paths } from "../lib/paths";

const LINKS: [string, string][] = [
  [paths.accessibility, common.legal.accessibility],
  [paths.legalNotice, common.legal.notice],
  [paths.terms, common.legal.terms],
  [paths.privacy, common.legal.privacy],
];

export function Footer() {
  return (
    <footer className="on-navy mt-16 bg-navy py-8 text-white">
      <div className="wrap flex flex-wrap items-start justify-between gap-x-12 gap-y-4">
        <p className="measure text-sm text-pale">{common.footer}</p>
        <nav aria-label={common.footerNav}>
          <ul role="list" className="flex flex-wrap gap-x-6 gap-y-1 text-sm">
            {LINKS.map(([to, label]) => (
              <li key={to}>
                <Link to={to} className="inline-flex min-h-11 items-center underline underline-offset-4 hover:text-gold md:min-h-6">
                  {label}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
      </div>
    </footer>
  );
}
