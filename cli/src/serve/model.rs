//! Whether the configured model has a future: asked at the start and once a day, a warning only.

use std::{sync::Arc, time::Duration};

use infra::anthropic::AnthropicWriter;

/// Asks for ever; the writer tells what it learns.
pub async fn watch(writer: Arc<AnthropicWriter>) {
    let mut daily = tokio::time::interval(Duration::from_secs(24 * 60 * 60));
    loop {
        daily.tick().await;
        if let Err(error) = writer.check_model().await {
            tracing::warn!(%error, "the state of the configured model is not known");
        }
    }
}
