export const home = {
  kicker: "Études territoriales, commune par commune",
  title: "Une étude complète de votre commune, dont chaque chiffre remonte à sa source publique",
  lede: "Choisissez une commune, puis une étude. Le rapport est calculé, rédigé, contrôlé et livré en PDF, en ligne.",
  studiesKicker: "Catalogue",
  studiesTitle: "Les études disponibles",
  studiesMore: "Voir le catalogue",
  traceKicker: "Méthode",
  traceTitle: "D’où vient chaque chiffre",
  traceLede: "Un chiffre imprimé dans un rapport peut être suivi, sans rupture, jusqu’au fichier publié par son producteur.",
  trace: [
    { title: "Le producteur", text: "Insee, DGFiP, Anil, Ademe… Le rapport cite le fichier d’origine, son millésime et sa licence." },
    { title: "Le fichier chargé", text: "L’empreinte SHA-256 du fichier est conservée : on sait exactement quelles données ont servi." },
    { title: "Le calcul", text: "Chaque indicateur a une seule formule et une seule requête, gardées avec le résultat." },
    { title: "La phrase", text: "Le texte cite le chiffre sans le retaper : un contrôle refuse tout nombre écrit à la main." },
  ],
  candorKicker: "Avant de payer",
  candorTitle: "Ce que vous savez avant de commander",
  candor: [
    { title: "Ce que le rapport contiendra", text: "Les pages qui manqueraient pour votre commune, et pourquoi, sont annoncées sur sa fiche." },
    { title: "Ce qui n’est pas publiable", text: "Un chiffre couvert par le secret statistique est imprimé « n.d. », jamais estimé en silence." },
    { title: "Le prix et le délai", text: "Le prix est affiché hors taxes et toutes taxes comprises ; le délai est celui mesuré sur les derniers rapports." },
  ],
};
