import { PageTitle } from "../../components/PageTitle";
import { studies as fr } from "../../lib/fr/studies";
import { StudyCards } from "./StudyCards";

export default function StudiesPage() {
  return (
    <div className="wrap pt-10">
      <PageTitle title={fr.listTitle} />
      <p className="measure mt-4 mb-8">{fr.listLede}</p>
      <StudyCards level={2} />
    </div>
  );
}
