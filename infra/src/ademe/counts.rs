//! Reads an aggregation by label, and believes it only when its sums hold.

use std::collections::BTreeMap;

use serde::Deserialize;

/// No commune comes near: a larger total means that the filter was not understood and the country was counted.
const LARGEST_TOTAL: i64 = 3_000_000;
const LABELS: [&str; 7] = ["A", "B", "C", "D", "E", "F", "G"];

/// Certificates with a label, and all certificates.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Counts {
    pub by_label: BTreeMap<String, i64>,
    pub total: i64,
}

#[derive(Deserialize)]
struct Aggregation {
    total: i64,
    #[serde(default)]
    total_other: i64,
    aggs: Vec<Group>,
}

#[derive(Deserialize)]
struct Group {
    total: i64,
    value: serde_json::Value,
}

/// Certificates without a label are counted in the total only.
pub(super) fn read(body: &[u8]) -> Result<Counts, String> {
    let answer: Aggregation = serde_json::from_slice(body).map_err(|error| format!("no aggregation: {error}"))?;
    let grouped = answer
        .aggs
        .iter()
        .map(|group| group.total)
        .chain([answer.total_other])
        .try_fold(0_i64, |sum, part| if part < 0 { None } else { sum.checked_add(part) });
    match grouped {
        Some(sum) if sum <= answer.total => {}
        _ => return Err(format!("the groups do not add up to the total of {}", answer.total)),
    }
    if answer.total > LARGEST_TOTAL {
        return Err(format!("{} certificates are not those of one territory", answer.total));
    }
    let mut by_label: BTreeMap<_, _> = LABELS.iter().map(|&label| (label.to_owned(), 0)).collect();
    for group in &answer.aggs {
        let label = group.value.as_str().unwrap_or_default();
        *by_label.get_mut(label).ok_or_else(|| format!("« {} » is no energy label", group.value))? += group.total;
    }
    Ok(Counts { by_label, total: answer.total })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_without_certificates_are_zero() {
        let body =
            br#"{"total": 30, "total_other": 0, "aggs": [{"total": 18, "value": "D"}, {"total": 9, "value": "G"}]}"#;
        let counts = read(body).unwrap();
        assert_eq!((counts.total, counts.by_label["D"], counts.by_label["G"], counts.by_label["A"]), (30, 18, 9, 0));
        assert_eq!(counts.by_label.len(), 7);
    }

    #[test]
    fn sums_that_do_not_hold_are_not_believed() {
        for body in [
            &br#"{"total": 10, "aggs": [{"total": 11, "value": "D"}]}"#[..],
            br#"{"total": 10, "total_other": 4, "aggs": [{"total": 7, "value": "D"}]}"#,
            br#"{"total": 10, "aggs": [{"total": -1, "value": "D"}]}"#,
            br#"{"total": 15301407, "aggs": [{"total": 15000000, "value": "D"}]}"#,
            br#"{"total": 10, "aggs": [{"total": 7, "value": "H"}]}"#,
            br#"{"results": []}"#,
            br#"{"total": 10, "aggs": [{"to"#,
        ] {
            assert!(read(body).is_err(), "{}", String::from_utf8_lossy(body));
        }
    }
}
