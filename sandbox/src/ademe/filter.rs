//! Which lines pass: the tree that `qs` and the suffixed filters are read into.

use std::cmp::Ordering;

use super::row::{COMMUNE, Cell, Row, index};

/// One end of a range, and whether it belongs to it.
pub type Bound = Option<(String, bool)>;

/// A condition on a line.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    All,
    Is {
        column: usize,
        value: String,
    },
    Within {
        column: usize,
        low: Bound,
        high: Bound,
    },
    Exists {
        column: usize,
    },
    Starts {
        column: usize,
        prefix: String,
    },
    Contains {
        column: usize,
        piece: String,
    },
    /// One of the words is a word of the text, whatever its case and accents.
    Says {
        column: usize,
        words: Vec<String>,
    },
    And(Vec<Filter>),
    Or(Vec<Filter>),
    Not(Box<Filter>),
}

impl Filter {
    /// Whether a row passes.
    pub fn accepts(&self, row: &Row) -> bool {
        let text = |column: usize| match row.cell(column) {
            Cell::Text(text) => Some(text.as_ref()),
            _ => None,
        };
        match self {
            Self::All => true,
            Self::Is { column, value } => row.cell(*column).compare(value).is_some_and(Ordering::is_eq),
            Self::Within { column, low, high } => {
                let cell = row.cell(*column);
                let beyond = |bound: &Bound, wanted: Ordering| match bound {
                    None => *cell != Cell::Missing,
                    Some((value, inclusive)) => {
                        cell.compare(value).is_some_and(|order| order == wanted || (*inclusive && order.is_eq()))
                    }
                };
                beyond(low, Ordering::Greater) && beyond(high, Ordering::Less)
            }
            Self::Exists { column } => *row.cell(*column) != Cell::Missing,
            Self::Starts { column, prefix } => text(*column).is_some_and(|text| text.starts_with(prefix)),
            Self::Contains { column, piece } => text(*column).is_some_and(|text| text.contains(piece)),
            Self::Says { column, words } => {
                text(*column).is_some_and(|text| folded_words(text).iter().any(|word| words.contains(word)))
            }
            Self::And(parts) => parts.iter().all(|part| part.accepts(row)),
            Self::Or(parts) => parts.iter().any(|part| part.accepts(row)),
            Self::Not(part) => !part.accepts(row),
        }
    }

    /// The communes a row that passes can be in; `None` when it could be anywhere.
    pub fn communes(&self) -> Option<Vec<String>> {
        match self {
            Self::Is { column, value } if *column == COMMUNE => Some(vec![value.clone()]),
            // Paris is the one département whose communes the double knows.
            Self::Is { column, value } if index("code_departement_ban") == Some(*column) && value == "75" => {
                Some((75_101..=75_120).map(|code: u32| code.to_string()).collect())
            }
            Self::And(parts) => parts.iter().find_map(Self::communes),
            Self::Or(parts) => {
                let lists: Option<Vec<Vec<String>>> = parts.iter().map(Self::communes).collect();
                lists.map(|lists| lists.concat())
            }
            _ => None,
        }
    }
}

/// The words of a text, in small letters without accents.
pub fn folded_words(text: &str) -> Vec<String> {
    let letter = |letter: char| match letter {
        'à' | 'â' | 'ä' => 'a',
        'ç' => 'c',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'î' | 'ï' => 'i',
        'ô' | 'ö' => 'o',
        'ù' | 'û' | 'ü' => 'u',
        other => other,
    };
    let folded: String = text.to_lowercase().chars().map(letter).collect();
    folded.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ademe::query::parse;

    #[test]
    fn the_communes_of_a_query_are_found() {
        let communes = |qs: &str| parse(qs).unwrap().communes();
        assert_eq!(
            communes("code_insee_ban:(75101 OR 75102) AND etiquette_dpe:F"),
            Some(vec!["75101".into(), "75102".into()])
        );
        assert_eq!(communes("code_departement_ban:75").unwrap().len(), 20);
        assert_eq!(communes("etiquette_dpe:F"), None);
        assert_eq!(communes("code_insee_ban:75101 OR etiquette_dpe:F"), None);
        assert_eq!(communes("NOT code_insee_ban:75101"), None);
    }

    #[test]
    fn words_are_compared_without_case_and_accents() {
        assert_eq!(folded_words("Électricité, Bois – Bûches"), ["electricite", "bois", "buches"]);
    }
}
