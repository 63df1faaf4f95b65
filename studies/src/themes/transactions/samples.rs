//! Sales of the invented town.

use rust_decimal::Decimal;

use super::{MARKET, Market, Tables};
use crate::themes::fixture::{moved, table};

pub fn tables() -> Tables {
    let market = table("dvf", "themes/marche", MARKET, |scope, weight, wobble| {
        let price = |value: i64| Some(moved(value, 1, wobble));
        vec![Market {
            scope: scope.to_owned(),
            annee: 2024,
            sources: vec![8],
            part: Decimal::ONE,
            log: Some((8_142 * weight).into()),
            log_sources: vec![3],
            ventes: 106 * weight,
            vefa: 19 * weight,
            volume: moved(18_420_000, weight, wobble),
            appt_n: 84 * weight,
            appt_prix: price(143_000),
            appt_surface: price(62),
            mais_n: 22 * weight,
            mais_prix: price(196_000),
            mais_surface: price(99),
            terrain_n: 31 * weight,
            terrain: price(96),
            terrain_sources: vec![8],
        }]
    });
    Tables { market }
}
