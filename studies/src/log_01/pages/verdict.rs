//! What does not go together, what may be done about it, and what a diagnosis needs that open data do not hold.

use domain::fact::FactSheet;
use narrative::Recommendation;

use super::{LEAVES, Rows};
use crate::exhibits::{self, Family};
use crate::log_01::mismatches::{self, RULES, Rule};
use crate::log_01::{advice, plh};
use crate::pages::{Card, Column, Exhibit, Item, PageError, Piece, Row, Sheaf, Spoken, Tag, Verdict, dot_plot, filled};

/// How many, in words.
const NUMBERS: [&str; 10] = ["Un", "Deux", "Trois", "Quatre", "Cinq", "Six", "Sept", "Huit", "Neuf", "Dix"];

/// The words of the page of findings.
pub fn found(sheet: &FactSheet) -> Spoken {
    let found = mismatches::found(sheet);
    let names: Vec<String> = found.iter().map(|rule| lower_first(rule.title)).collect();
    let (title, keep) = match names.as_slice() {
        [] => (
            nothing_found(sheet),
            "L’absence de décalage repéré ne vaut pas absence de difficulté\u{a0}: les données ouvertes n’en voient qu’une partie.".to_owned(),
        ),
        [one] => (format!("Un décalage ressort\u{a0}: {one}"), format!("À examiner avec les acteurs locaux\u{a0}: {one}.")),
        [first, ..] => {
            let number = NUMBERS.get(names.len() - 1).copied().unwrap_or("Des");
            let few: Vec<&str> = names.iter().take(3).map(String::as_str).collect();
            (
                format!("{number} décalages ressortent, le plus net\u{a0}: {first}"),
                format!("À examiner d’abord avec les acteurs locaux\u{a0}: {}.", few.join("\u{a0}; ")),
            )
        }
    };
    let lede = "Dix règles, les mêmes pour toutes les communes, confrontent les chiffres de ce rapport. Un décalage est un signal à examiner, pas un jugement\u{a0}; une règle dont un chiffre manque n’est jamais remplie.";
    Spoken { title, lede: lede.to_owned(), keep }
}

/// What was looked for and could be seen: a rule without its figures says nothing.
fn nothing_found(sheet: &FactSheet) -> String {
    let verified = RULES.iter().filter(|rule| mismatches::fires(rule, sheet).is_some()).count();
    match verified {
        0 => "Les décalages recherchés ne peuvent pas être vérifiés pour la commune".to_owned(),
        1 => "Aucun décalage ne ressort de la seule règle vérifiable".to_owned(),
        _ if verified == RULES.len() => "Aucun des décalages recherchés ne ressort pour la commune".to_owned(),
        _ => {
            let number = NUMBERS.get(verified - 1).copied().unwrap_or("Des");
            format!("Aucun décalage ne ressort des {} règles vérifiables", lower_first(number))
        }
    }
}

/// The ten rules, what each saw, and its verdict.
pub fn mismatches(sheaf: &mut Sheaf<'_, '_>) -> Rows {
    let mut verdicts = vec![];
    let mut facts = vec![];
    for rule in &RULES {
        let (state, result) = match mismatches::fires(rule, sheaf.press.sheet()) {
            Some(true) => ("oui", "Repéré"),
            Some(false) => ("non", "Non repéré"),
            None => ("inconnu", "Non vérifiable"),
        };
        let known = rule.evidence.iter().filter_map(|(id, _)| sheaf.press.find(&format!("{id}@com")));
        facts.extend(known.filter(|fact| fact.status.is_citable()));
        let evidence = seen(sheaf, rule);
        verdicts.push(Verdict {
            label: rule.title.to_owned(),
            state,
            result,
            evidence,
            remark: rule.threshold.to_owned(),
        });
    }
    let measure = "Non vérifiable\u{a0}: un chiffre ou un groupe de comparaison manque";
    let exhibit = sheaf.numbers.table("Dix décalages recherchés", measure, &facts)?;
    let heads = ["Décalage", "Constat", "Chiffres de la commune", "Seuil de la règle"];
    Ok(vec![Row::new(vec![Column::new(1.0, vec![Item::Verdicts { exhibit, heads, verdicts }])])])
}

/// « écart : +36,6 points ; … ».
fn seen(sheaf: &mut Sheaf<'_, '_>, rule: &Rule) -> Vec<Piece> {
    let mut pieces = vec![];
    for (id, name) in rule.evidence {
        if let Some(figure) = sheaf.press.figure_if_any(&format!("{id}@com")) {
            let joint = if pieces.is_empty() { "" } else { "\u{a0}; " };
            pieces.push(Piece::plain(format!("{joint}{name}\u{a0}: ")));
            pieces.push(Piece::figure(figure));
        }
    }
    pieces
}

/// The words of the page of recommendations.
pub fn advised(sheet: &FactSheet) -> Spoken {
    let (title, lede) = match (mismatches::found(sheet).is_empty(), advice::by_rules(sheet).len()) {
        (true, _) => (
            "Aucune piste n’est proposée, faute de décalage repéré",
            "Ce rapport ne propose que ce qu’un décalage établi fonde. La page précédente dit quelles règles ont été vérifiées, et lesquelles n’ont pas pu l’être.",
        ),
        (false, 0) => (
            "Les décalages repérés sont à confirmer avant toute piste d’action",
            "Les chiffres qui les établissent sont modélisés ou reposent sur peu d’observations. Ils appellent une vérification locale plutôt qu’une proposition.",
        ),
        (false, 1) => (
            "Une piste d’action répond aux décalages repérés",
            "Elle cite les chiffres qui la fondent. Les autres décalages, s’il y en a, reposent sur des chiffres trop fragiles pour proposer une action\u{a0}; le choix et le calendrier appartiennent aux élus.",
        ),
        (false, _) => (
            "Des pistes d’action répondent aux décalages repérés",
            "Chaque piste répond à un décalage de la page précédente et cite les chiffres qui la fondent. Leur ordre est celui des écarts constatés\u{a0}; le choix et le calendrier appartiennent aux élus.",
        ),
    };
    let keep = "Une piste n’est pas une prescription\u{a0}: elle se discute avec l’intercommunalité, les bailleurs et les services de l’État, et se vérifie sur le terrain.";
    Spoken { title: title.to_owned(), lede: lede.to_owned(), keep: keep.to_owned() }
}

/// A box for each recommendation, in two columns; with few of them, where the commune stands as well.
pub fn advice(sheaf: &mut Sheaf<'_, '_>) -> Rows {
    let given = &sheaf.narrative.recommendations;
    let cards = given.iter().map(|given| card(sheaf, given)).collect::<Result<Vec<_>, _>>()?;
    let few = cards.len() <= 2;
    let (mut left, mut right) = (vec![], vec![]);
    for (at, card) in cards.into_iter().enumerate() {
        if at % 2 == 0 { left.push(card) } else { right.push(card) }
    }
    let column = |cards| Column::new(1.0, vec![Item::Cards { cards }]);
    let columns: Vec<Column> = [left, right].into_iter().filter(|cards| !cards.is_empty()).map(column).collect();
    let mut rows = vec![];
    if columns.is_empty() {
        let note = Item::Note {
            title: "Où regarder d’abord",
            text: "Un sujet peut appeler une action sans qu’aucune règle ne le signale. Les rangs aux deux bouts de l’échelle sont de bons points de départ pour un échange avec l’intercommunalité et les bailleurs.".to_owned(),
        };
        rows.push(Row::new(vec![Column::new(1.0, vec![note])]));
    } else {
        rows.push(Row::new(columns));
    }
    if few {
        let exhibit = standing(sheaf)?;
        rows.push(Row::new(vec![Column::new(1.0, vec![Item::Figure { exhibit }])]));
    }
    Ok(rows)
}

/// Where the commune stands among comparable communes, or beside the larger territories where there are none.
fn standing(sheaf: &mut Sheaf<'_, '_>) -> Result<Exhibit, PageError> {
    let size = (1016.0, 226.0);
    if let Some(strip) = exhibits::strip(sheaf.press, &mut sheaf.numbers, POSITIONS, size)? {
        return Ok(strip);
    }
    let indicators: Vec<&str> = POSITIONS.iter().flat_map(|(_, ids)| ids.iter().copied().take(2)).collect();
    dot_plot(sheaf.press, &mut sheaf.numbers, "reperes", "La commune parmi ses territoires", &indicators, size)
}

/// Where the commune stands, subject by subject.
const POSITIONS: &[Family] = &[
    ("Ménages", &["dem.tcam", "dem.vieillissement", "fil.med", "fil.tp60"]),
    ("Parc", &["log.maison", "log.proprio", "log.loc_hlm", "log.av1971"]),
    ("Tension", &["lov.tx2", "sit.tx", "ani.loyer[appt]"]),
];

fn card(sheaf: &mut Sheaf<'_, '_>, given: &Recommendation) -> Result<Card, PageError> {
    let named = |list: &[(&str, &'static str)], key: &str| {
        list.iter().find(|(name, _)| *name == key).map_or_else(|| key.to_owned(), |(_, name)| (*name).to_owned())
    };
    let evidence = given.evidence.iter().map(|id| sheaf.press.figure(id)).collect::<Result<_, _>>()?;
    Ok(Card {
        title: filled(sheaf.press, &given.key(), &given.title)?,
        text: filled(sheaf.press, &given.key(), &given.text)?,
        tags: vec![
            Tag { name: "Qui", text: named(ACTORS, &given.actor) },
            Tag { name: "Levier", text: named(LEVERS, &given.lever) },
            Tag { name: "Échéance", text: named(HORIZONS, &given.horizon) },
        ],
        evidence,
    })
}

const ACTORS: &[(&str, &str)] = &[
    ("commune", "la commune"),
    ("epci", "l’intercommunalité"),
    ("departement", "le département"),
    ("region", "la région"),
    ("etat", "l’État"),
    ("bailleurs", "les bailleurs sociaux"),
    ("anah", "l’Anah et ses opérateurs"),
    ("epf", "l’établissement public foncier"),
    ("proprietaires", "les propriétaires"),
];

const LEVERS: &[(&str, &str)] = &[
    ("accession", "accession"),
    ("accompagnement", "accompagnement"),
    ("adaptation", "adaptation des logements"),
    ("conventionnement", "conventionnement"),
    ("construction", "construction"),
    ("equipement", "équipement"),
    ("foncier", "foncier"),
    ("fiscalite", "fiscalité"),
    ("location", "location"),
    ("logement_social", "logement social"),
    ("observation", "observation"),
    ("offre_de_soins", "offre de soins"),
    ("plh", "programme local de l’habitat"),
    ("plui", "document d’urbanisme"),
    ("renovation", "rénovation"),
    ("services", "services"),
    ("vacance", "lutte contre la vacance"),
];

const HORIZONS: &[(&str, &str)] =
    &[("court_terme", "court terme"), ("moyen_terme", "moyen terme"), ("long_terme", "long terme")];

/// The words of the check-list.
pub fn covered(_: &FactSheet) -> Spoken {
    Spoken {
        title: "Une partie du diagnostic d’un PLH échappe aux données ouvertes".to_owned(),
        lede: "Le code de la construction et de l’habitation fixe le contenu du diagnostic d’un programme local de l’habitat (article R. 302-1-1). Ce rapport en couvre une part\u{a0}; le reste demande des données réservées ou une enquête locale.".to_owned(),
        keep: "Avant de valider un diagnostic de PLH, compléter ce rapport par la demande de logement social, l’hébergement, l’habitat indigne, les copropriétés et le bilan du programme précédent.".to_owned(),
    }
}

/// Item by item: covered, partly, or not.
pub fn checklist(sheaf: &mut Sheaf<'_, '_>) -> Rows {
    let sheet = sheaf.press.sheet();
    let verdicts = plh::CHECKLIST.iter().map(|item| plh::verdict(item, LEAVES, sheet)).collect();
    let measure = "Article R. 302-1-1 du code de la construction et de l’habitation\u{a0}; rubriques de ce rapport";
    let exhibit = sheaf.numbers.table("Ce que ce rapport apporte au diagnostic d’un PLH", measure, &[])?;
    let source =
        "Couverture appréciée par LObsTer d’après le texte de l’article et les pages de ce rapport.".to_owned();
    let exhibit = Exhibit { source, ..exhibit };
    let heads = ["Contenu du diagnostic", "Couverture", "Rubriques de ce rapport", "Ce qui manque, et qui le détient"];
    Ok(vec![Row::new(vec![Column::new(1.0, vec![Item::Verdicts { exhibit, heads, verdicts }])])])
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}
