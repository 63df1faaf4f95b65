//! The subset of Lucene's query language that we ask for. Anything else is refused, never guessed.

use super::Refusal;
use super::filter::{Bound, Filter};
use super::row::{COLUMNS, Kind, index};

/// Parses `qs`.
pub fn parse(text: &str) -> Result<Filter, Refusal> {
    let mut parser = Parser { tokens: tokens(text)?, at: 0 };
    let filter = parser.clauses(None)?;
    match parser.peek() {
        None => Ok(filter),
        Some(token) => Err(misplaced(Some(token))),
    }
}

/// A value that a column can be compared with.
pub fn comparable(column: usize, value: String) -> Result<String, Refusal> {
    let Some(known) = COLUMNS.get(column) else { return Ok(value) };
    match known.kind {
        Kind::Number if value.parse::<f64>().is_err() => {
            Err(Refusal::bad(format!("{} attend un nombre, pas {value}", known.key)))
        }
        // The live service completes a date such as `2024`, or `now-1y`, by rules of its own.
        Kind::Date if !full_date(&value) => {
            Err(Refusal::not_doubled(format!("the date {value} (write it in full, as 2024-01-31)")))
        }
        _ => Ok(value),
    }
}

fn full_date(value: &str) -> bool {
    chrono::NaiveDate::parse_from_str(value, "%Y-%m-%d").is_ok() && value.len() == 10
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    Quoted(String),
    Colon,
    Open,
    Close,
    /// `[` (inclusive) or `{`.
    From(bool),
    /// `]` (inclusive) or `}`.
    To(bool),
}

fn misplaced(token: Option<&Token>) -> Refusal {
    let Some(token) = token else { return Refusal::bad("la requête s’arrête avant sa fin") };
    let shown = match token {
        Token::Word(word) => format!("`{word}`"),
        Token::Quoted(word) => format!("`\"{word}\"`"),
        Token::Colon => "`:`".to_owned(),
        Token::Open => "`(`".to_owned(),
        Token::Close => "`)`".to_owned(),
        Token::From(_) => "a range".to_owned(),
        Token::To(_) => "the end of a range".to_owned(),
    };
    Refusal::not_doubled(format!("{shown} at this place of the query"))
}

fn tokens(text: &str) -> Result<Vec<Token>, Refusal> {
    let mut tokens = Vec::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        tokens.push(match letter {
            space if space.is_whitespace() => continue,
            ':' => Token::Colon,
            '(' => Token::Open,
            ')' => Token::Close,
            '[' | '{' => Token::From(letter == '['),
            ']' | '}' => Token::To(letter == ']'),
            '"' => Token::Quoted(quoted(&mut letters)?),
            '+' | '-' | '!' | '~' | '^' | '\\' | '/' | '&' | '|' | '<' | '>' | '=' => {
                return Err(Refusal::not_doubled(format!("`{letter}` in a query")));
            }
            first => {
                let mut word = String::from(first);
                while let Some(next) = letters.next_if(|next| !next.is_whitespace() && !":()[]{}\"".contains(*next)) {
                    word.push(next);
                }
                if word.contains(['~', '^', '\\', '/', '<', '>', '=', '&', '|', '!', '+']) {
                    return Err(Refusal::not_doubled(format!("`{word}` in a query")));
                }
                Token::Word(word)
            }
        });
    }
    Ok(tokens)
}

/// What stands between quotation marks; `\"` is one of them inside.
fn quoted(letters: &mut impl Iterator<Item = char>) -> Result<String, Refusal> {
    let mut inside = String::new();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => return Ok(inside),
            '\\' => inside.extend(letters.next()),
            other => inside.push(other),
        }
    }
    Err(Refusal::bad("un guillemet n’est pas fermé"))
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    fn skip(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Word(next)) if next == word);
        self.at += usize::from(found);
        found
    }

    /// `a OR b`, or `a AND b`; inside `column:( … )` the column is known.
    fn clauses(&mut self, column: Option<usize>) -> Result<Filter, Refusal> {
        let first = self.clause(column)?;
        if self.skip("OR") {
            let mut parts = vec![first, self.clause(column)?];
            while self.skip("OR") {
                parts.push(self.clause(column)?);
            }
            // Lucene reads neither of these as logic does: a wrong guess would be a wrong answer.
            if matches!(self.peek(), Some(Token::Word(next)) if next == "AND") {
                return Err(Refusal::not_doubled("AND beside OR without parentheses"));
            }
            if parts.iter().any(|part| matches!(part, Filter::Not(_))) {
                return Err(Refusal::not_doubled("NOT beside OR"));
            }
            return Ok(Filter::Or(parts));
        }
        let mut parts = vec![first];
        while self.skip("AND") {
            parts.push(self.clause(column)?);
        }
        if matches!(self.peek(), Some(Token::Word(next)) if next == "OR") {
            return Err(Refusal::not_doubled("OR beside AND without parentheses"));
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Filter::And(parts) })
    }

    fn clause(&mut self, column: Option<usize>) -> Result<Filter, Refusal> {
        if self.skip("NOT") {
            return Ok(Filter::Not(Box::new(self.clause(column)?)));
        }
        match (self.next(), column) {
            (Some(Token::Open), _) => self.inside(column),
            (Some(Token::Word(value)), Some(column)) => word(column, value),
            (Some(Token::Quoted(value)), Some(column)) => is(column, value),
            (Some(Token::From(inclusive)), Some(column)) => self.range(column, inclusive),
            (Some(Token::Word(name)), None) => self.field(&name),
            (token, _) => Err(misplaced(token.as_ref())),
        }
    }

    fn inside(&mut self, column: Option<usize>) -> Result<Filter, Refusal> {
        let inside = self.clauses(column)?;
        match self.next() {
            Some(Token::Close) => Ok(inside),
            None => Err(Refusal::bad("une parenthèse n’est pas fermée")),
            other => Err(misplaced(other.as_ref())),
        }
    }

    fn field(&mut self, name: &str) -> Result<Filter, Refusal> {
        if self.next() != Some(Token::Colon) {
            return Err(Refusal::not_doubled(format!("a search without a column (`{name}`)")));
        }
        let known = |name: &str| index(name).ok_or_else(|| Refusal::not_doubled(format!("the column {name}")));
        if name == "_exists_" {
            return match self.next() {
                Some(Token::Word(name)) => Ok(Filter::Exists { column: known(&name)? }),
                other => Err(misplaced(other.as_ref())),
            };
        }
        let column = known(name)?;
        match self.next() {
            Some(Token::Word(value)) => word(column, value),
            Some(Token::Quoted(value)) => is(column, value),
            Some(Token::Open) => self.inside(Some(column)),
            Some(Token::From(inclusive)) => self.range(column, inclusive),
            other => Err(misplaced(other.as_ref())),
        }
    }

    /// `a TO b]`, after its opening bracket.
    fn range(&mut self, column: usize, low_belongs: bool) -> Result<Filter, Refusal> {
        const FORM: &str = "un intervalle s’écrit [a TO b]";
        let low = self.limit(column)?;
        if !self.skip("TO") {
            return Err(Refusal::bad(FORM));
        }
        let high = self.limit(column)?;
        let Some(Token::To(high_belongs)) = self.next() else { return Err(Refusal::bad(FORM)) };
        Ok(Filter::Within {
            column,
            low: low.map(|value| (value, low_belongs)) as Bound,
            high: high.map(|value| (value, high_belongs)),
        })
    }

    fn limit(&mut self, column: usize) -> Result<Option<String>, Refusal> {
        match self.next() {
            Some(Token::Word(any)) if any == "*" => Ok(None),
            Some(Token::Word(value) | Token::Quoted(value)) => comparable(column, value).map(Some),
            _ => Err(Refusal::bad("un intervalle s’écrit [a TO b]")),
        }
    }
}

fn is(column: usize, value: String) -> Result<Filter, Refusal> {
    Ok(Filter::Is { column, value: comparable(column, value)? })
}

fn word(column: usize, value: String) -> Result<Filter, Refusal> {
    if value == "*" {
        return Ok(Filter::Exists { column });
    }
    if value.contains(['*', '?']) {
        return Err(Refusal::not_doubled(format!("the wildcard {value}")));
    }
    if ["AND", "OR", "NOT", "TO"].contains(&value.as_str()) {
        return Err(misplaced(Some(&Token::Word(value))));
    }
    is(column, value)
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use super::*;
    use crate::ademe::row::{Cell, Row};

    fn row(label: &'static str, conso: f64, period: &'static str) -> Row {
        let mut cells = vec![Cell::Missing; COLUMNS.len()];
        cells[index("etiquette_dpe").unwrap()] = Cell::Text(label.into());
        cells[index("conso_5_usages_par_m2_ep").unwrap()] = Cell::Number(conso);
        cells[index("periode_construction").unwrap()] = Cell::Text(period.into());
        cells[index("date_reception_dpe").unwrap()] = Cell::Text("2024-03-01".into());
        Row::new(cells)
    }

    #[test]
    fn the_subset_means_what_lucene_means() {
        let row = row("F", 350.0, "avant 1948");
        for (qs, expected) in [
            ("etiquette_dpe:F", true),
            ("etiquette_dpe:(F OR G)", true),
            ("etiquette_dpe:(A OR B)", false),
            ("NOT etiquette_dpe:A AND conso_5_usages_par_m2_ep:[330 TO *]", true),
            ("etiquette_dpe:F AND NOT periode_construction:\"avant 1948\"", false),
            ("conso_5_usages_par_m2_ep:[* TO 350}", false),
            ("conso_5_usages_par_m2_ep:{350 TO *]", false),
            ("conso_5_usages_par_m2_ep:{349.5 TO 350]", true),
            ("conso_5_usages_par_m2_ep:[350 TO 350]", true),
            ("conso_5_usages_par_m2_ep:([0 TO 10] OR [340 TO 360])", true),
            ("date_reception_dpe:[2024-01-01 TO 2024-12-31]", true),
            ("date_reception_dpe:[2024-03-02 TO *]", false),
            ("periode_construction:\"avant 1948\"", true),
            ("(etiquette_dpe:A OR etiquette_dpe:F) AND periode_construction:*", true),
            ("NOT (etiquette_dpe:A OR etiquette_dpe:F)", false),
            ("date_etablissement_dpe:*", false),
            ("_exists_:etiquette_dpe", true),
        ] {
            assert_eq!(parse(qs).unwrap().accepts(&row), expected, "{qs}");
        }
    }

    #[test]
    fn what_is_not_understood_is_never_answered() {
        for qs in [
            "F",
            "etiquette_dpe:F*",
            "etiquette_dpe:F etiquette_dpe:G",
            "etiquette_dpe:(F or G)",
            "-etiquette_dpe:F",
            "inconnue:1",
            "etiquette_dpe:>A",
            "etiquette_dpe:F~1",
            "etiquette_dpe:A OR etiquette_dpe:B AND etiquette_dpe:C",
            "etiquette_dpe:A AND etiquette_dpe:B OR etiquette_dpe:C",
            "etiquette_dpe:A OR NOT etiquette_dpe:B",
            "date_reception_dpe:[2024 TO 2025]",
            "date_reception_dpe:[now-1y TO *]",
        ] {
            assert_eq!(parse(qs).unwrap_err().status, StatusCode::NOT_IMPLEMENTED, "{qs}");
        }
        for qs in ["etiquette_dpe:(F", "etiquette_dpe:\"F", "conso_5_usages_par_m2_ep:[a TO b]", "etiquette_dpe:"] {
            assert_eq!(parse(qs).unwrap_err().status, StatusCode::BAD_REQUEST, "{qs}");
        }
    }
}
