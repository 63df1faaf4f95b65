import { Suspense, useEffect, useRef } from "react";
import { NavigationType, Outlet, useLocation, useNavigationType } from "react-router";
import { Loading, Skeleton } from "../components/Skeleton";
import { common } from "../lib/fr/common";
import { paths } from "../lib/paths";
import { useOnline } from "../lib/useOnline";
import { ErrorBoundary } from "./ErrorBoundary";
import { Footer } from "./Footer";
import { Header } from "./Header";

/** A new page starts at its top; going back keeps the place the browser remembers. */
function useTopOnArrival(place: string) {
  const kind = useNavigationType();
  const last = useRef(place);
  useEffect(() => {
    if (last.current !== place && kind !== NavigationType.Pop) window.scrollTo(0, 0);
    last.current = place;
  }, [place, kind]);
}

export function Layout() {
  const { pathname } = useLocation();
  const online = useOnline();
  useTopOnArrival(pathname);
  return (
    <>
      <a href="#contenu" className="sr-only focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-10 focus:bg-white focus:p-3 focus:text-navy">
        {common.skip}
      </a>
      <Header search={pathname !== paths.home} />
      <div role="status">
        {!online && <p className="bg-gold px-4 py-2 text-center font-semibold text-navy">{common.offline}</p>}
      </div>
      {/* The height is reserved so that the footer does not jump while a page arrives. */}
      <main id="contenu" tabIndex={-1} className="min-h-screen grow outline-none">
        <ErrorBoundary place={pathname}>
          <Suspense fallback={<PageOnItsWay />}>
            <Outlet />
          </Suspense>
        </ErrorBoundary>
      </main>
      <Footer />
    </>
  );
}

function PageOnItsWay() {
  return (
    <div className="wrap pt-10">
      <Loading />
      <Skeleton className="h-10 w-2/3" />
      <Skeleton className="mt-8 h-96" />
    </div>
  );
}
