//! Secondary secrecy: one hidden member of a published total could be found by subtraction, so a second one is hidden.

use rust_decimal::Decimal;

/// The member to hide beside the only secret one: the smallest value, `spared` (the commune of the report) only when
/// nobody else is left. `None` when there is nothing to protect.
#[must_use]
pub fn second_to_hide<'a>(members: &[(&'a str, Option<Decimal>, bool)], spared: &str) -> Option<&'a str> {
    if members.iter().filter(|(_, _, secret)| *secret).count() != 1 {
        return None;
    }
    members
        .iter()
        .filter_map(|(code, value, secret)| value.filter(|_| !secret).map(|value| (*code == spared, value, *code)))
        .min()
        .map(|(_, _, code)| code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(code: &str, value: i64) -> (&str, Option<Decimal>, bool) {
        (code, Some(value.into()), false)
    }

    #[test]
    fn a_lone_secret_takes_the_smallest_neighbour_with_it() {
        let members = [value("a", 30), ("b", None, true), value("c", 12), value("d", 50)];
        assert_eq!(second_to_hide(&members, "d"), Some("c"));
    }

    #[test]
    fn the_commune_of_the_report_is_hidden_last() {
        assert_eq!(second_to_hide(&[value("a", 30), ("b", None, true), value("c", 12)], "c"), Some("a"));
        assert_eq!(second_to_hide(&[("b", None, true), value("c", 12)], "c"), Some("c"));
    }

    #[test]
    fn two_secrets_protect_each_other_and_none_needs_no_protection() {
        assert_eq!(second_to_hide(&[("a", None, true), ("b", None, true), value("c", 12)], "c"), None);
        assert_eq!(second_to_hide(&[value("a", 30), value("c", 12)], "c"), None);
    }
}
