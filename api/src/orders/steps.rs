//! The six steps that a customer sees, computed from the read models: no clock, no guess.

use chrono::{DateTime, Utc};
use projections::{order_summary::query::OrderSummary, report_status::query::ReportStatus};
use serde::Serialize;
use utoipa::ToSchema;

use super::status::OrderStatus;
use crate::french::{counted, money};

/// A step of an order, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepName {
    Paiement,
    Collecte,
    Redaction,
    MiseEnPage,
    Controle,
    Livraison,
}

/// Where a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    Waiting,
    Running,
    Done,
    Failed,
}

/// One step, as it is or was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Step {
    pub step: StepName,
    pub state: StepState,
    #[schema(required = true)]
    pub started_at: Option<DateTime<Utc>>,
    #[schema(required = true)]
    pub ended_at: Option<DateTime<Utc>>,
    /// French.
    #[schema(required = true)]
    pub detail: Option<String>,
}

type Time = Option<DateTime<Utc>>;

/// All six, in order.
pub fn steps(order: &OrderSummary, status: OrderStatus, report: Option<&ReportStatus>) -> Vec<Step> {
    let mut steps = vec![payment(order, status)];
    let at = |time: fn(&ReportStatus) -> Time| report.and_then(time);
    let collected = at(|report| report.collected_at);
    let accepted = at(|report| report.accepted_at);
    let rendered = at(|report| report.rendered_at);
    let stored = at(|report| report.stored_at);
    let making = [
        (StepName::Collecte, at(|report| report.requested_at.into()).or(order.paid_at), collected),
        (StepName::Redaction, collected, accepted),
        (StepName::MiseEnPage, accepted, rendered),
        (StepName::Controle, rendered, stored),
        (StepName::Livraison, stored, order.delivered_at),
    ];
    let stopped = match status {
        OrderStatus::Failed => Some(report.and_then(|report| report.failed_at)),
        _ => None,
    };
    for (step, started_at, ended_at) in making {
        let running = started_at.is_some() && ended_at.is_none();
        let (state, ended_at) = match (stopped, ended_at) {
            (_, Some(_)) => (StepState::Done, ended_at),
            (Some(failed_at), None) if running => (StepState::Failed, failed_at),
            (None, None) if running && status == OrderStatus::Paid => (StepState::Running, None),
            _ => (StepState::Waiting, None),
        };
        let detail = report.and_then(|report| detail(step, state, report));
        steps.push(Step { step, state, started_at, ended_at, detail });
    }
    steps
}

fn payment(order: &OrderSummary, status: OrderStatus) -> Step {
    let (state, detail) = match status {
        OrderStatus::Pending => (StepState::Running, None),
        OrderStatus::Awaiting => {
            (StepState::Running, Some("Votre banque traite le paiement, parfois en quelques jours."))
        }
        OrderStatus::Held => (StepState::Running, Some("Paiement reçu, en cours de vérification par une personne.")),
        OrderStatus::Expired => {
            (StepState::Failed, Some("Le paiement n’a pas été fait, ou n’a pas abouti. Rien n’a été débité."))
        }
        OrderStatus::Cancelled => (StepState::Failed, Some("Commande annulée.")),
        OrderStatus::Paid | OrderStatus::Delivered | OrderStatus::Failed | OrderStatus::Refunded => {
            (StepState::Done, None)
        }
    };
    let returned =
        (order.refunded_cents > 0).then(|| format!("{} remboursés.", money(order.refunded_cents, &order.currency)));
    Step {
        step: StepName::Paiement,
        state,
        started_at: Some(order.placed_at),
        ended_at: order.paid_at,
        detail: returned.or_else(|| detail.map(str::to_owned)),
    }
}

fn detail(step: StepName, state: StepState, report: &ReportStatus) -> Option<String> {
    match (step, state) {
        (_, StepState::Waiting) => None,
        (_, StepState::Failed) => Some("Notre équipe est prévenue et reprend votre commande.".to_owned()),
        (_, StepState::Running) => {
            let failed = i64::from(report.attempts);
            (failed > 0).then(|| format!("Nouvel essai en cours, après {}.", counted(failed, "échec", "échecs")))
        }
        (StepName::Collecte, StepState::Done) => {
            Some(counted(i64::from(report.facts?), "chiffre réuni", "chiffres réunis"))
        }
        (StepName::Redaction, StepState::Done) => {
            let blocks = i64::from(report.blocks_model?) + i64::from(report.blocks_rules?);
            Some(counted(blocks, "passage rédigé et contrôlé", "passages rédigés et contrôlés"))
        }
        (StepName::MiseEnPage, StepState::Done) => {
            Some(format!("{}, annexe comprise", counted(i64::from(report.pages?), "page", "pages")))
        }
        (StepName::Controle, StepState::Done) => Some("Empreinte vérifiée".to_owned()),
        (StepName::Livraison | StepName::Paiement, StepState::Done) => None,
    }
}
