//! Rates of rounded numbers, and what is not told.

use super::samples::{allowances, tables};
use super::*;

fn own() -> Recipients {
    tables().recipients.rows.swap_remove(0)
}

fn rate(row: &Recipients, id: &str) -> Figure {
    let (_, figure) = RATES.iter().find(|(known, _)| *known == id).unwrap();
    per_hundred(row, &published(row, figure(row)))
}

#[test]
fn recipients_are_for_a_hundred_households_and_persons_for_a_hundred_inhabitants() {
    // 365 and 170 of 7 266 households; 7 175 of 14 870 inhabitants.
    assert_eq!(rate(&own(), "caf.rsa").value.unwrap().round_dp(3), Decimal::new(5_023, 3));
    assert_eq!(rate(&own(), "caf.monop").value.unwrap().round_dp(3), Decimal::new(2_340, 3));
    assert_eq!(covered(&own()).value.unwrap().round_dp(3), Decimal::new(48_252, 3));
}

#[test]
fn a_nil_may_hide_one_and_a_secret_hides_all() {
    let nil = Recipients { rsa: Some(Decimal::ZERO), rsa_statut: Some("ns".to_owned()), ..own() };
    assert_eq!((rate(&nil, "caf.rsa").status, rate(&nil, "caf.rsa").value), (FactStatus::LowN, Some(Decimal::ZERO)));
    let secret = Recipients { rsa_statut: Some("s".to_owned()), ..own() };
    assert_eq!((rate(&secret, "caf.rsa").status, rate(&secret, "caf.rsa").value), (FactStatus::Secret, None));
    let silent = Recipients { rsa: None, rsa_statut: Some("nd".to_owned()), ..own() };
    assert_eq!(rate(&silent, "caf.rsa").status, FactStatus::Missing);
    let uncounted = Recipients { men: None, ..own() };
    assert_eq!(rate(&uncounted, "caf.rsa").note.as_deref(), Some("ménages du recensement non chargés"));
}

#[test]
fn allowances_are_for_a_hundred_of_the_oldest_and_a_thousand_of_the_others() {
    let row = allowances();
    assert_eq!(autonomy(&row).value, Some(Decimal::from(14)));
    assert_eq!(at_home(&row).value.unwrap().round_dp(2), Decimal::new(5_714, 2));
    assert_eq!(compensation(&row).value, Some(Decimal::from(5)));
    let silent = Allowances { apa_dom: None, p75: None, ..row };
    assert_eq!(autonomy(&silent).note.as_deref(), Some(SILENT));
    assert_eq!(at_home(&silent).status, FactStatus::Missing);
    let alone = Allowances { p75: None, ..allowances() };
    assert_eq!(autonomy(&alone).note.as_deref(), Some(NO_INHABITANTS));
}
