//! Which source a file is: vintage, part, perimeter, real or invented, and the year of its geography.

use std::path::Path;

use serde_json::{Value, json};

use super::error::ImportError;
use super::provenance::Identity;
use super::{Options, REFERENCE_COG};
use crate::dataset::Described;

/// Puts together what the file says and what the operator adds.
pub fn identify(file: &Path, described: Described, marked: bool, options: &Options) -> Result<Identity, ImportError> {
    if let Some(refusal) = described.refusal {
        return Err(ImportError::Header(format!("{} : {refusal}", file.display())));
    }
    if let (Some(said), Some(asked)) = (&described.millesime, &options.millesime)
        && said != asked
    {
        let (said, asked) = (said.clone(), asked.clone());
        return Err(ImportError::OtherVintage { file: file.to_owned(), said, asked });
    }
    let millesime = options.millesime.clone().or(described.millesime);
    let perimetre = options.perimetre.clone().or_else(|| options.departement.clone()).or(described.perimetre);
    Ok(Identity {
        millesime: millesime.ok_or_else(|| ImportError::NoVintage { file: file.to_owned() })?,
        partie: described.partie,
        perimetre: perimetre.unwrap_or_else(|| "FR".to_owned()),
        synthetique: options.synthetique || marked,
        // A generated file is in the reference geography, whatever year its name imitates.
        cog_annee: options.cog_annee.or(described.cog_annee.filter(|_| !marked)).unwrap_or(REFERENCE_COG),
    })
}

/// What loads receive as `$2`.
pub fn parameters(identity: &Identity, options: &Options) -> Value {
    json!({
        "millesime": identity.millesime, "cog": identity.cog_annee, "partie": identity.partie,
        "perimetre": identity.perimetre, "departement": options.departement, "synthetique": identity.synthetique,
    })
}
