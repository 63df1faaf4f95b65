import { ActionLink } from "../components/Action";
import { PageTitle } from "../components/PageTitle";
import { common } from "../lib/fr/common";
import { paths } from "../lib/paths";

export function NotFoundPage() {
  return (
    <div className="wrap pt-12">
      <p className="kicker text-orange-ink">404</p>
      <PageTitle title={common.notFoundTitle} />
      <p className="measure mt-4">{common.notFoundText}</p>
      <p className="measure mb-6">{common.notFoundSearch}</p>
      <ActionLink to={paths.home}>{common.backHome}</ActionLink>
    </div>
  );
}
