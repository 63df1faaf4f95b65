import { Link, NavLink } from "react-router";
import { CommuneSearch } from "../features/search/CommuneSearch";
import { common } from "../lib/fr/common";
import { paths } from "../lib/paths";

/** The mark: four cells of a map, the commune in orange. */
function Mark() {
  return (
    <svg viewBox="0 0 22 22" aria-hidden="true" className="size-7 shrink-0">
      <path className="fill-teal" d="M0 0h9v12H0zm13 16h9v6h-9z" />
      <path className="fill-pale" d="M0 16h9v6H0z" />
      <path className="fill-orange" d="M13 0h9v12h-9z" />
    </svg>
  );
}

/** `search` is off where the page has its own large search box. */
export function Header({ search }: { search: boolean }) {
  return (
    <header className="on-navy bg-navy text-white">
      <div className="wrap flex min-h-16 flex-wrap items-center gap-x-6 gap-y-2 py-2">
        <Link to={paths.home} className="flex min-h-11 items-center gap-3">
          <Mark />
          <span className="leading-tight">
            <span className="block font-semibold tracking-widest">{common.brand}</span>
            <span className="block text-sm text-pale">{common.tagline}</span>
          </span>
        </Link>
        <nav aria-label={common.mainNav} className={`order-2 ml-auto md:order-3 ${search ? "md:ml-0" : ""}`}>
          <NavLink
            to={paths.studies}
            className={({ isActive }) =>
              `inline-flex min-h-11 items-center border-b-2 px-1 font-semibold hover:border-gold ${isActive ? "border-orange" : "border-transparent"}`
            }
          >
            {common.studies}
          </NavLink>
        </nav>
        {search && (
          <div className="order-3 w-full pb-2 md:order-2 md:ml-auto md:w-80 md:pb-0">
            <CommuneSearch compact to={paths.commune} />
          </div>
        )}
      </div>
    </header>
  );
}
