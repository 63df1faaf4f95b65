//! Reads an aggregation by commune and label, and believes it only when its sums hold and its communes are those asked for.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

const LABELS: [&str; 7] = ["A", "B", "C", "D", "E", "F", "G"];

/// Certificates with a label, and all certificates.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Counts {
    pub by_label: BTreeMap<String, i64>,
    pub total: i64,
}

/// Groups of lines, and how many lines are in none of them.
#[derive(Deserialize)]
struct Groups {
    total: i64,
    #[serde(default)]
    total_other: i64,
    aggs: Vec<Group>,
}

#[derive(Deserialize)]
struct Group {
    value: Value,
    #[serde(flatten)]
    within: Within,
}

#[derive(Deserialize)]
struct Within {
    total: i64,
    #[serde(default)]
    total_other: i64,
    #[serde(default)]
    aggs: Vec<Leaf>,
}

#[derive(Deserialize)]
struct Leaf {
    total: i64,
    value: Value,
}

/// Reads the answer for `communes`. The commune of every group is checked, because a filter that the site does not
/// understand counts the whole country. Certificates without a label are counted in the total only.
pub(super) fn read(body: &[u8], communes: &[String]) -> Result<Counts, String> {
    let answer: Groups = serde_json::from_slice(body).map_err(|error| format!("no aggregation: {error}"))?;
    let sum = add(answer.aggs.iter().map(|group| group.within.total))?;
    if answer.total_other != 0 || sum != answer.total {
        return Err(format!("the communes add up to {sum}, the total is {}", answer.total));
    }
    let mut by_label: BTreeMap<_, _> = LABELS.iter().map(|&label| (label.to_owned(), 0)).collect();
    for group in &answer.aggs {
        let commune = group.value.as_str().unwrap_or_default();
        if !communes.iter().any(|code| code == commune) {
            return Err(format!("« {} » was not asked for: the filter was not understood", group.value));
        }
        let labelled = add(group.within.aggs.iter().map(|leaf| leaf.total))?;
        if group.within.total_other != 0 || labelled > group.within.total {
            return Err(format!("the labels of {commune} add up to {labelled} of {}", group.within.total));
        }
        for leaf in &group.within.aggs {
            let label = leaf.value.as_str().unwrap_or_default();
            *by_label.get_mut(label).ok_or_else(|| format!("« {} » is no energy label", leaf.value))? += leaf.total;
        }
    }
    Ok(Counts { by_label, total: answer.total })
}

fn add(mut parts: impl Iterator<Item = i64>) -> Result<i64, String> {
    parts
        .try_fold(0_i64, |sum, part| if part < 0 { None } else { sum.checked_add(part) })
        .ok_or_else(|| "a count is negative or beyond reason".to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const WHOLE: &str = r#"{"total": 47, "total_values": 2, "total_other": 0, "aggs": [
        {"total": 30, "value": "69381", "results": [], "total_other": 0, "aggs": [{"total": 18, "value": "D"}, {"total": 9, "value": "G"}]},
        {"total": 17, "value": "69382", "results": [], "aggs": [{"total": 17, "value": "D"}]}]}"#;

    fn counts(body: &str) -> Result<Counts, String> {
        read(body.as_bytes(), &["69381".to_owned(), "69382".to_owned()])
    }

    #[test]
    fn labels_are_added_over_the_communes_and_those_without_certificates_are_zero() {
        let counts = counts(WHOLE).unwrap();
        assert_eq!((counts.total, counts.by_label["D"], counts.by_label["G"], counts.by_label["A"]), (47, 35, 9, 0));
        assert_eq!(counts.by_label.len(), 7);
        let nothing = read(br#"{"total": 0, "total_values": 0, "total_other": 0, "aggs": []}"#, &[]).unwrap();
        assert_eq!((nothing.total, nothing.by_label["D"]), (0, 0));
    }

    #[test]
    fn a_commune_that_nobody_asked_for_shows_that_the_filter_was_not_understood() {
        let error = read(WHOLE.as_bytes(), &["69381".to_owned()]).unwrap_err();
        assert!(error.contains("69382"), "{error}");
    }

    #[test]
    fn sums_that_do_not_hold_are_not_believed() {
        for (was, is) in [
            (r#""total": 47"#, r#""total": 48"#),
            (r#""total": 47"#, r#""total": -47"#),
            (r#""total_values": 2, "total_other": 0"#, r#""total_other": 3"#),
            (r#""results": [], "total_other": 0"#, r#""total_other": 3"#),
            (r#"{"total": 18, "value": "D"}"#, r#"{"total": 22, "value": "D"}"#),
            (r#"{"total": 18, "value": "D"}"#, r#"{"total": -1, "value": "D"}"#),
            (r#"{"total": 18, "value": "D"}"#, r#"{"total": 9223372036854775807, "value": "D"}"#),
            (r#"{"total": 18, "value": "D"}"#, r#"{"total": 18, "value": "H"}"#),
            (r#"{"total": 18, "value": "D"}"#, r#"{"total": 18, "value": null}"#),
        ] {
            let body = WHOLE.replacen(was, is, 1);
            assert!(body != WHOLE && counts(&body).is_err(), "{body}");
        }
        for body in [r#"{"results": []}"#, "<html>", ""] {
            assert!(counts(body).is_err(), "{body}");
        }
    }

    proptest! {
        #[test]
        fn half_an_answer_is_no_answer(length in 0..WHOLE.len()) {
            prop_assert!(counts(&WHOLE[..length]).is_err());
        }

        #[test]
        fn no_body_makes_us_fall(body in prop::collection::vec(any::<u8>(), 0..300)) {
            prop_assert!(read(&body, &[]).is_err());
        }

        #[test]
        fn whatever_is_believed_adds_up(digits in prop::collection::vec(0_i64..50, 5)) {
            let [total, first, d, g, second] = digits[..] else { unreachable!() };
            let body = format!(
                r#"{{"total": {total}, "aggs": [{{"total": {first}, "value": "69381", "aggs": [{{"total": {d}, "value": "D"}},
                   {{"total": {g}, "value": "G"}}]}}, {{"total": {second}, "value": "69382", "aggs": []}}]}}"#
            );
            if let Ok(counts) = counts(&body) {
                prop_assert_eq!(counts.total, first + second);
                prop_assert!(counts.by_label.values().sum::<i64>() <= counts.total);
            }
        }
    }
}
