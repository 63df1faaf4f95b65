//! Reads a median, and believes it only when it is over the certificates of the territory.

use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::Number;

/// A median and the certificates that the question found, with or without the measure.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Median {
    pub value: Option<Decimal>,
    pub total: i64,
}

#[derive(Deserialize)]
struct Answer {
    total: i64,
    metric: Vec<Percentile>,
}

#[derive(Deserialize)]
struct Percentile {
    key: f64,
    value: Option<Number>,
}

/// Reads the answer for a territory known to have some `certificates`. A filter that the site does not understand measures
/// the whole country; between two answers, one of them kept for up to ninety days, a territory gains some certificates.
pub(super) fn read(body: &[u8], certificates: i64) -> Result<Median, String> {
    let answer: Answer = serde_json::from_slice(body).map_err(|error| format!("no percentiles: {error}"))?;
    if answer.total < 0 || (answer.total - certificates).abs() > 50 + certificates / 5 {
        return Err(format!(
            "{} certificates where {certificates} are known: the filter was not understood",
            answer.total
        ));
    }
    let median = answer.metric.iter().find(|percentile| (percentile.key - 50.0).abs() < f64::EPSILON);
    let median = median.ok_or_else(|| "the median is not among the percentiles".to_owned())?;
    let value = match &median.value {
        None => None,
        Some(number) => {
            let value = number.to_string().parse::<Decimal>().map_err(|error| format!("« {number} »: {error}"))?;
            if value.is_sign_negative() && !value.is_zero() {
                return Err(format!("a median of {value} by square metre"));
            }
            Some(value)
        }
    };
    Ok(Median { value, total: answer.total })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn median(body: &str, certificates: i64) -> Result<Median, String> {
        read(body.as_bytes(), certificates)
    }

    #[test]
    fn the_fiftieth_percentile_is_the_median_and_none_is_none() {
        let body = r#"{"total": 47, "metric": [{"key": 25, "value": 150}, {"key": 50.0, "value": 211.5}]}"#;
        assert_eq!(median(body, 45), Ok(Median { value: Some(Decimal::new(2_115, 1)), total: 47 }));
        let nobody = r#"{"total": 0, "metric": [{"key": 50, "value": null}]}"#;
        assert_eq!(median(nobody, 0), Ok(Median { value: None, total: 0 }));
    }

    #[test]
    fn the_median_of_the_country_is_not_that_of_a_commune() {
        let body = r#"{"total": 15301407, "metric": [{"key": 50, "value": 220}]}"#;
        assert!(median(body, 6_000).unwrap_err().contains("not understood"));
        assert!(median(body, 15_000_000).is_ok());
    }

    #[test]
    fn what_holds_no_median_is_refused() {
        for body in [
            r#"{"total": 47, "metric": []}"#,
            r#"{"total": 47, "metric": [{"key": 25, "value": 150}]}"#,
            r#"{"total": 47, "metric": [{"key": 50, "value": -3}]}"#,
            r#"{"total": -1, "metric": [{"key": 50, "value": 3}]}"#,
            r#"{"total": 47}"#,
            "<html>",
        ] {
            assert!(median(body, 47).is_err(), "{body}");
        }
    }
}
