export interface LegalSection {
  title: string;
  paragraphs: string[];
}

export interface LegalText {
  title: string;
  lede: string;
  sections: LegalSection[];
}

export const accessibility: LegalText = {
  title: "Accessibilité : non conforme tant qu’aucun audit n’a eu lieu",
  lede: "Ce site vise le référentiel RGAA 4.1 et les règles WCAG 2.2 de niveau AA. Aucun audit indépendant n’a encore été fait : nous ne déclarons donc aucun taux de conformité.",
  sections: [
    {
      title: "Ce que nous vérifions",
      paragraphs: [
        "Chaque écran est contrôlé par un outil automatique, dans son état ordinaire, en erreur et vide. Un contrôle automatique ne voit qu’une partie des défauts.",
        "La recherche, la commande et le suivi se font entièrement au clavier. Les cartes ont un tableau équivalent. Les animations s’arrêtent si votre système le demande.",
      ],
    },
    {
      title: "Ce que nous savons imparfait",
      paragraphs: [
        "Les formes des cartes ne sont pas accessibles une à une au lecteur d’écran : le tableau les remplace.",
        "Les rapports PDF sont balisés, mais leur conformité à la norme PDF/UA n’a pas été certifiée.",
      ],
    },
    {
      title: "Vos recours",
      paragraphs: [
        "Si un défaut vous empêche d’utiliser le service, signalez-le à l’exploitant. Sans réponse satisfaisante, vous pouvez saisir le Défenseur des droits.",
      ],
    },
  ],
};

export const legalNotice: LegalText = {
  title: "Mentions légales",
  lede: "LObsTer, L’Observatoire territorial, est un service privé, sans lien avec l’administration.",
  sections: [
    {
      title: "Éditeur et hébergeur",
      paragraphs: [
        "Cette installation ne déclare ni éditeur ni hébergeur : elle sert à la démonstration et aucune vente réelle ne doit y être conclue.",
        "L’exploitant qui ouvre le service au public publie ici sa dénomination, son adresse, son numéro d’immatriculation, son numéro de TVA, le nom du directeur de la publication et celui de l’hébergeur.",
      ],
    },
    {
      title: "Données publiques",
      paragraphs: [
        "Les études réutilisent des données publiées sous licence ouverte. Chaque rapport cite le producteur, le titre, le millésime et la licence de chaque source.",
        "Les producteurs ne sont pas responsables de nos calculs ni de nos commentaires.",
      ],
    },
    {
      title: "Polices et logiciels",
      paragraphs: [
        "Le site utilise la police IBM Plex (licence SIL Open Font) et la bibliothèque de cartes Leaflet. Aucun fichier n’est chargé depuis un site tiers.",
      ],
    },
  ],
};

export const terms: LegalText = {
  title: "Conditions générales de vente",
  lede: "Version courte, applicable aux commandes passées sur ce site.",
  sections: [
    {
      title: "Ce qui est vendu",
      paragraphs: [
        "Une étude est un fichier PDF consacré à une commune, fabriqué à la demande à partir de données publiques. Les pages retirées pour une commune sont annoncées avant le paiement.",
        "Une étude décrit une situation. Elle n’est ni un conseil d’achat, ni un avis juridique, ni un document opposable.",
      ],
    },
    {
      title: "Prix et paiement",
      paragraphs: [
        "Les prix sont affichés en euros, hors taxes et toutes taxes comprises. Le paiement se fait par carte sur la page de notre prestataire ; aucun numéro de carte ne passe par ce site.",
        "La commande n’est fabriquée qu’après confirmation du paiement.",
      ],
    },
    {
      title: "Livraison",
      paragraphs: [
        "Le rapport est téléchargeable dès sa fabrication. Le lien envoyé par e-mail est valable trente jours. Le délai affiché est celui mesuré sur les derniers rapports ; ce n’est pas une garantie.",
      ],
    },
    {
      title: "Droit de rétractation",
      paragraphs: [
        "Un particulier dispose en principe de quatorze jours. Pour un contenu numérique fourni immédiatement, ce droit est perdu si vous avez demandé l’exécution immédiate et reconnu cette perte : les deux accords sont recueillis séparément à la commande.",
      ],
    },
    {
      title: "Si le rapport ne peut pas être fabriqué",
      paragraphs: [
        "Si la fabrication échoue définitivement, la commande est remboursée. Le suivi de la commande indique où en est cette décision.",
      ],
    },
  ],
};

export const privacy: LegalText = {
  title: "Confidentialité",
  lede: "Nous recueillons le minimum : votre adresse e-mail, ce que vous commandez et les accords que vous donnez.",
  sections: [
    {
      title: "Ce qui est gardé",
      paragraphs: [
        "Votre adresse e-mail sert à livrer le rapport. Vos accords sont gardés avec leur texte, leur date et une empreinte de l’adresse réseau, comme preuve du contrat.",
        "Le registre des commandes ne contient aucune donnée personnelle : seulement des identifiants, des codes, des montants et des empreintes. Effacer vos données ne le rompt donc pas.",
      ],
    },
    {
      title: "Durées",
      paragraphs: [
        "La preuve du contrat est gardée cinq ans.",
      ],
    },
    {
      title: "Destinataires",
      paragraphs: [
        "Le prestataire de paiement et le prestataire d’envoi d’e-mails reçoivent ce qui leur est nécessaire. Le modèle de langue qui rédige les commentaires ne reçoit aucune donnée sur vous.",
      ],
    },
    {
      title: "Cookies",
      paragraphs: ["Ce site ne dépose aucun cookie de mesure ni de publicité, et ne charge rien depuis un site tiers."],
    },
    {
      title: "Vos droits",
      paragraphs: [
        "Vous pouvez demander l’accès à vos données, leur rectification, leur effacement ou leur export auprès de l’exploitant, puis saisir la Cnil en cas de désaccord.",
      ],
    },
  ],
};
