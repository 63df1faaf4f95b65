//! The template engine: templates are part of the binary, named `*.html` so that everything they print is escaped.

use std::sync::LazyLock;

use serde::Serialize;
use sha2::{Digest as _, Sha256};
use tera::{Context, Tera};

use super::filters;

/// Why a page could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    #[error("the sheet has no fact {0}: collect it, or take it off the page")]
    UnknownFact(String),
    #[error("the narrative has no block {0}: complete it by rules before rendering")]
    UnknownBlock(String),
    #[error("dataset {0} has no printed name: add it to studies/src/pages/sources.rs")]
    UnknownDataset(String),
    #[error("exhibit {name} is not laid out as the page expects: {message}")]
    Exhibit { name: &'static str, message: String },
    #[error("block {block} cannot be printed: {message}")]
    Block { block: String, message: String },
    #[error("template {template}: {message}")]
    Template { template: String, message: String },
}

/// Every template of the house, by name.
const TEMPLATES: &[(&str, &str)] = &[
    ("report/base.html", include_str!("../../../templates/report/base.html")),
    ("report/components.html", include_str!("../../../templates/report/components.html")),
    ("report/style.css", include_str!("../../../templates/report/style.css")),
    ("report/reading.html", include_str!("../../../templates/report/reading.html")),
    ("report/sources.html", include_str!("../../../templates/report/sources.html")),
    ("report/annex.html", include_str!("../../../templates/report/annex.html")),
    ("report/cover.html", include_str!("../../../templates/report/cover.html")),
    ("report/leaves.html", include_str!("../../../templates/report/leaves.html")),
];

/// Prints `view` with a template of the house, e.g. `report/leaves.html`.
///
/// # Errors
/// When a template is broken or asks for what the view does not have: an unknown name is never a blank.
pub fn render<V: Serialize>(template: &str, view: &V) -> Result<String, PageError> {
    static ENGINE: LazyLock<Result<Tera, String>> = LazyLock::new(|| load(TEMPLATES).map_err(|e| chain(&e)));
    let fault = |message| PageError::Template { template: template.to_owned(), message };
    let engine = ENGINE.as_ref().map_err(|message| fault(message.clone()))?;
    let context = Context::from_serialize(view).map_err(|error| fault(chain(&error)))?;
    engine.render(template, &context).map_err(|error| fault(chain(&error)))
}

/// Digest of every template: two reports of the same version were laid out alike.
#[must_use]
pub fn template_digest() -> String {
    let mut hasher = Sha256::new();
    for (name, text) in TEMPLATES {
        hasher.update(name.as_bytes());
        hasher.update([0]);
        hasher.update(text.as_bytes());
        hasher.update([0]);
    }
    hex::encode(hasher.finalize())
}

pub(super) fn load(templates: &[(&'static str, &'static str)]) -> tera::TeraResult<Tera> {
    let mut tera = Tera::new();
    filters::register(&mut tera);
    tera.add_raw_templates(templates.iter().copied())?;
    Ok(tera)
}

#[cfg(test)]
pub(super) fn templates() -> &'static [(&'static str, &'static str)] {
    TEMPLATES
}

fn chain(error: &tera::Error) -> String {
    let mut message = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        message.push_str(": ");
        message.push_str(&cause.to_string());
        source = cause.source();
    }
    message
}
