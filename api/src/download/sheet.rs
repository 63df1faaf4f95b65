//! The stored fact sheet of a report, and the name under which its figures are saved.

use std::fmt::Write as _;

use axum::http::{HeaderName, header};
use domain::{fact::FactSheet, identity::artefact_key};
use projections::report_status::query::ReportStatus;
use sha2::{Digest as _, Sha256};

use crate::{deps::Deps, problem::Problem};

/// The canonical bytes of a fact sheet, as the event `FactsCollected` names them.
pub struct Sheet {
    pub bytes: Vec<u8>,
    /// Lower-case hex.
    pub sha256: String,
}

impl Sheet {
    /// From the storage, refused when they are not what the log says.
    pub async fn of(deps: &Deps, report: &ReportStatus) -> Result<Self, Problem> {
        let told = deps.commands.load_report(report.report_id).await?;
        let sha256 = told.sheet_sha256.ok_or_else(Problem::unavailable)?;
        let bytes = deps.storage.get(&artefact_key(&sha256)).await?;
        let found = hex::encode(Sha256::digest(&bytes));
        if found != sha256 {
            let report = report.report_id;
            return Err(Problem::unexpected(&format!("fact sheet {sha256} of report {report} came back as {found}")));
        }
        Ok(Self { bytes, sha256 })
    }

    /// The figures.
    pub fn read(&self) -> Result<FactSheet, Problem> {
        serde_json::from_slice(&self.bytes).map_err(|error| Problem::unexpected(&error))
    }
}

/// Headers of a file beside the report, named after it: `LOG-01_Orléans_45234_2026-11-22_chiffres.csv`. The plain name of
/// old browsers has the codes only, which are ASCII.
pub fn attached(report: &ReportStatus, ending: &str, kind: &str) -> [(HeaderName, String); 2] {
    let plain = format!("{}_{}_chiffres.{ending}", report.study, report.commune);
    let whole = report.filename.as_deref().and_then(|name| name.strip_suffix(".pdf"));
    let name = whole.map_or_else(|| plain.clone(), |name| format!("{name}_chiffres.{ending}"));
    let saved = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", encoded(&name));
    [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, saved)]
}

/// RFC 8187: letters, digits and marks of names as they are, every other byte as `%XX`.
fn encoded(name: &str) -> String {
    name.bytes().fold(String::with_capacity(name.len()), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_named_after_the_report_and_nothing_in_a_name_reaches_the_header() {
        let mut report =
            ReportStatus { study: "LOG-01".to_owned(), commune: "45234".to_owned(), ..ReportStatus::default() };
        let saved = |report: &ReportStatus| attached(report, "csv", "text/csv")[1].1.clone();
        let plain = "attachment; filename=\"LOG-01_45234_chiffres.csv\"; filename*=UTF-8''";
        assert_eq!(saved(&report), format!("{plain}LOG-01_45234_chiffres.csv"));
        report.filename = Some("LOG-01_Orléans_45234_2026-11-22.pdf".to_owned());
        assert_eq!(saved(&report), format!("{plain}LOG-01_Orl%C3%A9ans_45234_2026-11-22_chiffres.csv"));
        report.filename = Some("a\"; x=\r\nb.pdf".to_owned());
        assert_eq!(saved(&report), format!("{plain}a%22%3B%20x%3D%0D%0Ab_chiffres.csv"));
    }
}
