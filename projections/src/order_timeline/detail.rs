//! What a line of the timeline says beside its type: amounts, counts, attempts. No address, no payment link.

use domain::order::OrderEvent;
use domain::report::ReportEvent;
use serde_json::{Value, json};

pub(super) fn of_order(event: &OrderEvent) -> Value {
    match event {
        OrderEvent::OrderPlaced { commune, study, eligibility, price, .. } => {
            json!({"commune": commune, "study": study, "eligibility": eligibility, "ttc_cents": price.ttc_cents,
                   "currency": price.currency})
        }
        OrderEvent::CheckoutOpened { attempt, expires_at, .. } => json!({"attempt": attempt, "expires_at": expires_at}),
        OrderEvent::CheckoutExpired { .. } => json!({}),
        OrderEvent::OrderPaid { paid_cents, currency, .. } => json!({"paid_cents": paid_cents, "currency": currency}),
        OrderEvent::PaymentHeld { paid_cents, currency, reason, .. } => {
            json!({"paid_cents": paid_cents, "currency": currency, "reason": reason})
        }
        OrderEvent::OrderDelivered { report, version } => json!({"report": report, "version": version}),
        OrderEvent::DownloadLinkIssued { number, expires_at } => json!({"number": number, "expires_at": expires_at}),
        OrderEvent::DeliveryEmailSent { kind, .. } => json!({"kind": kind}),
        OrderEvent::DeliveryEmailBounced { reason, .. } => json!({"reason": reason}),
        OrderEvent::OrderFailed { report, step } => json!({"report": report, "step": step}),
        OrderEvent::OrderOverdue { minutes } => json!({"minutes": minutes}),
        OrderEvent::PaymentInitiated { .. } | OrderEvent::PaymentFailed { .. } => json!({}),
        OrderEvent::DeliveryEmailTracked { status, .. } => json!({"status": status}),
        OrderEvent::DeliveryEmailFailed { kind, reason } => json!({"kind": kind, "reason": reason}),
        OrderEvent::RefundRequested { refund, amount_cents, currency, reason, .. } => {
            json!({"request": refund, "amount_cents": amount_cents, "currency": currency, "reason": reason})
        }
        OrderEvent::OrderRefunded { refund, request, amount_cents, currency, .. } => {
            json!({"refund": refund, "request": request, "amount_cents": amount_cents, "currency": currency})
        }
        OrderEvent::RefundFailed { refund, request, amount_cents, currency, reason, .. } => {
            json!({"refund": refund, "request": request, "amount_cents": amount_cents, "currency": currency,
                   "reason": reason})
        }
        OrderEvent::DisputeOpened { dispute, amount_cents, currency, reason, .. } => {
            json!({"dispute": dispute, "amount_cents": amount_cents, "currency": currency, "reason": reason})
        }
        OrderEvent::DisputeClosed { dispute, outcome } => json!({"dispute": dispute, "outcome": outcome}),
        OrderEvent::OrderCancelled { by, .. } => json!({"by": by}),
        OrderEvent::VendorCallRetried { service, operation, failures } => {
            json!({"service": service, "operation": operation, "failures": failures})
        }
        OrderEvent::NoteAdded { note, closes, .. } => json!({"note": note, "closes": closes}),
    }
}

pub(super) fn of_report(event: &ReportEvent) -> Value {
    match event {
        ReportEvent::ReportRequested { version, study, commune, .. } => {
            json!({"version": version, "study": study, "commune": commune})
        }
        ReportEvent::FactsCollected { n, by_status, datasets, specimen, .. } => {
            json!({"facts": n, "by_status": by_status, "datasets": datasets.len(), "specimen": specimen})
        }
        ReportEvent::NarrativeReceived { model, input_tokens, output_tokens, cost_micro_usd, stop_reason, .. } => {
            json!({"model": model, "input_tokens": input_tokens, "output_tokens": output_tokens,
                   "cost_micro_usd": cost_micro_usd, "stop_reason": stop_reason})
        }
        ReportEvent::NarrativeRejected { errors, .. } => json!({"errors": errors}),
        ReportEvent::NarrativeAccepted { by_block, .. } => json!({"by_block": by_block}),
        ReportEvent::ReportRendered { pages, bytes, pdf_sha256, renderer_version, .. } => {
            json!({"pages": pages, "bytes": bytes, "sha256": pdf_sha256, "renderer": renderer_version})
        }
        ReportEvent::ReportStored { sha256, bytes, filename, .. } => {
            json!({"sha256": sha256, "bytes": bytes, "filename": filename})
        }
        ReportEvent::StepFailed { step, class, attempt } => json!({"step": step, "class": class, "attempt": attempt}),
        ReportEvent::ReportFailed { step, class } => json!({"step": step, "class": class}),
    }
}
