//! Sentences that say a figure and nothing more.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::prompt::Fact;
use super::claimed;
use super::words::{self, Named};

/// How much a block may say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Title,
    Short,
    Long,
}

impl Style {
    pub fn of(kind: &str, max_chars: usize) -> Self {
        let kind = kind.to_lowercase();
        if kind.starts_with("tit") || max_chars <= 100 {
            Self::Title
        } else if kind.starts_with("synth") || kind.starts_with("comm") || max_chars > 400 {
            Self::Long
        } else {
            Self::Short
        }
    }

    /// Sentences written when nothing obliges to more.
    pub fn sentences(self) -> usize {
        match self {
            Self::Title => 1,
            Self::Short => 2,
            Self::Long => 4,
        }
    }
}

/// Openings that make a sentence new when all its wordings are taken.
const OPENINGS: [&str; 8] = [
    "",
    "Par ailleurs, ",
    "Sur ce point, ",
    "En complément, ",
    "Pour mémoire, ",
    "Dans le détail, ",
    "En lecture directe, ",
    "À ce stade, ",
];

/// A sentence about one indicator, in words not used before, whose length as `printed` is at most `room`.
pub fn about(
    facts: &[&Fact],
    turn: u64,
    room: usize,
    printed: &dyn Fn(&str) -> usize,
    used: &mut BTreeSet<String>,
) -> Option<String> {
    let fitting =
        candidates(facts, turn).find(|sentence| !used.contains(&skeleton(sentence)) && printed(sentence) <= room)?;
    used.insert(skeleton(&fitting));
    Some(fitting)
}

/// The shortest unused sentence: a mandatory figure is said even where there is no room for it.
pub fn shortest(facts: &[&Fact], used: &mut BTreeSet<String>) -> Option<String> {
    let unused = candidates(facts, 0).filter(|sentence| !used.contains(&skeleton(sentence)));
    let shortest = unused.min_by_key(|sentence| sentence.chars().count())?;
    used.insert(skeleton(&shortest));
    Some(shortest)
}

/// A sentence that claims something of the first fact and cites all those of `least`, with its claim.
pub fn claiming(
    facts: &[&Fact],
    least: &[&Fact],
    turn: u64,
    room: usize,
    printed: &dyn Fn(&str) -> usize,
    used: &mut BTreeSet<String>,
) -> Option<(String, Value)> {
    let first = facts.first().filter(|first| words::is_number(first))?;
    let mut claimed = claimed::wordings(&words::name(first), facts);
    claimed.retain(|one| least.iter().all(|fact| one.facts.iter().any(|cited| cited.id == fact.id)));
    let shift = usize::try_from(turn % claimed.len().max(1) as u64).unwrap_or(0);
    claimed.rotate_left(shift);
    claimed.into_iter().find_map(|one| {
        let sentence = finished("", &one.wording, caution(&one.facts));
        let fits = !used.contains(&skeleton(&sentence)) && printed(&sentence) <= room;
        fits.then(|| used.insert(skeleton(&sentence)))?;
        Some((sentence, one.claim))
    })
}

/// All ways to say it, starting at `turn`; openings come into play when the plain wordings are taken.
fn candidates(facts: &[&Fact], turn: u64) -> impl Iterator<Item = String> {
    let mut wordings = wordings(facts);
    let shift = usize::try_from(turn % wordings.len().max(1) as u64).unwrap_or(0);
    wordings.rotate_left(shift);
    let caution = caution(facts);
    OPENINGS.iter().flat_map(move |opening| {
        let said: Vec<String> = wordings.iter().map(|wording| finished(opening, wording, caution)).collect();
        said
    })
}

fn wordings(facts: &[&Fact]) -> Vec<String> {
    let Some((first, others)) = facts.split_first() else { return Vec::new() };
    let subject = words::name(first);
    if facts.iter().all(|fact| words::is_number(fact)) {
        if others.is_empty() { alone(first, &subject) } else { side_by_side(first, others, &subject) }
    } else {
        classes(facts, &subject)
    }
}

fn figure(fact: &Fact) -> String {
    format!("{{{{fact:{}}}}}", fact.id)
}

fn alone(fact: &Fact, subject: &Named) -> Vec<String> {
    let (name, value, place) = (&subject.text, figure(fact), words::place(fact.scope()));
    let is = words::is(fact, subject);
    let mut wordings = vec![
        format!("{name} {is} {value} {place}"),
        format!("{place}, {name} {is} {value}"),
        format!("pour {name}, la valeur mesurée {place} est de {value}"),
        format!("les données publiées situent {name} à {value} {place}"),
        format!("la source retenue donne, pour {name}, la valeur de {value} {place}"),
        format!("{place}, le relevé publié indique {name} à {value}"),
    ];
    if !subject.plural {
        wordings.extend([
            format!("{name} s’établit à {value} {place}"),
            format!("{place}, {name} se situe à {value}"),
            format!("{name} ressort à {value} {place}"),
        ]);
    }
    wordings
}

fn side_by_side(first: &Fact, others: &[&Fact], subject: &Named) -> Vec<String> {
    let (name, value, place) = (&subject.text, figure(first), words::place(first.scope()));
    let is = words::is(first, subject);
    let placed = |verb: &str, facts: &[&Fact]| {
        let parts: Vec<String> =
            facts.iter().map(|fact| format!("{verb}{} {}", figure(fact), words::place(fact.scope()))).collect();
        joined(&parts)
    };
    let plain = placed("", others);
    let all: Vec<&Fact> = std::iter::once(first).chain(others.iter().copied()).collect();
    let everywhere = placed("à ", &all);
    let mut shown = vec![format!("{} affiche {value}", words::territory(first.scope()))];
    shown.extend(others.iter().map(|fact| format!("{} {}", words::territory(fact.scope()), figure(fact))));
    let shown = joined(&shown);
    let mut wordings = vec![
        format!("{place}, {name} {is} {value}, contre {plain}"),
        format!("{name} {is} {value} {place}, contre {plain}"),
        format!("pour {name}, {shown}"),
        format!("{place}, {name} {is} {value}\u{a0}; la même mesure donne {plain}"),
        format!("les données publiées situent {name} à {value} {place}, contre {plain}"),
    ];
    if !subject.plural {
        wordings.extend([
            format!("{name} s’établit {everywhere}"),
            format!("{name} ressort à {value} {place}, contre {plain}"),
            format!("{place}, {name} se situe à {value}, contre {plain}"),
        ]);
    }
    wordings
}

/// Classes such as a zone have no « de ».
fn classes(facts: &[&Fact], subject: &Named) -> Vec<String> {
    let name = &subject.text;
    let verb = if subject.plural { "correspondent" } else { "correspond" };
    let parts: Vec<String> =
        facts.iter().map(|fact| format!("{} {}", figure(fact), words::place(fact.scope()))).collect();
    let parts = joined(&parts);
    vec![
        format!("{name} {verb} à la classe {parts}"),
        format!("pour {name}, le classement publié est {parts}"),
        format!("le classement en vigueur pour {name} est {parts}"),
        format!("la liste officielle retient, pour {name}, la classe {parts}"),
    ]
}

/// « a », « a et b », « a, b et c ».
fn joined(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [head @ .., last] => format!("{} et {last}", head.join(", ")),
    }
}

/// The words a fragile figure obliges to.
fn caution(facts: &[&Fact]) -> &'static str {
    let fragile = facts.iter().any(|fact| fact.status != "ok");
    let provisional = facts.iter().any(|fact| fact.provisional);
    match (fragile, provisional) {
        (true, true) => ", à titre indicatif et provisoire",
        (true, false) => ", à titre indicatif",
        (false, true) => ", à titre provisoire",
        (false, false) => "",
    }
}

fn finished(opening: &str, wording: &str, caution: &str) -> String {
    let sentence = format!("{opening}{}{caution}.", wording.trim());
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Says that a mandatory figure is not published; names it without citing it.
pub fn unpublished(id: &str, turn: u64, used: &mut BTreeSet<String>) -> String {
    let label = format!("{{{{label:{id}}}}}");
    let wordings = vec![
        format!("L’indicateur {label} n’est pas publié."),
        format!("La source ne publie pas l’indicateur {label}."),
        format!("La valeur de l’indicateur {label} n’est pas publiée."),
        format!("Pour l’indicateur {label}, le chiffre n’est pas publié."),
        format!("Le producteur ne publie pas l’indicateur {label}."),
    ];
    unused(wordings, turn, used)
}

/// A sentence for a block that has no figure to say.
pub fn neutral(style: Style, turn: u64, used: &mut BTreeSet<String>) -> String {
    let wordings = match style {
        Style::Title => vec![
            "Les sources de cette page sont publiques.",
            "La lecture s’appuie sur des sources publiques.",
            "Les données de cette page portent leur millésime.",
            "Chaque chiffre renvoie à sa source.",
        ],
        Style::Short | Style::Long => vec![
            "Les données retenues proviennent de sources publiques, citées en bas de page.",
            "La lecture s’appuie sur les sources indiquées, avec leur millésime.",
            "Chaque chiffre de cette page renvoie à sa source et à son millésime.",
            "Les valeurs non publiées sont signalées parmi les limites du rapport.",
            "La méthode de calcul est décrite avec les sources, en fin de rapport.",
            "Les indicateurs présentés suivent la définition de leur producteur.",
        ],
    };
    unused(wordings.into_iter().map(str::to_owned).collect(), turn, used)
}

fn unused(mut wordings: Vec<String>, turn: u64, used: &mut BTreeSet<String>) -> String {
    let shift = usize::try_from(turn % wordings.len() as u64).unwrap_or(0);
    wordings.rotate_left(shift);
    let with_openings = OPENINGS.iter().flat_map(|opening| {
        wordings.iter().map(move |wording| {
            if opening.is_empty() {
                return wording.clone();
            }
            let mut letters = wording.chars();
            let first = letters.next().map(|first| first.to_lowercase().to_string()).unwrap_or_default();
            format!("{opening}{first}{}", letters.as_str())
        })
    });
    let chosen = with_openings.clone().find(|sentence| !used.contains(&skeleton(sentence)));
    let chosen = chosen.unwrap_or_else(|| wordings[0].clone());
    used.insert(skeleton(&chosen));
    chosen
}

/// A sentence without case, punctuation and placeholders: two with the same skeleton read alike.
pub fn skeleton(sentence: &str) -> String {
    let mut words = String::new();
    let mut inside = false;
    for letter in sentence.to_lowercase().chars() {
        match letter {
            '{' => inside = true,
            '}' => inside = false,
            _ if inside => {}
            _ if letter.is_alphabetic() => words.push(letter),
            _ if !words.ends_with(' ') => words.push(' '),
            _ => {}
        }
    }
    words.trim().to_owned()
}
