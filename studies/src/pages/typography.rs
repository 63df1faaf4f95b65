//! French typography of what arrives with plain blanks: notes of producers, names of loads.

/// Puts no-break spaces before high punctuation and units, and inside guillemets.
#[must_use]
pub fn typeset(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let joins_next = matches!(chars.peek(), Some(':' | ';' | '?' | '!' | '%' | '€' | '»'));
        let joined_before = out.ends_with('«');
        out.push(if c == ' ' && (joins_next || joined_before) { '\u{a0}' } else { c });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::typeset;

    #[test]
    fn blanks_that_must_not_break_do_not() {
        assert_eq!(
            typeset("secret : moins de 11 % ; « n.d. »"),
            "secret\u{a0}: moins de 11\u{a0}%\u{a0}; «\u{a0}n.d.\u{a0}»"
        );
        assert_eq!(typeset("rien à faire"), "rien à faire");
    }
}
