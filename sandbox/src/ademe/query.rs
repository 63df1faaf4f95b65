//! The subset of Lucene's query language that we ask for. Anything else is refused, never guessed.

use super::Refusal;
use super::row::{Cell, Row, index};

/// A parsed filter.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    All,
    Is { column: usize, value: String },
    Within { column: usize, low: Option<(String, bool)>, high: Option<(String, bool)> },
    Exists { column: usize },
    Starts { column: usize, prefix: String },
    Contains { column: usize, piece: String },
    And(Vec<Filter>),
    Or(Vec<Filter>),
    Not(Box<Filter>),
}

impl Filter {
    /// Whether a row passes.
    pub fn accepts(&self, row: &Row) -> bool {
        match self {
            Self::All => true,
            Self::Is { column, value } => row.cell(*column).compare(value).is_some_and(std::cmp::Ordering::is_eq),
            Self::Within { column, low, high } => {
                let cell = row.cell(*column);
                let beyond = |bound: &Option<(String, bool)>, wanted: std::cmp::Ordering| match bound {
                    None => *cell != Cell::Missing,
                    Some((value, inclusive)) => {
                        cell.compare(value).is_some_and(|order| order == wanted || (*inclusive && order.is_eq()))
                    }
                };
                beyond(low, std::cmp::Ordering::Greater) && beyond(high, std::cmp::Ordering::Less)
            }
            Self::Exists { column } => *row.cell(*column) != Cell::Missing,
            Self::Starts { column, prefix } => {
                matches!(row.cell(*column), Cell::Text(text) if text.starts_with(prefix))
            }
            Self::Contains { column, piece } => matches!(row.cell(*column), Cell::Text(text) if text.contains(piece)),
            Self::And(parts) => parts.iter().all(|part| part.accepts(row)),
            Self::Or(parts) => parts.iter().any(|part| part.accepts(row)),
            Self::Not(part) => !part.accepts(row),
        }
    }

    /// The communes a row that passes can be in; `None` when it could be anywhere.
    pub fn communes(&self, column: usize) -> Option<Vec<String>> {
        match self {
            Self::Is { column: of, value } if *of == column => Some(vec![value.clone()]),
            Self::And(parts) => parts.iter().find_map(|part| part.communes(column)),
            Self::Or(parts) => {
                let lists: Option<Vec<Vec<String>>> = parts.iter().map(|part| part.communes(column)).collect();
                lists.map(|lists| lists.concat())
            }
            _ => None,
        }
    }
}

/// Parses `qs`.
pub fn parse(text: &str) -> Result<Filter, Refusal> {
    let tokens = tokens(text)?;
    let mut parser = Parser { tokens, at: 0 };
    let filter = parser.any(None)?;
    match parser.peek() {
        None => Ok(filter),
        Some(token) => Err(Refusal::not_doubled(format!("{token:?} at this place of the query"))),
    }
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
            '"' => {
                let quoted: String = letters.by_ref().take_while(|letter| *letter != '"').collect();
                Token::Quoted(quoted)
            }
            '+' | '!' | '~' | '^' | '\\' | '/' | '&' | '|' | '<' | '>' | '=' => {
                return Err(Refusal::not_doubled(format!("`{letter}` in a query")));
            }
            first => {
                let mut word = String::from(first);
                while let Some(next) = letters.next_if(|next| !next.is_whitespace() && !":()[]{}\"".contains(*next)) {
                    word.push(next);
                }
                Token::Word(word)
            }
        });
    }
    Ok(tokens)
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

    /// `a OR b`; inside `column:( … )` the column is known.
    fn any(&mut self, column: Option<usize>) -> Result<Filter, Refusal> {
        let mut parts = vec![self.all(column)?];
        while self.skip("OR") {
            parts.push(self.all(column)?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Filter::Or(parts) })
    }

    fn all(&mut self, column: Option<usize>) -> Result<Filter, Refusal> {
        let mut parts = vec![self.one(column)?];
        while self.skip("AND") {
            parts.push(self.one(column)?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Filter::And(parts) })
    }

    fn one(&mut self, column: Option<usize>) -> Result<Filter, Refusal> {
        if self.skip("NOT") {
            return Ok(Filter::Not(Box::new(self.one(column)?)));
        }
        match (self.next(), column) {
            (Some(Token::Open), _) => {
                let inside = self.any(column)?;
                self.expect(&Token::Close)?;
                Ok(inside)
            }
            (Some(Token::Word(value)), Some(column)) => word(column, value),
            (Some(Token::Quoted(value)), Some(column)) => Ok(Filter::Is { column, value }),
            (Some(Token::Word(name)), None) => {
                if self.peek() != Some(&Token::Colon) {
                    return Err(Refusal::not_doubled(format!("a search without a column (`{name}`)")));
                }
                self.at += 1;
                let column = index(&name).ok_or_else(|| Refusal::not_doubled(format!("the column {name}")))?;
                self.value(column)
            }
            (token, _) => Err(Refusal::not_doubled(format!("{token:?} at this place of the query"))),
        }
    }

    fn value(&mut self, column: usize) -> Result<Filter, Refusal> {
        match self.next() {
            Some(Token::Word(value)) => word(column, value),
            Some(Token::Quoted(value)) => Ok(Filter::Is { column, value }),
            Some(Token::Open) => {
                let inside = self.any(Some(column))?;
                self.expect(&Token::Close)?;
                Ok(inside)
            }
            Some(Token::From(inclusive)) => {
                let low = self.bound(inclusive)?;
                if !self.skip("TO") {
                    return Err(Refusal::bad("a range is written [a TO b]"));
                }
                let (value, _) = self.limit()?;
                let inclusive = match self.next() {
                    Some(Token::To(inclusive)) => inclusive,
                    _ => return Err(Refusal::bad("a range ends with ] or }")),
                };
                let high = (value != "*").then_some((value, inclusive));
                Ok(Filter::Within { column, low, high })
            }
            token => Err(Refusal::not_doubled(format!("{token:?} as a value"))),
        }
    }

    fn bound(&mut self, inclusive: bool) -> Result<Option<(String, bool)>, Refusal> {
        let (value, _) = self.limit()?;
        Ok((value != "*").then_some((value, inclusive)))
    }

    fn limit(&mut self) -> Result<(String, bool), Refusal> {
        match self.next() {
            Some(Token::Word(value)) => Ok((value, false)),
            Some(Token::Quoted(value)) => Ok((value, true)),
            _ => Err(Refusal::bad("a range is written [a TO b]")),
        }
    }

    fn expect(&mut self, token: &Token) -> Result<(), Refusal> {
        if self.next().as_ref() == Some(token) { Ok(()) } else { Err(Refusal::bad("a parenthesis is not closed")) }
    }
}

fn word(column: usize, value: String) -> Result<Filter, Refusal> {
    if value == "*" {
        return Ok(Filter::Exists { column });
    }
    if value.contains(['*', '?']) {
        return Err(Refusal::not_doubled(format!("the wildcard {value}")));
    }
    Ok(Filter::Is { column, value })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ademe::row::COLUMNS;

    fn row(label: &str, conso: f64, period: &str) -> Row {
        let mut cells = vec![Cell::Missing; COLUMNS.len()];
        cells[index("etiquette_dpe").unwrap()] = Cell::Text(label.into());
        cells[index("conso_5_usages_par_m2_ep").unwrap()] = Cell::Number(conso);
        cells[index("periode_construction").unwrap()] = Cell::Text(period.into());
        Row(cells)
    }

    fn accepts(qs: &str) -> bool {
        parse(qs).unwrap().accepts(&row("F", 350.0, "avant 1948"))
    }

    #[test]
    fn the_subset_means_what_lucene_means() {
        for (qs, expected) in [
            ("etiquette_dpe:F", true),
            ("etiquette_dpe:(F OR G)", true),
            ("etiquette_dpe:(A OR B)", false),
            ("NOT etiquette_dpe:A AND conso_5_usages_par_m2_ep:[330 TO *]", true),
            ("conso_5_usages_par_m2_ep:[* TO 350}", false),
            ("conso_5_usages_par_m2_ep:[350 TO 350]", true),
            ("periode_construction:\"avant 1948\"", true),
            ("(etiquette_dpe:A OR etiquette_dpe:F) AND periode_construction:*", true),
            ("date_etablissement_dpe:*", false),
        ] {
            assert_eq!(accepts(qs), expected, "{qs}");
        }
    }

    #[test]
    fn what_is_not_understood_is_never_answered() {
        for qs in [
            "F",
            "etiquette_dpe:F*",
            "etiquette_dpe:F etiquette_dpe:G",
            "inconnue:1",
            "etiquette_dpe:>A",
            "etiquette_dpe:(F",
        ] {
            assert!(parse(qs).is_err(), "{qs}");
        }
    }

    #[test]
    fn the_communes_of_a_query_are_found() {
        let column = index("code_insee_ban").unwrap();
        let communes = |qs: &str| parse(qs).unwrap().communes(column);
        assert_eq!(
            communes("code_insee_ban:(75101 OR 75102) AND etiquette_dpe:F"),
            Some(vec!["75101".into(), "75102".into()])
        );
        assert_eq!(communes("etiquette_dpe:F"), None);
        assert_eq!(communes("code_insee_ban:75101 OR etiquette_dpe:F"), None);
    }
}
