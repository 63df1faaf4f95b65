//! Households and dwellings of the invented town.

use rust_decimal::Decimal;

use super::{SIZES, Sizes, Tables};
use crate::themes::fixture::{moved, table};

pub fn tables() -> Tables {
    let sizes = table("rp_demographics", "themes/tailles", SIZES, |scope, weight, wobble| {
        let some = |value: i64, wobble: i64| Some(moved(value, weight, wobble));
        vec![Sizes {
            scope: scope.to_owned(),
            annee: 2021,
            sources: vec![2, 3],
            part: Decimal::ONE,
            habitants: 14_870 * weight,
            menages: some(7_266, 0),
            seuls: some(2_620, wobble / 4),
            couples: some(1_910, wobble / 5),
            rp: some(7_266, 0),
            rp_12: some(1_373, wobble),
        }]
    });
    Tables { sizes }
}
