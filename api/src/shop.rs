//! What may be bought where: the catalogue, with the rule that production does not sell generated data.

use domain::{
    eligibility::{Eligibility, EligibilityStatus},
    ports::{KeyFigures, PortError, SourceNote, StudySheet},
};

use crate::deps::Deps;

/// The study with this code, if we sell it.
pub async fn study(deps: &Deps, code: &str) -> Result<Option<StudySheet>, PortError> {
    Ok(deps.catalogue.studies().await?.into_iter().find(|sheet| sheet.code == code))
}

/// Whether a report made now would rest on generated data.
pub async fn is_specimen(deps: &Deps, study: &str) -> Result<bool, PortError> {
    Ok(or_none(deps.catalogue.sources(study).await)?.iter().any(|source| source.synthetique))
}

/// What anybody may see of a commune; nothing where the open data have never heard of it.
pub async fn key_figures(deps: &Deps, commune: &str) -> Result<KeyFigures, PortError> {
    match deps.catalogue.key_figures(commune).await {
        Err(PortError::Missing { .. }) => Ok(KeyFigures { facts: Vec::new(), map: None }),
        other => other,
    }
}

fn or_none<T>(found: Result<Vec<T>, PortError>) -> Result<Vec<T>, PortError> {
    match found {
        Err(PortError::Missing { .. }) => Ok(Vec::new()),
        other => other,
    }
}

/// Every study's eligibility for a commune; none where the open data have never heard of it.
pub async fn eligibility(deps: &Deps, commune: &str) -> Result<Vec<Eligibility>, PortError> {
    let mut found = or_none(deps.catalogue.eligibility(commune).await)?;
    if !deps.settings.specimens_allowed {
        for eligibility in found.iter_mut().filter(|eligibility| eligibility.can_be_ordered()) {
            if is_specimen(deps, &eligibility.study).await? {
                eligibility.status = EligibilityStatus::Unavailable;
                eligibility.reason = Some("données de démonstration\u{a0}: non proposées à la vente".to_owned());
            }
        }
    }
    Ok(found)
}

/// The sources of every study, each dataset once.
pub async fn all_sources(deps: &Deps, studies: &[StudySheet]) -> Result<Vec<SourceNote>, PortError> {
    let mut all: Vec<SourceNote> = Vec::new();
    for study in studies {
        for source in deps.catalogue.sources(study.code).await? {
            if !all.iter().any(|known| known.dataset == source.dataset) {
                all.push(source);
            }
        }
    }
    Ok(all)
}
