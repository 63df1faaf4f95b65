//! Reads the log, the doubles' ledgers and the read models, and compares: an auditor who believes nobody.

use std::collections::BTreeMap;

use serde_json::Value;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::books::Books;

/// What the auditor counted.
#[derive(Debug, Default)]
pub struct Audit {
    pub paid: usize,
    pub delivered: usize,
    pub failed: usize,
    pub held: usize,
}

/// Compares everything; panics with the first disagreement.
pub async fn audit(books: &Books) -> Audit {
    let mut audit = Audit::default();
    let sessions = paid_sessions(books).await;
    let mut captured: BTreeMap<Uuid, Vec<&Value>> = BTreeMap::new();
    for session in &sessions {
        let order = session["client_reference_id"].as_str().unwrap().parse().unwrap();
        captured.entry(order).or_default().push(session);
    }
    for (order, sessions) in captured {
        let count = async |kind| books.count(order, kind).await;
        let (settled, held) = (count("OrderPaid").await, count("PaymentHeld").await);
        assert_eq!(settled + held, i64::try_from(sessions.len()).unwrap(), "{order}: each payment is told once");
        assert!(settled <= 1, "{order} was paid {settled} times");
        audit.paid += 1;
        let (delivered, failed) = (count("OrderDelivered").await, count("OrderFailed").await);
        assert!(delivered <= 1 && failed <= 1, "{order}: delivered {delivered} times, failed {failed} times");
        if settled == 1 {
            assert_eq!(delivered + failed, 1, "{order} was paid and neither delivered nor failed");
            let price = price(books, order).await;
            assert_eq!(sessions[0]["amount_total"], price, "{order}: the price was charged");
        } else {
            audit.held += 1;
        }
        if failed == 1 || settled == 0 {
            assert!(open_cases(books, order).await > 0, "{order} went wrong and nobody looks");
        }
        audit.delivered += usize::try_from(delivered).unwrap();
        audit.failed += usize::try_from(failed).unwrap();
    }
    mails_at_most_once(books).await;
    stored_bytes_are_those_of_the_events(books).await;
    audit
}

async fn paid_sessions(books: &Books) -> Vec<Value> {
    let mut found = Vec::new();
    let mut after = String::new();
    loop {
        let url = format!("{}/stripe/v1/checkout/sessions?limit=100&status=complete{after}", books.sandbox);
        let answer = books.client.get(url).bearer_auth("sk_test_auditor").send().await.unwrap();
        // The doubles misbehave towards the auditor too.
        if !answer.status().is_success() {
            continue;
        }
        let Ok(page) = answer.json::<Value>().await else { continue };
        let data = page["data"].as_array().unwrap();
        found.extend(data.iter().filter(|session| session["payment_status"] == "paid").cloned());
        match data.last().filter(|_| page["has_more"] == true) {
            Some(last) => after = format!("&starting_after={}", last["id"].as_str().unwrap()),
            None => return found,
        }
    }
}

async fn price(books: &Books, order: Uuid) -> i64 {
    sqlx::query_scalar("SELECT ttc_cents FROM read.order_summary WHERE order_id = $1")
        .bind(order)
        .fetch_one(&books.pool)
        .await
        .unwrap()
}

async fn open_cases(books: &Books, order: Uuid) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM read.support_case WHERE order_id = $1 AND closed_at IS NULL")
        .bind(order)
        .fetch_one(&books.pool)
        .await
        .unwrap()
}

/// A mail is told apart by the link in it.
async fn mails_at_most_once(books: &Books) {
    let url = format!("{}/_sandbox/brevo/outbox", books.sandbox);
    let outbox: Value = books.client.get(url).send().await.unwrap().json().await.unwrap();
    let mut links = BTreeMap::new();
    for mail in outbox["messages"].as_array().unwrap() {
        let text = mail.to_string();
        let link: String = text.split("/r/").nth(1).unwrap().chars().take_while(char::is_ascii_alphanumeric).collect();
        *links.entry(link).or_insert(0) += 1;
    }
    let repeated: Vec<_> = links.iter().filter(|(_, times)| **times > 1).collect();
    assert!(repeated.is_empty(), "mails sent more than once: {repeated:?}");
}

async fn stored_bytes_are_those_of_the_events(books: &Books) {
    let told: Vec<String> = sqlx::query_scalar(
        "SELECT payload -> 'ReportStored' ->> 'sha256' FROM es.events WHERE event_type = 'ReportStored'",
    )
    .fetch_all(&books.pool)
    .await
    .unwrap();
    let stored = books.stored_reports();
    let mut held: Vec<String> =
        stored.iter().map(|file| hex::encode(Sha256::digest(std::fs::read(file).unwrap()))).collect();
    let mut told: Vec<String> = told.into_iter().collect();
    held.sort();
    told.sort();
    assert_eq!(held, told, "the bucket holds what the events name, nothing more and nothing less");
}
