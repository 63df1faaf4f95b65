import { count } from "../format";

export const search = {
  main: "Chercher une commune",
  quick: "Recherche rapide",
  label: "Votre commune",
  hint: "Nom, code postal ou code INSEE",
  placeholder: "Nom ou code postal",
  submit: "Voir la commune",
  order: "Continuer",
  list: "Communes proposées",
  tooShort: "Saisissez au moins deux caractères.",
  searching: "Recherche en cours…",
  none: (text: string) => `Aucune commune ne correspond à « ${text} ». Essayez le code postal.`,
  found: (n: number) => `${count(n, "commune proposée", "communes proposées")}. Flèches pour choisir, Entrée pour valider.`,
  failed: "La recherche ne répond pas.",
  arrondissement: "Arrondissement municipal",
  inhabitants: (n: number) => count(n, "habitant"),
  noPopulation: "population non disponible",
};
