import { ActionLink } from "../../components/Action";
import { PageTitle } from "../../components/PageTitle";
import { common } from "../../lib/fr/common";
import { paymentReturn as fr } from "../../lib/fr/payment";
import { paths } from "../../lib/paths";

/** The address holds no usable follow-up link: no call is made with it. */
export function BadLink() {
  return (
    <div className="wrap pt-12">
      <PageTitle title={fr.badLink} />
      <p className="measure mt-4 mb-6">{fr.badLinkText}</p>
      <ActionLink to={paths.home}>{common.backHome}</ActionLink>
    </div>
  );
}
