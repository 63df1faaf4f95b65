//! Benefits of the invented town.

use rust_decimal::Decimal;

use super::{Allowances, RECIPIENTS, Recipients, Tables};
use crate::themes::fixture::{moved, table};
use crate::themes::raw::Table;

/// Fourteen thousand inhabitants in seven thousand households, and their département.
pub fn tables() -> Tables {
    let empty = Tables::default();
    Tables {
        recipients: table("caf_communal", "themes/benefits/allocataires", RECIPIENTS, |scope, weight, wobble| {
            let of = |value: i64| Some(moved(value, weight, wobble));
            vec![Recipients {
                scope: scope.to_owned(),
                annee: 2024,
                sources: vec![31, 3],
                part: Decimal::ONE,
                habitants: 14_870 * weight,
                men: Some((7_266 * weight).into()),
                alloc: of(3_120),
                alloc_statut: None,
                pers: of(7_175),
                pers_statut: None,
                rsa: of(365),
                rsa_statut: None,
                ppa: of(1_060),
                ppa_statut: None,
                aah: of(280),
                aah_statut: None,
                al: of(1_375),
                al_statut: None,
                asf: of(170),
                asf_statut: None,
            }]
        }),
        allowances: Table { rows: vec![allowances()], ..empty.allowances },
    }
}

/// Four thousand helped at home and 3 000 in institutions among 50 000 people of 75 and more.
pub fn allowances() -> Allowances {
    Allowances {
        scope: "dep".to_owned(),
        annee: 2023,
        sources: vec![32],
        part: Decimal::ONE,
        estime: false,
        apa_dom: Some(4_000.into()),
        apa_etab: Some(3_000.into()),
        pch: Some(2_200.into()),
        p75: Some(50_000.into()),
        m60: Some(440_000.into()),
    }
}
