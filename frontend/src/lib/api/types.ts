// The answers of the API, named for the screens. Derived from the generated schema by route, so a renamed
// component of the OpenAPI document changes nothing here.
import type { paths } from "./schema";

type Json<R> = R extends { content: { "application/json": infer Body } } ? Body : never;
type Get<P extends keyof paths> = paths[P] extends { get: { responses: { 200: infer R } } } ? Json<R> : never;

type PlaceOrder = paths["/api/orders"]["post"];

export type Suggestion = Get<"/api/communes">["communes"][number];
export type CommunePage = Get<"/api/communes/{code}">;
export type Fact = CommunePage["facts"][number];
export type Offer = CommunePage["studies"][number];
export type Eligibility = Offer["eligibility"];
export type Price = Offer["price"];
export type MapView = NonNullable<CommunePage["map"]>;

export type StudyCard = Get<"/api/studies">["studies"][number];
export type StudyDetail = Get<"/api/studies/{code}">;
export type Specimen = StudyDetail["specimens"][number];

export type OrderRequest = PlaceOrder["requestBody"]["content"]["application/json"];
export type OrderPlaced = Json<PlaceOrder["responses"][201]>;
export type OrderView = Get<"/api/orders/{id}">;
export type OrderStep = OrderView["steps"][number];
export type TimelineEntry = Get<"/api/orders/{id}/timeline">["entries"][number];

/** What every screen shows of a failed call (RFC 9457). */
export interface ProblemBody {
  title?: string;
  detail?: string | null;
  code?: string;
  instance?: string | null;
  errors?: { field: string; code: string; message: string }[];
}
