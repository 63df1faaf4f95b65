//! What somebody typed: a name, or the beginning of a code. Everything that would mean something to the database is
//! taken out here.

/// Longer than any name of a commune.
const LONGEST: usize = 60;

/// What to look for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Letters, digits, hyphens, apostrophes and single spaces.
    Name(String),
    /// The beginning of an INSEE or postal code, at least two characters, upper case.
    Code(String),
    /// Nothing that could be found.
    Nothing,
}

impl Wanted {
    /// Reads the search box.
    pub(super) fn from(words: &str) -> Self {
        let kept: String = words.chars().take(LONGEST).map(|c| if is_part(c) { c } else { ' ' }).collect();
        let words: Vec<&str> = kept.split_whitespace().collect();
        let code = words.concat().to_ascii_uppercase();
        if is_code(&code) {
            return Self::Code(code);
        }
        let name = words.join(" ");
        if name.chars().any(char::is_alphanumeric) { Self::Name(name) } else { Self::Nothing }
    }
}

/// `%` and `_` are wildcards in SQL and in no name.
fn is_part(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '-' | '\'' | '’')
}

/// Two to five digits, where Corsica writes 2A or 2B.
fn is_code(text: &str) -> bool {
    let digits = text.strip_prefix("2A").or_else(|| text.strip_prefix("2B")).unwrap_or(text);
    (2..=5).contains(&text.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_told_from_names() {
        for (typed, code) in [("44109", "44109"), (" 44 109 ", "44109"), ("2a0", "2A0"), ("2B", "2B"), ("974", "974")] {
            assert_eq!(Wanted::from(typed), Wanted::Code(code.into()));
        }
        for (typed, name) in [("Nantes", "Nantes"), ("  l’isle  d'abeau ", "l’isle d'abeau"), ("Paris 11", "Paris 11")]
        {
            assert_eq!(Wanted::from(typed), Wanted::Name(name.into()));
        }
        assert_eq!(Wanted::from("441091"), Wanted::Name("441091".into()));
    }

    #[test]
    fn wildcards_and_empty_words_find_nothing() {
        for typed in ["", "   ", "%", "__%", "-", "'"] {
            assert_eq!(Wanted::from(typed), Wanted::Nothing, "{typed:?}");
        }
        assert_eq!(Wanted::from("nan%tes"), Wanted::Name("nan tes".into()));
    }
}
