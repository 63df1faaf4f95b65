//! Invoices and receipts as pages and as a document, which say that they are not real.

use axum::http::StatusCode;
use axum::response::Response;

use super::{day, message, pdf};
use crate::call;
use crate::html::{escape, money, page};
use crate::stripe::invoices::Invoice;
use crate::world::World;

const NOT_REAL: &str = "Document de démonstration du bac à sable\u{a0}: il n’a aucune valeur légale.";

fn find(world: &World, id: &str) -> Option<Invoice> {
    world.stripe.lock().invoices.get(id).cloned()
}

fn unknown() -> Response {
    message(StatusCode::NOT_FOUND, "Facture inconnue", "Le bac à sable ne connaît pas cette facture.")
}

fn state(invoice: &Invoice) -> String {
    match invoice.paid_at {
        Some(at) => format!("Payée le {}", day(at)),
        None => "À payer".to_owned(),
    }
}

/// `hosted_invoice_url`.
pub fn show(world: &World, id: &str) -> Response {
    let Some(invoice) = find(world, id) else { return unknown() };
    let line = |name: &str, cents: i64| {
        format!("<li><span>{}</span><span>{}</span></li>", escape(name), money(cents, &invoice.currency))
    };
    let lines: String =
        invoice.lines.iter().map(|billed| line(&billed.line.name, billed.line.total(invoice.automatic_tax))).collect();
    let tax = if invoice.tax() > 0 { line("dont TVA", invoice.tax()) } else { String::new() };
    let main = format!(
        "<main class=\"narrow\"><div class=\"card\"><h1>Facture {}</h1><p class=\"muted\">{NOT_REAL}</p>\
         <p>Émise le {} à {}. {}.</p><p class=\"total\">{}</p><ul class=\"lines\">{lines}{tax}</ul>\
         <p><a class=\"button\" href=\"/stripe/invoices/{}/pdf\">Télécharger le document (PDF)</a></p></div></main>",
        escape(&invoice.number),
        day(invoice.created),
        escape(invoice.name.as_deref().unwrap_or("un client sans nom")),
        state(&invoice),
        money(invoice.total(), &invoice.currency),
        escape(id)
    );
    call::html(StatusCode::OK, page(&format!("Facture {}", invoice.number), &main))
}

/// `invoice_pdf`.
pub fn document(world: &World, id: &str) -> Response {
    let Some(invoice) = find(world, id) else { return unknown() };
    let mut lines = vec![
        format!("Facture {}", invoice.number),
        NOT_REAL.to_owned(),
        String::new(),
        format!("Émise le {} à {}", day(invoice.created), invoice.name.as_deref().unwrap_or("un client sans nom")),
    ];
    for billed in &invoice.lines {
        let amount = money(billed.line.total(invoice.automatic_tax), &invoice.currency);
        lines.push(format!("{} × {}\u{a0}: {amount}", billed.line.quantity, billed.line.name));
    }
    if invoice.tax() > 0 {
        lines.push(format!("dont TVA\u{a0}: {}", money(invoice.tax(), &invoice.currency)));
    }
    lines.push(format!("Total\u{a0}: {}", money(invoice.total(), &invoice.currency)));
    lines.push(state(&invoice));
    lines.extend(invoice.said.custom_fields.iter().map(|(name, value)| format!("{name}\u{a0}: {value}")));
    lines.extend(invoice.said.footer.clone());
    let mut response = call::with_type(StatusCode::OK, "application/pdf", pdf::write(&lines));
    let name = format!("inline; filename=\"{}.pdf\"", invoice.number);
    call::set_header(&mut response, "content-disposition", &name);
    response
}

/// `receipt_url` of a charge.
pub fn receipt(world: &World, id: &str) -> Response {
    let Some(charge) = world.stripe.lock().charges.get(id).cloned() else {
        return message(StatusCode::NOT_FOUND, "Reçu inconnu", "Le bac à sable ne connaît pas ce paiement.");
    };
    let back = if charge.refunded > 0 {
        format!("<p>Remboursé\u{a0}: {}.</p>", money(charge.refunded, &charge.currency))
    } else {
        String::new()
    };
    let main = format!(
        "<main class=\"narrow\"><div class=\"card\"><h1>Reçu de paiement</h1><p class=\"muted\">{NOT_REAL}</p>\
         <p class=\"total\">{}</p><p>Payé le {}.</p>{back}<p class=\"muted\">{}</p></div></main>",
        money(charge.amount, &charge.currency),
        day(charge.created),
        escape(id)
    );
    call::html(StatusCode::OK, page("Reçu de paiement", &main))
}
