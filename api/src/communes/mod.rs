//! Communes: found, shown, and what can be ordered for them.

pub mod eligibility;
pub mod map;
pub mod search;
pub mod show;

use axum::http::StatusCode;
use domain::ports::CommunePage;

use crate::{deps::Deps, problem::Problem};

/// An INSEE code: five characters, `2A` and `2B` for Corsica.
pub fn is_code(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 5
        && bytes.iter().enumerate().all(|(index, byte)| byte.is_ascii_digit() || (index == 1 && b"AB".contains(byte)))
}

/// The commune with this code, or 404.
async fn find(deps: &Deps, code: &str) -> Result<CommunePage, Problem> {
    let found = if is_code(code) { deps.territories.commune(code).await? } else { None };
    found.ok_or_else(|| {
        let shown: String = code.chars().filter(|c| !c.is_control()).take(20).collect();
        Problem::new(StatusCode::NOT_FOUND, "commune.unknown", "Commune inconnue").detail(format!(
            "Aucune commune ne porte le code INSEE «\u{a0}{shown}\u{a0}». Cherchez-la par son nom ou son code postal."
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_insee_code_has_five_characters_and_corsica_has_letters() {
        assert!(["44109", "2A004", "2B033", "97411"].iter().all(|code| is_code(code)));
        assert!(["4410", "441090", "44 09", "A4109", "44A09", "44109\0", "é4109"].iter().all(|code| !is_code(code)));
    }
}
