//! The words of a report without an order, by the model: the rounds of an order, without its events.

use domain::{
    fact::FactSheet,
    ports::{Question, Writer},
    report::MOST_ANSWERS,
};
use infra::anthropic::NARRATIVE_DEADLINE;
use studies::{Judgement, Narrative, Study};
use tokio::time::Instant;

/// Nobody's order.
const SUBJECT: &str = "hors-commande";

/// Asks the model, judges, asks again for what was refused; the rules write the rest. What happens is told line by line.
pub async fn by_model(writer: &dyn Writer, study: &dyn Study, sheet: &FactSheet) -> Narrative {
    let mut judgement = Judgement::default();
    let (started, mut spent_micro_usd) = (Instant::now(), 0);
    for round in 1..=MOST_ANSWERS {
        let patience = Some(NARRATIVE_DEADLINE.saturating_sub(started.elapsed()));
        let question = Question { patience, spent_micro_usd, ..study.question(sheet, &judgement, SUBJECT) };
        let written = match writer.write(&question).await {
            Ok(written) => written,
            Err(error) => {
                println!("Round {round}: no answer ({error}); the rules write");
                break;
            }
        };
        spent_micro_usd += written.cost_micro_usd + written.at_risk_micro_usd;
        judgement = study.judge(sheet, judgement, &written.text);
        let (accepted, refused) = (judgement.accepted.len() + judgement.recommendations.len(), judgement.refused.len());
        println!(
            "Round {round}: {}, {} tokens in, {} out; {accepted} accepted until now, {refused} refused {:?}",
            written.stop_reason,
            written.input_tokens,
            written.output_tokens,
            judgement.errors()
        );
        if written.text.is_empty() || judgement.refused.is_empty() {
            break;
        }
    }
    study.complete(sheet, judgement)
}
