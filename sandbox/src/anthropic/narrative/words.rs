//! Articles, places and verbs.

use super::super::prompt::Fact;

/// Order of the scopes in every page and sentence.
pub fn rank(scope: &str) -> usize {
    ["com", "epci", "dep", "reg", "fr", "sim"].iter().position(|known| *known == scope).unwrap_or(6)
}

/// « dans la commune »; empty for a scope we do not know.
pub fn place(scope: &str) -> &'static str {
    match scope {
        "com" => "dans la commune",
        "epci" => "dans l’intercommunalité",
        "dep" => "dans le département",
        "reg" => "dans la région",
        "fr" => "en France",
        "sim" => "pour la médiane des communes comparables",
        _ => "",
    }
}

/// « l’intercommunalité », as the subject of a verb in the singular.
pub fn territory(scope: &str) -> &'static str {
    match scope {
        "com" => "la commune",
        "epci" => "l’intercommunalité",
        "dep" => "le département",
        "reg" => "la région",
        "fr" => "la France",
        "sim" => "la médiane des communes comparables",
        _ => "le territoire",
    }
}

/// « de l’intercommunalité », after « celui ».
pub fn of_territory(scope: &str) -> Option<&'static str> {
    Some(match scope {
        "epci" => "de l’intercommunalité",
        "dep" => "du département",
        "reg" => "de la région",
        "fr" => "de la France",
        "sim" => "des communes comparables",
        _ => return None,
    })
}

/// « est de », in the number of the subject and for what is counted.
pub fn is(fact: &Fact, subject: &Named) -> &'static str {
    match (subject.plural, is_count(fact)) {
        (false, _) => "est de",
        (true, true) => "sont au nombre de",
        (true, false) => "représentent",
    }
}

/// A subject with its article, and whether its verb is in the plural.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub text: String,
    pub plural: bool,
}

/// « le taux de vacance », « les logements vacants », « l’indicateur {{label:…}} » when no wording is safe.
pub fn name(fact: &Fact) -> Named {
    let wording = fact
        .anchors
        .iter()
        .find(|anchor| safe(anchor))
        // The name of an indicator is one, whatever its words say elsewhere.
        .or_else(|| fact.anchors.iter().find(|anchor| plain(anchor)))
        .cloned()
        .or_else(|| (fact.anchors.is_empty() && safe(&fact.label)).then(|| lowered(&fact.label)));
    match wording {
        Some(wording) => with_article(&wording),
        None => Named { text: format!("l’indicateur {{{{label:{}}}}}", fact.id), plural: false },
    }
}

/// Whether a wording may stand in a sentence: no digit, no number word, no hedge.
fn safe(wording: &str) -> bool {
    const REFUSED: [&str; 34] = [
        "deux",
        "trois",
        "quatre",
        "cinq",
        "six",
        "sept",
        "huit",
        "neuf",
        "dix",
        "cent",
        "mille",
        "demi",
        "tiers",
        "quart",
        "zéro",
        "plus",
        "moins",
        "près",
        "environ",
        "majorité",
        "plusieurs",
        "quelques",
        "écart",
        "hausse",
        "baisse",
        "croissance",
        "progression",
        "moyen",
        "fort",
        "forte",
        "faible",
        "élevé",
        "important",
        "maximum",
    ];
    plain(wording)
        && !wording.to_lowercase().split(|letter: char| !letter.is_alphabetic()).any(|word| REFUSED.contains(&word))
}

/// Words only.
fn plain(wording: &str) -> bool {
    !wording.is_empty() && !wording.chars().any(|letter| letter.is_numeric() || "{}%€/<>()²³".contains(letter))
}

fn lowered(label: &str) -> String {
    let mut letters = label.chars();
    let Some(first) = letters.next() else { return String::new() };
    // An abbreviation keeps its capitals.
    if letters.clone().next().is_some_and(char::is_uppercase) {
        return label.to_owned();
    }
    first.to_lowercase().chain(letters).collect()
}

fn with_article(wording: &str) -> Named {
    for article in ["les ", "le ", "la ", "l’"] {
        if wording.starts_with(article) {
            return Named { text: wording.to_owned(), plural: article == "les " };
        }
    }
    let head = wording.split([' ', '’']).next().unwrap_or_default().to_lowercase();
    let plural = is_plural(&head);
    let article = if plural {
        "les "
    } else if elided(&head) {
        "l’"
    } else if feminine(&head) {
        "la "
    } else {
        "le "
    };
    Named { text: format!("{article}{wording}"), plural }
}

fn is_plural(head: &str) -> bool {
    const SINGULAR: [&str; 6] = ["prix", "taux", "permis", "indice", "poids", "accès"];
    (head.ends_with('s') || head.ends_with('x')) && !SINGULAR.contains(&head)
}

fn elided(head: &str) -> bool {
    let first = head.chars().next().unwrap_or('x');
    "aàâeéèêiîoôuy".contains(first) || ["habitat", "habitation", "hébergement"].contains(&head)
}

fn feminine(head: &str) -> bool {
    const NOUNS: [&str; 16] = [
        "part",
        "vacance",
        "médiane",
        "zone",
        "moyenne",
        "rotation",
        "taille",
        "demande",
        "durée",
        "dépense",
        "location",
        "commune",
        "période",
        "valeur",
        "tendance",
        "ancienneté",
    ];
    const ENDINGS: [&str; 8] = ["tion", "sion", "ité", "ance", "ence", "ure", "eté", "icie"];
    NOUNS.contains(&head) || ENDINGS.iter().any(|ending| head.ends_with(ending))
}

/// Whether the printed figure is a number rather than a class such as « B1 ».
pub fn is_number(fact: &Fact) -> bool {
    fact.text.chars().next().is_some_and(|first| first.is_ascii_digit() || "+-−".contains(first))
}

/// Whether the figure counts things.
pub fn is_count(fact: &Fact) -> bool {
    !fact.text.contains(['%', '€', ',']) && !matches!(fact.unit.as_str(), "pct" | "eur" | "eur_m2" | "points" | "index")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(anchor: &str) -> String {
        with_article(anchor).text
    }

    #[test]
    fn subjects_get_their_article() {
        for (anchor, expected) in [
            ("taux de vacance", "le taux de vacance"),
            ("part des logements vacants", "la part des logements vacants"),
            ("vacance de longue durée", "la vacance de longue durée"),
            ("logements vacants", "les logements vacants"),
            ("loyer médian", "le loyer médian"),
            ("prix médian", "le prix médian"),
            ("évolution de la population", "l’évolution de la population"),
            ("population", "la population"),
            ("densité", "la densité"),
            ("les ventes", "les ventes"),
            ("superficie", "la superficie"),
        ] {
            assert_eq!(named(anchor), expected);
        }
    }

    #[test]
    fn a_label_with_a_number_word_is_left_to_the_renderer() {
        assert!(!safe("part des logements vacants depuis plus de deux ans"));
        assert!(!safe("logements de 60 m²"));
        assert!(safe("taux de vacance"));
    }
}
