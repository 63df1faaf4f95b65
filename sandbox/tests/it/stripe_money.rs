//! Money that comes late, goes back, or is taken back.

use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::bench::{Bench, until};

async fn refund(bench: &Bench, form: &[(&str, &str)]) -> (u16, Value) {
    let response = bench.stripe("/refunds", None, form).await;
    (response.status().as_u16(), response.json().await.unwrap())
}

/// Pays with a card; gives the payment intent.
async fn paid_with(bench: &Bench, card: &str) -> String {
    let id = bench.session().await["id"].as_str().unwrap().to_owned();
    let done = bench.control("POST", &format!("/stripe/checkout/{id}/pay"), json!({ "card": card })).await;
    done["payment_intent"].as_str().unwrap().to_owned()
}

/// The events of this kind, once `count` of them have come.
async fn events(bench: &Bench, kind: &str, count: usize) -> Vec<Value> {
    until(kind, async || {
        let all = bench.inbox.of("stripe");
        let found: Vec<Value> =
            all.iter().map(crate::bench::Delivery::json).filter(|event| event["type"] == kind).collect();
        (found.len() == count).then_some(found)
    })
    .await
}

#[tokio::test]
async fn a_delayed_payment_is_complete_before_it_is_paid() {
    for (ending, told, payment_status, intent_status) in [
        ("delayed-succeed", "checkout.session.async_payment_succeeded", "paid", "succeeded"),
        ("delayed-fail", "checkout.session.async_payment_failed", "unpaid", "requires_payment_method"),
    ] {
        let bench = Bench::start().await;
        let id = bench.session().await["id"].as_str().unwrap().to_owned();
        let control = |ending: &'static str| {
            let (bench, path) = (&bench, format!("/stripe/checkout/{id}/{ending}"));
            async move { bench.http.post(bench.url(&format!("/_sandbox{path}"))).send().await.unwrap().status().as_u16() }
        };
        assert_eq!(control(ending).await, 409, "nothing is under way yet");
        assert_eq!(control("pay-delayed").await, 202);
        let completed = &events(&bench, "checkout.session.completed", 1).await[0]["data"]["object"];
        assert_eq!((&completed["status"], &completed["payment_status"]), (&json!("complete"), &json!("unpaid")));
        let shown = bench.retrieve(&format!("/checkout/sessions/{id}?expand[]=payment_intent.latest_charge")).await;
        assert_eq!(shown["payment_intent"]["status"], "processing");
        assert_eq!(shown["payment_intent"]["latest_charge"]["payment_method_details"]["type"], "sepa_debit");
        let intent = shown["payment_intent"]["id"].as_str().unwrap();
        assert_eq!(refund(&bench, &[("payment_intent", intent)]).await.0, 400, "nothing has been paid");
        bench.control("POST", "/clock", json!({ "advance_s": 86_400 })).await;
        assert_eq!(bench.inbox.kinds().len(), 3, "it waits for the control API");
        assert_eq!(control(ending).await, 202);
        let end = &events(&bench, told, 1).await[0]["data"]["object"];
        assert_eq!(end["payment_status"], payment_status);
        assert_eq!(bench.retrieve(&format!("/payment_intents/{intent}")).await["status"], intent_status);
        assert_eq!(control(ending).await, 409, "it has ended");
    }
}

#[tokio::test]
async fn refunds_keep_their_words_and_are_listed_in_pages() {
    let bench = Bench::start().await;
    let intent = paid_with(&bench, "4242424242424242").await;
    let by = [("payment_intent", intent.as_str())];
    let form = [by[0], ("amount", "100"), ("reason", "duplicate"), ("metadata[refund_id]", "r-1")];
    let first = refund(&bench, &form).await.1;
    assert_eq!((&first["status"], &first["reason"]), (&json!("succeeded"), &json!("duplicate")));
    assert_eq!(first["metadata"], json!({ "refund_id": "r-1" }));
    let charge = first["charge"].as_str().unwrap();
    for _ in 0..2 {
        assert_eq!(refund(&bench, &[("charge", charge), ("amount", "200")]).await.0, 200);
    }
    let page = bench.retrieve(&format!("/refunds?payment_intent={intent}&limit=2")).await;
    assert_eq!((page["data"].as_array().unwrap().len(), &page["has_more"]), (2, &json!(true)));
    let last = page["data"][1]["id"].as_str().unwrap();
    let rest = bench.retrieve(&format!("/refunds?payment_intent={intent}&limit=2&starting_after={last}")).await;
    assert_eq!((&rest["data"][0]["id"], &rest["has_more"]), (&first["id"], &json!(false)));
    let told = events(&bench, "charge.refunded", 3).await;
    let previous: Vec<i64> =
        told.iter().filter_map(|event| event["data"]["previous_attributes"]["amount_refunded"].as_i64()).collect();
    assert!(previous.contains(&0) && previous.contains(&100) && previous.contains(&300), "{previous:?}");
    assert_eq!(events(&bench, "refund.created", 3).await.len(), 3);
}

#[tokio::test]
async fn refunds_are_refused_for_the_right_reason() {
    let bench = Bench::start().await;
    let intent = paid_with(&bench, "4242424242424242").await;
    let of = |more: &'static [(&'static str, &'static str)]| {
        let mut form: Vec<(&str, &str)> = vec![("payment_intent", &intent)];
        form.extend(more);
        form
    };
    for (form, code, param) in [
        (vec![], Some("parameter_missing"), Some("payment_intent")),
        (vec![("payment_intent", "pi_none")], Some("resource_missing"), Some("payment_intent")),
        (vec![("charge", "ch_none")], Some("resource_missing"), Some("charge")),
        (of(&[("amount", "34801")]), None, Some("amount")),
        (of(&[("amount", "0")]), Some("parameter_invalid_integer"), Some("amount")),
        (of(&[("amount", "ten")]), Some("parameter_invalid_integer"), Some("amount")),
        (of(&[("reason", "boredom")]), None, Some("reason")),
        (of(&[("colour", "red")]), Some("parameter_unknown"), Some("colour")),
    ] {
        let (_, body) = refund(&bench, &form).await;
        assert_eq!((body["error"]["code"].as_str(), body["error"]["param"].as_str()), (code, param), "{form:?}");
    }
    assert_eq!(refund(&bench, &of(&[])).await.0, 200);
    let again = bench.stripe("/refunds", Some("again"), &of(&[])).await;
    assert_eq!(again.json::<Value>().await.unwrap()["error"]["code"], "charge_already_refunded");
    // That was found by doing it: the key has its answer.
    let replayed = bench.stripe("/refunds", Some("again"), &of(&[])).await;
    assert_eq!(replayed.headers()["idempotent-replayed"], "true");
    let declined = bench.session().await["id"].as_str().unwrap().to_owned();
    bench.control("POST", &format!("/stripe/checkout/{declined}/decline"), json!({})).await;
    let failed = bench.retrieve(&format!("/checkout/sessions/{declined}")).await["payment_intent"].clone();
    let (status, body) = refund(&bench, &[("payment_intent", failed.as_str().unwrap())]).await;
    assert_eq!((status, body["error"]["param"].as_str()), (400, Some("charge")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn simultaneous_refunds_never_give_back_more_than_was_paid() {
    let bench = Bench::start().await;
    let intent = paid_with(&bench, "4242424242424242").await;
    let form = [("payment_intent", intent.as_str()), ("amount", "20000")];
    let answers = futures::future::join_all((0..6).map(|_| refund(&bench, &form))).await;
    assert_eq!(answers.iter().filter(|(status, _)| *status == 200).count(), 1);
}

#[tokio::test]
async fn a_slow_refund_is_pending_and_then_succeeds() {
    let bench = Bench::start().await;
    let intent = paid_with(&bench, "4000000000007726").await;
    let made = refund(&bench, &[("payment_intent", &intent)]).await.1;
    assert_eq!(made["status"], "pending");
    bench.control("POST", "/clock", json!({ "advance_s": 61 })).await;
    let told = events(&bench, "refund.updated", 1).await;
    assert_eq!(told[0]["data"]["object"]["status"], "succeeded");
    assert_eq!(told[0]["data"]["previous_attributes"], json!({ "status": "pending" }));
    assert_eq!(bench.retrieve(&format!("/refunds/{}", made["id"].as_str().unwrap())).await["status"], "succeeded");
}

#[tokio::test]
async fn a_refund_can_fail_later_and_be_made_again() {
    let bench = Bench::start().await;
    let intent = paid_with(&bench, "4000000000005126").await;
    let made = refund(&bench, &[("payment_intent", &intent), ("metadata[order_id]", "o")]).await.1;
    assert_eq!(made["status"], "succeeded");
    bench.control("POST", "/clock", json!({ "advance_s": 61 })).await;
    let failed = &events(&bench, "refund.failed", 1).await[0]["data"]["object"];
    assert_eq!((&failed["status"], &failed["metadata"]["order_id"]), (&json!("failed"), &json!("o")));
    assert!(failed["failure_reason"].is_string());
    let charge = bench.retrieve(&format!("/charges/{}", made["charge"].as_str().unwrap())).await;
    assert_eq!((&charge["amount_refunded"], &charge["refunded"]), (&json!(0), &json!(false)));
    assert_eq!(refund(&bench, &[("payment_intent", &intent)]).await.0, 200);
}

#[tokio::test]
async fn a_dispute_takes_the_money_and_may_give_it_back() {
    for (ending, reinstated) in [("won", 1), ("lost", 0), ("warning_closed", 1), ("prevented", 1)] {
        let bench = Bench::start().await;
        let intent = paid_with(&bench, "4242424242424242").await;
        let charge = bench.retrieve(&format!("/payment_intents/{intent}")).await["latest_charge"].clone();
        let charge = charge.as_str().unwrap();
        let path = format!("/stripe/charges/{charge}/dispute");
        let dispute = bench.control("POST", &path, json!({ "reason": "product_not_received" })).await;
        let id = dispute["id"].as_str().unwrap();
        let opened = &events(&bench, "charge.dispute.created", 1).await[0]["data"]["object"];
        assert_eq!((&opened["status"], &opened["charge"]), (&json!("needs_response"), &json!(charge)));
        assert_eq!((&opened["reason"], &opened["payment_intent"]), (&json!("product_not_received"), &json!(intent)));
        assert!(opened["evidence_details"]["due_by"].as_i64() > opened["created"].as_i64());
        let taken = &events(&bench, "charge.dispute.funds_withdrawn", 1).await[0]["data"]["object"];
        assert_eq!(taken["balance_transactions"][0]["amount"], -34_800);
        assert_eq!(bench.retrieve(&format!("/charges/{charge}")).await["disputed"], true);
        let (_, refused) = refund(&bench, &[("charge", charge)]).await;
        assert_eq!(refused["error"]["code"], "charge_disputed");
        bench.control("POST", &format!("/stripe/disputes/{id}/close"), json!({ "status": ending })).await;
        let closed = &events(&bench, "charge.dispute.closed", 1).await[0]["data"]["object"];
        assert_eq!(closed["status"], ending);
        let all = bench.get("/_sandbox/stripe/events").await;
        let back = |event: &&Value| event["kind"] == "charge.dispute.funds_reinstated";
        assert_eq!(all["events"].as_array().unwrap().iter().filter(back).count(), reinstated, "{ending}");
        let listed = bench.retrieve(&format!("/disputes?payment_intent={intent}")).await;
        assert_eq!(listed["data"][0]["status"], ending);
        for (path, body) in [(path, json!({})), (format!("/stripe/disputes/{id}/close"), json!({ "status": "won" }))] {
            let again = bench.http.post(bench.url(&format!("/_sandbox{path}"))).json(&body).send().await.unwrap();
            assert!(again.status().is_client_error(), "{path}");
        }
    }
}

#[tokio::test]
async fn one_card_pays_and_is_disputed_at_once() {
    let bench = Bench::start().await;
    let intent = paid_with(&bench, "4000000000000259").await;
    let told = &events(&bench, "charge.dispute.created", 1).await[0]["data"]["object"];
    assert_eq!((&told["payment_intent"], &told["reason"]), (&json!(intent), &json!("fraudulent")));
    events(&bench, "checkout.session.completed", 1).await;
}

#[tokio::test]
async fn an_invoice_is_made_for_a_payment_that_asked_for_one() {
    let bench = Bench::start().await;
    let mut form = crate::bench::ORDER.to_vec();
    form.extend([
        ("invoice_creation[enabled]", "true"),
        ("invoice_creation[invoice_data][footer]", "Merci"),
        ("invoice_creation[invoice_data][metadata][order_id]", "order-1"),
        ("automatic_tax[enabled]", "true"),
        ("line_items[0][price_data][tax_behavior]", "inclusive"),
    ]);
    let session: Value = bench.stripe("/checkout/sessions", None, &form).await.json().await.unwrap();
    assert_eq!(session["invoice_creation"]["enabled"], true);
    let id = session["id"].as_str().unwrap();
    bench.control("POST", &format!("/stripe/checkout/{id}/pay"), json!({ "name": "Mairie d’Essai" })).await;
    let invoice = &events(&bench, "invoice.paid", 1).await[0]["data"]["object"];
    assert_eq!((&invoice["status"], &invoice["parent"]), (&json!("paid"), &Value::Null));
    assert_eq!((&invoice["total"], &invoice["total_excluding_tax"]), (&json!(34_800), &json!(29_000)));
    assert_eq!((&invoice["footer"], &invoice["metadata"]["order_id"]), (&json!("Merci"), &json!("order-1")));
    let shown = bench.retrieve(&format!("/checkout/sessions/{id}?expand[]=invoice")).await;
    assert_eq!(shown["invoice"]["id"], invoice["id"]);
    assert_eq!(shown["invoice"]["payments"]["data"][0]["payment"]["payment_intent"], shown["payment_intent"]);
    let page = bench.http.get(invoice["hosted_invoice_url"].as_str().unwrap()).send().await.unwrap();
    let page = page.text().await.unwrap();
    assert!(page.contains("348,00") && page.contains("aucune valeur légale") && page.contains("Mairie d’Essai"));
    let document = bench.http.get(invoice["invoice_pdf"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(document.headers()["content-type"], "application/pdf");
    assert!(document.bytes().await.unwrap().starts_with(b"%PDF-"));
    let listed = bench.retrieve("/invoices?status=paid").await;
    assert_eq!(listed["data"].as_array().unwrap().len(), 1);
}
