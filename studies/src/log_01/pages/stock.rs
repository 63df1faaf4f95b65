//! What there is to live in: occupation, kinds, sizes, tenure, vacancy, the social stock.

use super::{HALF, Rows, compared, drawn, halves, listed};
use crate::exhibits;
use crate::pages::{Item, Line, Point, Sheaf};

const STOCK: &[Line] = &[
    ("log.n", "Logements", None),
    ("log.tcam", "Variation annuelle moyenne", None),
    ("log.tx_rp", "Résidences principales", None),
    ("log.tx_rs", "Résidences secondaires", None),
    ("log.tx_vac", "Logements vacants (recensement)", None),
];

pub fn occupation(sheaf: &mut Sheaf<'_, '_>) -> Rows {
    let stock = drawn(sheaf, "Le parc selon son occupation", &["log.n"], |sheaf| {
        exhibits::stock(sheaf.press, &mut sheaf.numbers, (HALF, 276.0))
    })?;
    let text = sheaf.text("commentaire")?;
    let parts =
        [("log.tx_rp", "Résidences principales"), ("log.tx_rs", "Résidences secondaires"), ("log.tx_vac", "Vacants")];
    let bars = drawn(sheaf, "L’occupation du parc par territoire", &["log.tx_rp"], |sheaf| {
        let words = ("L’occupation du parc par territoire", "En\u{a0}% des logements, au dernier recensement");
        exhibits::parts(sheaf.press, &mut sheaf.numbers, "occupation", words, &parts, (HALF, 156.0)).map(Some)
    })?;
    let table = listed(sheaf, "Le parc de logements", "Nombre, rythme et parts", STOCK)?;
    halves(vec![stock, text], vec![bars, table])
}

const KINDS: &[Line] = &[
    ("log.maison", "Maisons", None),
    ("log.appart", "Appartements", None),
    ("log.t1t2", "Une ou deux pièces", None),
    ("log.t5p", "Cinq pièces ou plus", None),
    ("log.av1946", "Construites avant 1946", None),
];

pub fn kinds(sheaf: &mut Sheaf<'_, '_>) -> Rows {
    let rooms = [
        ("log.pieces[1]", "1 pièce"),
        ("log.pieces[2]", "2"),
        ("log.pieces[3]", "3"),
        ("log.pieces[4]", "4"),
        ("log.pieces[5p]", "5 et plus"),
    ];
    let sizes = drawn(sheaf, "Tailles des logements", &["log.pieces[5p]"], |sheaf| {
        let words = ("Les résidences principales selon leur nombre de pièces", "En\u{a0}% des résidences principales");
        exhibits::parts(sheaf.press, &mut sheaf.numbers, "pieces", words, &rooms, (HALF, 164.0)).map(Some)
    })?;
    let note = Item::Note {
        title: "Trois répartitions, sans croisement",
        text: "Les fichiers communaux du recensement donnent le type, la taille et l’époque de construction séparément. Aucun croisement (taille des maisons, âge des appartements) n’en est déduit.".to_owned(),
    };
    let text = sheaf.text("commentaire")?;
    let periods = [
        ("log.achev[av1919]", "avant 1919"),
        ("log.achev[1919-45]", "1919-1945"),
        ("log.achev[1946-70]", "1946-1970"),
        ("log.achev[1971-90]", "1971-1990"),
        ("log.achev[1991-2005]", "1991-2005"),
        ("log.achev[2006p]", "depuis 2006"),
    ];
    let ages = drawn(sheaf, "Époques de construction", &["log.achev[av1919]", "log.achev[2006p]"], |sheaf| {
        let words = ("Les résidences principales selon leur époque", "En\u{a0}%, époque d’achèvement");
        exhibits::parts(sheaf.press, &mut sheaf.numbers, "epoques", words, &periods, (HALF, 164.0)).map(Some)
    })?;
    let table =
        listed(sheaf, "Types, tailles et âges", "En\u{a0}% des logements ou des résidences principales", KINDS)?;
    halves(vec![sizes, note, text], vec![ages, table])
}

const SIZES: &[Line] = &[
    ("log.p12", "Petits ménages (estimés)", None),
    ("log.t1t2", "Petits logements (1-2 pièces)", None),
    ("log.ecart_taille", "Écart", Some("points")),
    ("log.t5p", "Grands logements (5 pièces ou plus)", None),
    ("log.suroccup", "Logements suroccupés", None),
];

pub fn sizes(sheaf: &mut Sheaf<'_, '_>) -> Rows {
    let pairs = drawn(sheaf, "Petits ménages, petits logements", &["log.ecart_taille", "log.t1t2"], |sheaf| {
        let words = (
            "Petits ménages et petits logements",
            "Ménages seuls ou en couple sans enfant\u{a0}; en\u{a0}% des ménages et des résidences principales",
        );
        let names = ("Petits ménages", "Logements d’une ou deux pièces");
        let lines = (["log.p12", "log.t1t2", "log.ecart_taille"], names);
        exhibits::pairs(sheaf.press, &mut sheaf.numbers, "tailles", words, lines, (HALF, 214.0)).map(Some)
    })?;
    let note = Item::Note {
        title: "Un écart n’est pas un déficit",
        text: "Un petit ménage peut souhaiter un grand logement. L’écart dit seulement que le parc et les ménages ne se ressemblent pas.".to_owned(),
    };
    let text = sheaf.text("commentaire")?;
    let ids = ["log.ecart_taille", "log.suroccup", "log.t5p"];
    let plot = compared(sheaf, "ecart-tailles", "Écart de tailles, suroccupation, grands logements", &ids, 130.0)?;
    let table = listed(sheaf, "Tailles des ménages et des logements", "Parts, et écart en points", SIZES)?;
    halves(vec![pairs, note, text], vec![plot, table])
}

const TENURE: &[Line] = &[
    ("log.proprio", "Propriétaires occupants", None),
    ("log.loc_prive", "Locataires hors HLM", None),
    ("log.loc_hlm", "Locataires HLM", None),
    ("log.emm2", "Installés depuis moins de deux ans", None),
    ("log.emm10p", "Installés depuis dix ans ou plus", None),
];

pub fn tenure(sheaf: &mut Sheaf<'_, '_>) -> Rows {
    let parts = [
        ("log.proprio", "Propriétaires"),
        ("log.loc_prive", "Locataires hors HLM"),
        ("log.loc_hlm", "Locataires HLM"),
        ("log.gratuit", "Logés gratuitement"),
    ];
    let bars = drawn(sheaf, "Statuts d’occupation", &["log.proprio"], |sheaf| {
        let words = ("Les résidences principales selon leur occupant", "En\u{a0}% des résidences principales");
        exhibits::parts(sheaf.press, &mut sheaf.numbers, "statuts", words, &parts, (HALF, 268.0)).map(Some)
    })?;
    let text = sheaf.text("commentaire")?;
    let ids = ["log.proprio", "log.loc_hlm", "log.emm2", "log.emm10p"];
    let plot = compared(sheaf, "occupants", "Statuts et ancienneté des ménages", &ids, 146.0)?;
    let table = listed(sheaf, "Statuts et emménagements", "En\u{a0}% des ménages", TENURE)?;
    halves(vec![bars, text], vec![plot, table])
}

const VACANCY: &[Line] = &[
    ("log.tx_vac", "Recensement\u{a0}: ensemble du parc", None),
    ("lov.tx", "LOVAC\u{a0}: parc privé", None),
    ("lov.tx2", "dont depuis plus de deux ans", None),
    ("lov.part2", "part de la longue durée", None),
    ("lov.vac2", "logements vacants de longue durée", None),
    ("lov.evol2", "évolution de ce nombre en trois ans", None),
];

pub fn vacancy(sheaf: &mut Sheaf<'_, '_>) -> Rows {
    let map = Item::Figure { exhibit: exhibits::vacancy_map(sheaf.press, &mut sheaf.numbers)? };
    let text = sheaf.text("commentaire")?;
    let series = Item::Figure { exhibit: exhibits::vacancy_series(sheaf.press, &mut sheaf.numbers)? };
    let measure = "Deux définitions, deux champs\u{a0}: l’une ne corrige pas l’autre";
    let table = listed(sheaf, "Deux mesures de la vacance", measure, VACANCY)?;
    halves(vec![map, text], vec![series, table])
}

const SOCIAL: &[Line] = &[
    ("rpl.n", "Logements sociaux (RPLS)", None),
    ("rpl.tx", "RPLS / résidences principales", None),
    ("rpl.vac", "Vacance", None),
    ("rpl.vac3", "Vacance de plus de trois mois", None),
    ("rpl.mob", "Mobilité", None),
    ("rpl.loyer", "Loyer moyen", Some("€/m²/mois")),
];

pub fn social(sheaf: &mut Sheaf<'_, '_>) -> Rows {
    let parts =
        [("rpl.fin[PLAI]", "PLAI"), ("rpl.fin[PLUS]", "PLUS"), ("rpl.fin[PLS]", "PLS"), ("rpl.fin[autres]", "Autres")];
    let bars = drawn(sheaf, "Financements du parc social", &["rpl.fin[PLUS]", "rpl.fin[PLAI]"], |sheaf| {
        let words = ("Le parc social selon son financement", "En\u{a0}% des logements locatifs sociaux");
        exhibits::parts(sheaf.press, &mut sheaf.numbers, "financements", words, &parts, (HALF, 156.0)).map(Some)
    })?;
    let text = sheaf.text("commentaire")?;
    let known = sheaf.press.find("sru.concernee@com").is_some_and(|fact| fact.status.is_citable());
    let field = if known { sheaf.press.figure_if_any("sru.concernee@com") } else { None };
    let law = Item::Points {
        title: "Loi SRU\u{a0}: une indication, pas le taux légal",
        mark: "sru",
        points: field
            .into_iter()
            .map(|figure| Point {
                label: "D’après la population de la commune et celle de l’intercommunalité".to_owned(),
                figure,
                words: "les exemptions ne sont pas dans les données ouvertes".to_owned(),
            })
            .collect(),
        none: "Le champ de la loi ne peut être estimé ici\u{a0}: la DDT le confirme. Le rapport RPLS / résidences principales n’est pas le taux légal.",
    };
    let ids = ["rpl.tx", "rpl.vac", "rpl.mob", "rpl.loyer"];
    let plot = compared(sheaf, "parc-social", "Poids, vacance, mobilité et loyer", &ids, 138.0)?;
    let table = listed(sheaf, "Le parc locatif social", "Nombre, taux et loyer", SOCIAL)?;
    halves(vec![bars, law, text], vec![plot, table])
}
