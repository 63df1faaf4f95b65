//! Whether the configured model has a future: looked at when the service starts and once a day, a warning only.

use domain::ports::PortError;
use serde::Deserialize;

use super::{AnthropicWriter, SERVICE, fault};
use crate::http::{Fault, alert};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Model {
    lifecycle: Option<String>,
    retires_at: Option<String>,
    max_tokens: Option<u64>,
    capabilities: Capabilities,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Capabilities {
    structured_outputs: Option<Supported>,
}

#[derive(Debug, Deserialize)]
struct Supported {
    supported: bool,
}

impl AnthropicWriter {
    /// What an operator should know about the configured model; also logged. Nothing when all is well.
    ///
    /// # Errors
    /// When the vendor does not say.
    pub async fn check_model(&self) -> Result<Vec<String>, PortError> {
        let url = format!("{}/v1/models/{}", self.base_url(), self.model());
        let found = self
            .plain()
            .call(
                "models.retrieve",
                |client| client.get(&url).headers(self.headers()),
                |answer| match answer.status {
                    404 => Ok(None),
                    _ if answer.is_success() => answer.json::<Model>().map(Some),
                    _ => Err(match fault::judge(&answer) {
                        fault::Judged::Fault(fault) => fault,
                        fault::Judged::SpendLimit(message) => Fault::passing(message),
                    }),
                },
            )
            .await?;
        let warnings = warnings(self.model(), found.as_ref());
        for warning in &warnings {
            tracing::warn!(model = self.model(), "{warning}");
        }
        if found.is_none() {
            alert(SERVICE, "model_not_found", "the configured model does not exist: rules write the reports");
        }
        metrics::gauge!("lobster_model_warnings").set(u32::try_from(warnings.len()).unwrap_or(u32::MAX));
        Ok(warnings)
    }
}

fn warnings(name: &str, model: Option<&Model>) -> Vec<String> {
    let Some(model) = model else {
        return vec![format!("model « {name} » does not exist: set LOBSTER_ANTHROPIC_MODEL to one that does")];
    };
    let mut warnings = Vec::new();
    let end = model.retires_at.as_deref().map(|date| format!(", it ends on {date}")).unwrap_or_default();
    if let Some(lifecycle) = model.lifecycle.as_deref().filter(|lifecycle| *lifecycle != "active") {
        warnings.push(format!("model « {name} » is {lifecycle}{end}: choose its successor"));
    }
    if model.capabilities.structured_outputs.as_ref().is_some_and(|outputs| !outputs.supported) {
        warnings.push(format!("model « {name} » does not write to a schema, which our questions need"));
    }
    if let Some(most) = model.max_tokens.filter(|most| *most < super::writer::LARGEST_OUTPUT.into()) {
        warnings.push(format!("model « {name} » writes {most} tokens at most, fewer than we may ask for"));
    }
    warnings
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(model: serde_json::Value) -> Vec<String> {
        warnings("claude-x", Some(&serde_json::from_value(model).unwrap()))
    }

    #[test]
    fn an_active_model_is_no_news_and_every_other_state_is() {
        assert_eq!(told(json!({"lifecycle": "active", "max_tokens": 64_000})), Vec::<String>::new());
        assert_eq!(told(json!({"id": "claude-x"})), Vec::<String>::new(), "what the vendor does not say is no news");
        for lifecycle in ["legacy", "deprecated", "retired"] {
            let told = told(json!({"lifecycle": lifecycle, "retires_at": "2026-11-30"}));
            assert!(told[0].contains(lifecycle) && told[0].contains("2026-11-30"), "{told:?}");
        }
        assert!(told(json!({"max_tokens": 4_000}))[0].contains("4000"));
        assert!(told(json!({"capabilities": {"structured_outputs": {"supported": false}}}))[0].contains("schema"));
        assert!(warnings("claude-4.6", None)[0].contains("does not exist"));
    }
}
