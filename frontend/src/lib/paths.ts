/** Every address of the site, written once. */
export const paths = {
  home: "/",
  studies: "/etudes",
  study: (code: string) => `/etudes/${encodeURIComponent(code)}`,
  commune: (insee: string) => `/communes/${encodeURIComponent(insee)}`,
  order: (study: string, insee: string) => `/commander/${encodeURIComponent(study)}/${encodeURIComponent(insee)}`,
  paymentReturn: "/paiement/retour",
  follow: (token: string) => `/suivi/${encodeURIComponent(token)}`,
  accessibility: "/accessibilite",
  legalNotice: "/mentions-legales",
  terms: "/cgv",
  privacy: "/confidentialite",
};
