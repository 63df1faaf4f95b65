//! Word lists, one data file per rule: an entry a line, `#` comments, matched on lower-cased text at word boundaries.

use std::sync::LazyLock;

use super::sentence::{OTHER, find_word};

/// Words of one rule.
pub struct Lexicon {
    pub code: &'static str,
    /// What would be accepted instead.
    pub expected: &'static str,
    entries: &'static str,
}

/// Lists whose every entry is refused wherever it stands. No claim is read yet, so the words that need one are refused.
pub const REFUSED: &[Lexicon] = &[
    Lexicon {
        code: "V05",
        expected: "une valeur citée par {{fact:…}}, sans nombre en lettres ni quantité vague",
        entries: include_str!("lexicons/v05.txt"),
    },
    Lexicon {
        code: "V06",
        expected: "une valeur citée sans mot de hausse ni de baisse",
        entries: include_str!("lexicons/v06.txt"),
    },
    Lexicon {
        code: "V07",
        expected: "une juxtaposition neutre : « {{fact:…@com}}, contre {{fact:…@epci}} dans l’intercommunalité »",
        entries: include_str!("lexicons/v07.txt"),
    },
    Lexicon {
        code: "V09",
        expected: "une valeur citée sans superlatif, rang ni approximation",
        entries: include_str!("lexicons/v09.txt"),
    },
    Lexicon {
        code: "V11",
        expected: "un constat, sans cause, conseil, promesse ni jugement",
        entries: include_str!("lexicons/v11.txt"),
    },
    Lexicon {
        code: "V12",
        expected: "un texte français impersonnel, sans consigne ni adresse",
        entries: include_str!("lexicons/v12.txt"),
    },
    Lexicon {
        code: "V16",
        expected: "un texte limité à ce que disent les données",
        entries: include_str!("lexicons/v16.txt"),
    },
];

/// Refused just before a figure.
pub const HEDGES: &str = include_str!("lexicons/v09_avant_chiffre.txt");
/// Capitalised words that need not open a sentence.
pub const GLOSSARY: &str = include_str!("lexicons/glossaire.txt");
/// `scope: phrase`, in the order in which they are looked for.
pub const SCOPES: &str = include_str!("lexicons/v08.txt");
const LOCKED: &str = include_str!("lexicons/verrouilles.txt");

/// The entries of a list.
pub fn entries(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

impl Lexicon {
    pub fn entries(&self) -> impl Iterator<Item = &'static str> {
        entries(self.entries)
    }

    /// The refused words that stand in the text.
    pub fn found_in<'t>(&self, lower: &'t str) -> impl Iterator<Item = &'static str> + use<'t> {
        entries(self.entries).filter(move |entry| find_word(lower, entry).is_some())
    }
}

/// The text with locked terms masked: in « deux-pièces » there is no number.
pub fn without_locked(lower: &str) -> String {
    static LONGEST_FIRST: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
        let mut terms: Vec<_> = entries(LOCKED).collect();
        terms.sort_by_key(|term| std::cmp::Reverse(term.len()));
        terms
    });
    let mut text = lower.to_owned();
    for term in LONGEST_FIRST.iter() {
        while let Some(at) = find_word(&text, term) {
            text.replace_range(at..at + term.len(), &OTHER.to_string());
        }
    }
    text
}

/// The lists, for the test that tries each of their words.
#[must_use]
pub fn refused_words() -> &'static [Lexicon] {
    REFUSED
}
