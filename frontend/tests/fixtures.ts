// Invented answers of the API, in its exact shapes. « Ville-Exemple » does not exist and no figure is real.
import type { CommunePage, Fact, MapView, OrderView, Price, Specimen, StudyCard, StudyDetail, Suggestion, TimelineEntry } from "../src/lib/api/types";

export const TOKEN = "019f0c2e7a317c1e9d5b2a4c6e8f0a1b.AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE";
export const ORDER_ID = "019f0c2e-7a31-7c1e-9d5b-2a4c6e8f0a1b";

export const price: Price = { ht_cents: 29_000, vat_cents: 5_800, ttc_cents: 34_800, vat_rate: "20.0", currency: "EUR" };

const source = { dataset: "lovac", producteur: "Producteur", titre: "Fichier d’exemple", millesime: "2024", synthetique: true };

export function fact(over: Partial<Fact> = {}): Fact {
  return {
    id: "lov.tx2@com",
    label: "Logements privés vacants depuis plus de deux ans",
    text: "3,1\u00a0%",
    status: "ok",
    unit: "pct",
    period: "2024",
    note: null,
    comparison: { scope_label: "Communes comparables", text: "médiane 2,6\u00a0% (64\u00a0communes)" },
    source,
    ...over,
  };
}

const facts: Fact[] = [
  fact({ id: "log.n@com", label: "Logements", text: "8\u202f140", comparison: null }),
  fact(),
  fact({ id: "dvf.med@com", label: "Prix médian des maisons", text: "1\u202f980\u00a0€/m²", status: "low_n", note: "Médiane calculée sur 18\u00a0ventes." }),
  fact({ id: "ani.loyer@com", label: "Loyer d’annonce d’un appartement", text: "11,2\u00a0€/m²/mois", status: "modelled" }),
  fact({ id: "rpl.tx@com", label: "Logements du parc social", text: "n.d.", status: "secret", comparison: null }),
  fact({ id: "zon.abc@com", label: "Zone ABC", text: "B1", comparison: null }),
];

const NAMES = ["Ville-Exemple", "Bourg-Neuf", "Val-Exemple", "Les Essarts-Fictifs", "Saint-Exemple", "Port-Imaginaire", "Le Hameau", "Roche-Témoin", "Champ-Libre"];

const VALUES = [9.4, 4.1, 5.2, 3.3, 8.8, null, 6.1, 7.0, 2.4];

export const map: MapView = {
  kind: "schematique",
  label: "carte schématique",
  features: {
    type: "FeatureCollection",
    features: NAMES.map((nom, index) => {
      const [x, y] = [-1.6 + (index % 3) * 0.06, 47.2 + Math.floor(index / 3) * 0.04];
      const ring = [[x, y], [x + 0.06, y], [x + 0.06, y + 0.04], [x, y + 0.04], [x, y]];
      const valeur = VALUES[index] ?? null;
      return {
        type: "Feature" as const,
        // The document says « an object »: its generated type knows no key.
        geometry: { type: "Polygon", coordinates: [ring] } as never,
        properties: {
          code: `9900${index + 1}`,
          nom,
          valeur,
          texte: valeur === null ? "n.d." : `${String(valeur).replace(".", ",")}\u00a0%`,
          statut: valeur === null ? "secret" : "ok",
        },
      };
    }),
  },
  indicator: { id: "log.tx_vac", label: "Part de logements vacants", unit: "pct", vintage: "2021" },
  source: "données d’exemple",
};

export const commune: CommunePage = {
  code: "99001",
  nom: "Ville-Exemple",
  departement: { code: "99", nom: "Département-Exemple" },
  region: { code: "98", nom: "Région-Exemple" },
  epci: { siren: "200000000", nom: "Communauté d’exemple", nb_communes: 9 },
  population: 16_250,
  codes_postaux: ["99100", "99110"],
  cog_annee: 2026,
  loaded: true,
  facts,
  map,
  studies: [
    {
      code: "LOG-01",
      title: "Diagnostic logement",
      promise: "L’offre, la demande et leurs écarts, pour préparer un programme local de l’habitat.",
      pages: 24,
      price,
      eligibility: { study: "LOG-01", status: "full", dropped_pages: [], reason: null },
    },
    {
      code: "TER-01",
      title: "Portrait de territoire",
      promise: "Qui habite votre commune, si elle grandit, ce qu’elle offre.",
      pages: 14,
      price: { ht_cents: 9_000, vat_cents: 1_800, ttc_cents: 10_800, vat_rate: "20.0", currency: "EUR" },
      eligibility: {
        study: "TER-01",
        status: "reduced",
        dropped_pages: [{ page: 10, title: "Marché", reason: "ventes non diffusées dans ce département" }],
        reason: null,
      },
    },
  ],
  specimen: true,
};

/** A drawing in the manner of the server: sized, named, described. */
export const DRAWING =
  '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="Le parc selon son occupation" width="330" height="230" viewBox="0 0 330 230"><title>Le parc selon son occupation</title><desc>Résidences principales 86,1 %, vacants 9,4 %.</desc><rect x="90" y="20" width="200" height="22" fill="#e87722"/><text x="0" y="35" font-size="9" fill="#0d1f3c">Ville-Exemple</text></svg>';

const specimens: Specimen[] = ["occupation", "vacance"].map((key) => ({
  title: key === "vacance" ? "Vacance du parc privé" : "Le parc selon son occupation",
  measure: "En\u00a0% des logements",
  source: "Source\u00a0: Insee, RP logement 2021\u00a0; calculs LObsTer.",
  width: 330,
  height: 230,
  url: `/api/studies/LOG-01/specimens/${key}-0123456789abcdef.svg`,
}));

export const study: StudyCard = {
  code: "LOG-01",
  title: "Diagnostic logement",
  promise: "L’offre, la demande et leurs écarts, pour préparer un programme local de l’habitat.",
  audience: "Communes, intercommunalités, bailleurs, urbanistes",
  questions: ["La vacance est-elle un problème ici ?", "Le marché est-il tendu ?", "D’où viennent ces chiffres ?"],
  pages: 6,
  price,
  delivered: 42,
  median_seconds: 95,
  p90_seconds: 180,
  specimen: specimens[0] ?? null,
};

/** A study that nobody has bought yet, and that shows no drawing. */
export const portrait: StudyCard = {
  ...study,
  code: "TER-01",
  title: "Portrait de territoire",
  promise: "Qui habite votre commune, si elle grandit, ce qu’elle offre.",
  pages: 14,
  price: { ht_cents: 9_000, vat_cents: 1_800, ttc_cents: 10_800, vat_rate: "20.0", currency: "EUR" },
  delivered: 0,
  median_seconds: null,
  p90_seconds: null,
  specimen: null,
};

/** What was announced of a study without its market. */
export const reduced = {
  status: "reduced" as const,
  dropped_pages: [{ page: 5, title: "Marché", reason: "ventes non diffusées dans ce département" }],
};

export const studyDetail: StudyDetail = {
  ...study,
  specimens,
  contents: [
    { page: 1, title: "Couverture" },
    { page: 2, title: "Lire ce rapport" },
    { page: 3, title: "Synthèse" },
    { page: 4, title: "Vacance" },
    { page: 5, title: "Marché" },
    { page: 6, title: "Sources et limites" },
  ],
  sources: [{ ...source, licence: "Licence Ouverte 2.0" }],
  limits: ["Elle ne décrit ni les logements indignes ni la demande de logement social."],
};

export const suggestions: Suggestion[] = [
  { code: "99001", nom: "Ville-Exemple", departement: { code: "99", nom: "Département-Exemple" }, codes_postaux: ["99100"], population: 16_250, kind: "commune" },
  { code: "98002", nom: "Ville-Exemple", departement: { code: "98", nom: "Autre-Département" }, codes_postaux: ["98200", "98210", "98220", "98230"], population: null, kind: "arrondissement" },
];

const NAMES_OF_STEPS = ["paiement", "collecte", "redaction", "mise_en_page", "controle", "livraison"] as const;

/** An order whose first `done` steps are over and the next one is running, unless `status` says otherwise. */
export function order(status: OrderView["status"], done: number, over: Partial<OrderView> = {}): OrderView {
  const at = (seconds: number) => new Date(Date.now() - 90_000 + seconds * 1_000).toISOString();
  const running = status === "paid" ? done : -1;
  return {
    order_id: ORDER_ID,
    status,
    study: { code: "LOG-01", title: "Diagnostic logement" },
    commune: { code: "99001", nom: "Ville-Exemple" },
    announced: { status: "full", dropped_pages: [] },
    price,
    placed_at: at(-30),
    paid_at: status === "pending" ? null : at(0),
    delivered_at: status === "delivered" ? at(80) : null,
    payment_url: status === "pending" ? "https://paiement.example/session" : null,
    steps: NAMES_OF_STEPS.map((step, index) => ({
      step,
      state: index < done ? "done" : index === running ? "running" : status === "failed" && index === done ? "failed" : "waiting",
      started_at: index <= done && status !== "pending" ? at(index * 12) : null,
      ended_at: index < done ? at(index * 12 + 11) : null,
      detail: step === "collecte" && index < done ? "9\u00a0sources lues" : null,
    })),
    expected_seconds: { median: 95, p90: 180 },
    download:
      status === "delivered"
        ? { url: "/r/jeton", filename: "LOG-01_Ville-Exemple_99001_2026-11-22.pdf", bytes: 1_240_000, sha256: "a3f5".repeat(16), csv_url: "/r/jeton/chiffres.csv", json_url: "/r/jeton/chiffres.json" }
        : null,
    refunded_cents: 0,
    dispute: null,
    mail: status === "delivered" ? "delivered" : null,
    can_pay_again: status === "expired",
    can_cancel: status === "pending" || status === "expired",
    can_renew_link: false,
    email_masked: "m•••@exemple.fr",
    position: 10 + done,
    specimen: true,
    ...over,
  };
}

export const timeline: TimelineEntry[] = [
  { position: 1, event_id: "e1", event_type: "OrderPlaced", title: "Commande enregistrée", text: "Étude LOG-01 pour la commune 99001, 348\u00a0€ TTC.", actor: "customer", at: "2026-11-22T09:00:00Z", caused_by: null, detail: {} },
  { position: 2, event_id: "e2", event_type: "OrderPaid", title: "Paiement confirmé", text: "348\u00a0€ reçus.", actor: "stripe", at: "2026-11-22T09:01:12Z", caused_by: "e1", detail: {} },
];

export const problem = (status: number, code: string, title: string, detail: string) => ({
  type: "about:blank",
  title,
  status,
  detail,
  code,
  instance: "req-0123456789",
});
