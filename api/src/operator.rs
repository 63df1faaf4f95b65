//! Who may look behind the shop: whoever shows the operator's token. Where no token is configured, there is nothing to see.

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, header, request::Parts},
};
use sha2::{Digest as _, Sha256};

use crate::{deps::Deps, problem::Problem, request::no_route};

/// The token of operators and auditors, as its digest: the token itself stays outside.
#[derive(Clone, PartialEq, Eq)]
pub struct OperatorToken([u8; 32]);

impl OperatorToken {
    /// None for a token that could be guessed: it takes 32 characters.
    #[must_use]
    pub fn new(token: &str) -> Option<Self> {
        (token.len() >= 32).then(|| Self(Sha256::digest(token).into()))
    }

    /// Whether somebody shows the same token; the time taken tells nothing about where they differ.
    fn matches(&self, shown: &str) -> bool {
        let shown: [u8; 32] = Sha256::digest(shown).into();
        self.0.iter().zip(shown).fold(0, |difference, (kept, shown)| difference | (kept ^ shown)) == 0
    }
}

impl std::fmt::Debug for OperatorToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[redacted]")
    }
}

/// A request that showed the token.
pub struct Operator;

impl FromRequestParts<Deps> for Operator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, deps: &Deps) -> Result<Self, Problem> {
        let Some(token) = &deps.settings.operator_token else { return Err(no_route()) };
        let shown = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        match shown.and_then(|value| value.strip_prefix("Bearer ")) {
            Some(shown) if token.matches(shown) => Ok(Self),
            _ => Err(Problem::new(StatusCode::UNAUTHORIZED, "operator.unauthorized", "Accès réservé")
                .detail("Le jeton d’exploitation est absent ou faux\u{a0}: donnez-le dans l’en-tête Authorization.")),
        }
    }
}
