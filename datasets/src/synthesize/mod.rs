//! Generated files in the producers' own layouts, for demonstrations and tests: deterministic, anchored on real codes,
//! names and populations, invented in everything else, and named `SYNTHETIQUE_…`. Never show a figure from them to a
//! customer: importing one marks every report that uses it as a specimen.

mod aides;
mod bpe;
mod caf;
mod census;
mod dice;
mod finess;
mod incomes;
mod market;
mod output;
mod parcelles;
mod places;
mod points;
mod projections;
mod rpps;
mod sales;
mod sitadel;
mod tessellation;

use std::path::{Path, PathBuf};

use output::Output;
pub use sales::USUAL_TURNOVER;

use crate::engine::ImportError;

/// What to generate.
pub struct Specimen<'a> {
    /// Département, for instance `44` or `2A`; `None` for the whole country.
    pub departement: Option<&'a str>,
    /// Folder with `communes.json` and `epci.json` (plain or `.gz`).
    pub reference: &'a Path,
    /// Folder that receives the files; created when it is missing.
    pub out: &'a Path,
    /// Names of the datasets to write; empty for all.
    pub only: &'a [&'a str],
    /// Sales per dwelling and year; [`USUAL_TURNOVER`] for a usual market.
    pub turnover: f64,
    /// Whether the files are compressed.
    pub gzip: bool,
}

/// The files of one dataset.
pub struct Generated {
    /// Name of the dataset that imports them.
    pub dataset: &'static str,
    /// Files, in the order of import.
    pub files: Vec<PathBuf>,
}

/// Writes the files.
///
/// # Errors
/// [`ImportError::Unreadable`] when a folder cannot be read or written, [`ImportError::UnknownDepartement`] when the
/// reference has no such département.
pub fn synthesize(specimen: &Specimen<'_>) -> Result<Vec<Generated>, ImportError> {
    let Specimen { departement, reference, out, only, turnover, gzip } = specimen;
    std::fs::create_dir_all(out).map_err(|source| ImportError::Unreadable { file: out.to_path_buf(), source })?;
    let places = places::of(reference, *departement)?;
    if places.is_empty() {
        return Err(ImportError::UnknownDepartement(departement.unwrap_or("FR").to_owned()));
    }
    let mut generated = Vec::new();
    for dataset in [
        "contours",
        "population",
        "zonage_abc",
        "anil_loyers",
        "lovac",
        "dvf",
        "sitadel",
        "parcelles",
        "rp_housing",
        "rp_demographics",
        "rpls",
        "filosofi",
        "caf_communal",
        "aides_dept",
        "projections",
        "bpe_equipements",
        "finess",
        "rpps",
    ] {
        if !only.is_empty() && !only.contains(&dataset) {
            continue;
        }
        let mut output = Output::new(out, *gzip);
        match dataset {
            "contours" => tessellation::tessellation(&places, &mut output),
            "population" => census::history(&places, &mut output),
            "zonage_abc" => market::zoning(&places, &mut output),
            "anil_loyers" => market::rents(&places, &mut output),
            "lovac" => market::private_vacancy(&places, &mut output),
            "dvf" => sales::sales(&places, *turnover, &mut output),
            "sitadel" => sitadel::permits(&places, &mut output),
            "parcelles" => parcelles::parcels(&places, &mut output),
            "rp_housing" => census::housing(&places, &mut output),
            "rp_demographics" => census::people(&places, &mut output),
            "rpls" => market::social_stock(&places, &mut output),
            "caf_communal" => caf::benefits(&places, &mut output),
            "aides_dept" => aides::allowances(&places, &mut output),
            "projections" => projections::prospects(&places, &mut output),
            "bpe_equipements" => bpe::facilities(&places, &mut output),
            "finess" => finess::establishments(&places, &mut output),
            "rpps" => rpps::practitioners(&places, &mut output),
            _ => incomes::incomes(&places, &mut output),
        }?;
        generated.push(Generated { dataset, files: output.files });
    }
    Ok(generated)
}
