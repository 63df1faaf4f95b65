import { count, integer } from "../format";

/** What each eligibility means for the buyer. Keys are the statuses of the API. */
export const eligibility = {
  label: {
    full: "Étude complète",
    reduced: "Étude réduite",
    epci_scope: "À l’échelle de l’intercommunalité",
    unavailable: "Indisponible",
  } as Record<string, string>,
  full: "Toutes les pages sont disponibles pour cette commune.",
  reduced: (n: number) => `${count(n, "page retirée", "pages retirées")}, faute de données suffisantes.`,
  epciScope: "La commune est trop petite pour une étude séparée : l’étude porte sur son intercommunalité et la met en évidence.",
  unavailable: "Cette étude ne peut pas être produite pour cette commune.",
  because: (reason: string) => `Motif : ${reason}.`,
  dropped: "Pages retirées",
  announced: "Annoncé avant le paiement",
  kept: (kept: number, all: number) => `${integer(kept)} pages sur ${integer(all)}`,
  droppedLine: (page: number, title: string, reason: string) => `Page ${page}, ${title} : ${reason}`,
};
