// Where features are joined: a feature never imports another one, it receives it here.
import { lazy } from "react";
import { Route, Routes } from "react-router";
import { HomePage } from "../features/home/HomePage";
import { CommuneSearch } from "../features/search/CommuneSearch";
import { StudyCards } from "../features/studies/StudyCards";
import { search } from "../lib/fr/search";
import { paths } from "../lib/paths";
import { Layout } from "./Layout";
import { NotFoundPage } from "./NotFoundPage";

const StudiesPage = lazy(() => import("../features/studies/StudiesPage"));
const StudyPage = lazy(() => import("../features/studies/StudyPage"));
const CommunePage = lazy(() => import("../features/communes/CommunePage"));
const OrderPage = lazy(() => import("../features/orders/OrderPage"));
const PaymentReturnPage = lazy(() => import("../features/orders/PaymentReturnPage"));
const FollowPage = lazy(() => import("../features/orders/FollowPage"));
const LegalPage = lazy(() => import("../features/legal/LegalPage"));

export function AppRoutes() {
  return (
    <Routes>
      <Route element={<Layout />}>
        <Route index element={<HomePage search={<CommuneSearch to={paths.commune} />} studies={<StudyCards level={3} />} />} />
        <Route path="etudes" element={<StudiesPage />} />
        <Route
          path="etudes/:code"
          element={<StudyPage search={(code) => <CommuneSearch to={(insee) => paths.order(code, insee)} submitText={search.order} />} />}
        />
        <Route path="communes/:insee" element={<CommunePage />} />
        <Route path="commander/:code/:insee" element={<OrderPage />} />
        <Route path="paiement/retour" element={<PaymentReturnPage />} />
        <Route path="suivi/:token" element={<FollowPage />} />
        <Route path="accessibilite" element={<LegalPage page="accessibility" />} />
        <Route path="mentions-legales" element={<LegalPage page="legalNotice" />} />
        <Route path="cgv" element={<LegalPage page="terms" />} />
        <Route path="confidentialite" element={<LegalPage page="privacy" />} />
        <Route path="*" element={<NotFoundPage />} />
      </Route>
    </Routes>
  );
}
