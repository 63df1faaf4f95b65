//! Numbers as French groups them: in sentences for operators.

/// `13 900 000`, with the narrow no-break spaces of French.
#[must_use]
pub fn thousands(number: impl std::fmt::Display) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 * 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::thousands;

    #[test]
    fn figures_are_grouped_as_french_groups_them() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(875), "875");
        assert_eq!(thousands(34_875), "34\u{202f}875");
        assert_eq!(thousands(13_900_000), "13\u{202f}900\u{202f}000");
    }
}
