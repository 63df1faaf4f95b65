//! SITADEL: building permits that create dwellings, from 2013 on. An authorised dwelling is not a built one. Each monthly
//! delivery is complete and replaces the one before, so that a permit that was withdrawn vanishes.

mod reader;

use crate::dataset::{Column, Control, Dataset, Described, Format, Layout, Load, Seen};

/// The dataset `sitadel`.
pub const DATASET: Dataset = Dataset {
    name: "sitadel",
    title: "Liste des autorisations d’urbanisme créant des logements (Sitadel)",
    producer: "SDES",
    licence: "Licence Ouverte 2.0",
    origin: "",
    rhythm: "mensuel",
    version: 1,
    layouts: &[Layout {
        name: "« Liste des autorisations d’urbanisme créant des logements » (codes en tête de colonne)",
        format: Format::Delimited { quoted: true },
        columns: COLUMNS,
        describe: |seen: &Seen| Described { millesime: month(seen.file_name), ..Described::default() },
        commune: Some("s.code"),
        digest: Some(reader::DIGEST),
        loads: &[Load::Partition { table: "sitadel", sql: include_str!("load.sql") }],
        controls: CONTROLS,
        snapshot: true,
        ..Layout::EMPTY
    }],
};

/// The header is the first line that holds `NUM_DAU`: the portal writes labels above it. Read in this order.
const COLUMNS: &[Column] = &[
    Column::needed("num_dau", &[]),
    Column::needed("type_dau", &[]),
    Column::needed("comm", &[]),
    Column::needed("etat_dau", &[]),
    Column::needed("date_reelle_autorisation", &[]),
    Column::needed("date_reelle_doc", &[]),
    Column::needed("date_reelle_daact", &[]),
    Column::optional("dpc_dern", &[]),
    Column::needed("nb_lgt_tot_crees", &[]),
    Column::needed("nb_lgt_ind_crees", &[]),
    Column::needed("nb_lgt_col_crees", &[]),
    Column::optional("nb_lgt_res", &[]),
    Column::optional("nb_lgt_pret_loc_social", &[]),
    Column::optional("nb_lgt_demolis", &[]),
    Column::optional("surf_hab_creee", &[]),
    Column::optional("superficie_terrain", &[]),
    Column::optional("nature_projet_completee", &["nature_projet"]),
    Column::optional("destination_principale", &[]),
    Column::optional("type_princip_logts_crees", &[]),
    Column::optional("utilisation", &[]),
    Column::optional("res_princip_ou_second", &[]),
    Column::optional("zone_op", &[]),
    Column::optional("sec_cadastre1", &[]),
    Column::optional("num_cadastre1", &[]),
];

/// Dwellings authorised in a year: the sum of the monthly national series of the SDES, « Brute », within a tenth. The
/// series counts permits when they are known, the list when they were given.
const fn authorised(what: &'static str, sql: &'static str, total: i64) -> Control {
    Control { what, sql, min: total * 9 / 10, max: total * 11 / 10 }
}

const CONTROLS: &[Control] = &[
    authorised(
        "logements autorisés en 2019",
        "SELECT coalesce(sum(nb_log), 0) FROM {staging} WHERE etat <> 4 AND date_autorisation BETWEEN '2019-01-01' AND '2019-12-31'",
        446_115,
    ),
    authorised(
        "logements autorisés en 2022",
        "SELECT coalesce(sum(nb_log), 0) FROM {staging} WHERE etat <> 4 AND date_autorisation BETWEEN '2022-01-01' AND '2022-12-31'",
        486_064,
    ),
    authorised(
        "logements autorisés en 2024",
        "SELECT coalesce(sum(nb_log), 0) FROM {staging} WHERE etat <> 4 AND date_autorisation BETWEEN '2024-01-01' AND '2024-12-31'",
        321_171,
    ),
];

/// `Liste-des-….2025-10.csv` → `2025-10`.
fn month(name: &str) -> Option<String> {
    let at = |start: usize| name.get(start..start + 7);
    (0..name.len()).rev().filter_map(at).find(|part| is_month(part)).map(str::to_owned)
}

fn is_month(part: &str) -> bool {
    let (year, month) = part.split_once('-').unwrap_or_default();
    let digits = |text: &str, length| text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(year, 4) && digits(month, 2) && matches!(month.parse(), Ok(1..=12)) && year.starts_with("20")
}

#[cfg(test)]
mod tests {
    use super::month;

    #[test]
    fn the_vintage_is_the_month_in_the_name() {
        let name = "Liste-des-autorisations-durbanisme-creant-des-logements.2025-10.csv";
        assert_eq!(month(name).as_deref(), Some("2025-10"));
        assert_eq!(month("logements.2025-13.csv"), None);
        assert_eq!(month("étés-2024.csv"), None);
    }
}
