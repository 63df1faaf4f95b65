//! The page of the sandbox, as a person with a browser and no script uses it.

use pretty_assertions::assert_eq;
use reqwest::Response;
use serde_json::json;

use crate::bench::{Bench, until};

async fn read(bench: &Bench, path: &str) -> String {
    let answer = bench.http.get(bench.url(path)).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    answer.text().await.unwrap()
}

async fn submit(bench: &Bench, action: &str, form: &str) -> Response {
    let request = bench.http.post(bench.url(&format!("/_sandbox/page/{action}")));
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    request.header("origin", &bench.base).body(form.to_owned()).send().await.unwrap()
}

/// Submits a form and reads where it leads.
async fn done(bench: &Bench, action: &str, form: &str) -> String {
    let answer = submit(bench, action, form).await;
    assert_eq!(answer.status(), 303, "{action} {form}");
    let place = answer.headers()["location"].to_str().unwrap().to_owned();
    let page = read(bench, &place).await;
    assert!(page.contains("role=\"status\""), "{place}");
    page
}

async fn mail(bench: &Bench, subject: &str, html: &str) {
    let mail = json!({ "sender": { "email": "a@example.fr" }, "to": [{ "email": "b@example.fr" }],
        "subject": subject, "htmlContent": html, "textContent": "Bonjour en texte" });
    let request = bench.http.post(bench.url("/brevo/v3/smtp/email")).header("api-key", "xkeysib-it").json(&mail);
    assert_eq!(request.send().await.unwrap().status(), 201);
}

#[tokio::test]
async fn the_page_is_french_has_no_script_and_a_strict_policy() {
    let bench = Bench::start().await;
    let answer = bench.http.get(bench.url("/_sandbox")).send().await.unwrap();
    let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe") && !policy.contains("script-src"));
    let page = answer.text().await.unwrap();
    assert!(page.contains("<html lang=\"fr\">") && page.contains("Aller au contenu"));
    for forbidden in ["<script", " style=\"", "<style", "onclick", "https://"] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    assert!(
        page.contains("href=\"/_sandbox/page.css\"") && read(&bench, "/_sandbox/page.css").await.contains("--navy")
    );
    // Every field has its label, every section its heading.
    for id in page.split("<label for=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(page.contains(&format!(" id=\"{id}\"")), "{id}");
    }
    for id in page.split("aria-labelledby=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(page.contains(&format!("<h2 id=\"{id}\"")), "{id}");
    }
}

#[tokio::test]
async fn a_click_arms_a_fault_and_another_removes_it() {
    let bench = Bench::start().await;
    let page = done(&bench, "preset", "preset=ademe-panne").await;
    assert!(page.contains("joue le scénario <code>down</code>") && page.contains("jusqu’au retrait"));
    let url = bench.url("/ademe/data-fair/api/v1/datasets/dpe03existant/schema");
    let ask = async || bench.http.get(&url).header("user-agent", "it").send().await.unwrap().status();
    assert_eq!(ask().await, 502);
    assert!(read(&bench, "/_sandbox").await.contains("<code>scenario down</code>"), "the call shows its fault");
    let id = bench.get("/_sandbox/faults").await["faults"][0]["id"].to_string();
    assert!(page.contains(&format!("aria-label=\"Retirer la panne {id}\"")));
    done(&bench, "disarm", &format!("id={id}")).await;
    assert_eq!(ask().await, 200);
    assert_eq!(submit(&bench, "disarm", &format!("id={id}")).await.status(), 400);
    done(&bench, "preset", "preset=tempete").await;
    assert_eq!(bench.get("/_sandbox/faults").await["faults"].as_array().unwrap().len(), 20);
    done(&bench, "disarm-all", "").await;
    assert_eq!(bench.get("/_sandbox/faults").await["faults"], json!([]));
}

#[tokio::test]
async fn every_button_of_the_page_arms_something() {
    let bench = Bench::start().await;
    let page = read(&bench, "/_sandbox").await;
    let keys: Vec<&str> =
        page.split("name=\"preset\" value=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert!(keys.len() > 8);
    for key in keys {
        done(&bench, "preset", &format!("preset={key}")).await;
        assert_ne!(bench.get("/_sandbox/faults").await["faults"], json!([]), "{key}");
        done(&bench, "disarm-all", "").await;
    }
}

#[tokio::test]
async fn the_form_arms_any_fault() {
    let bench = Bench::start().await;
    let common = "operation=PutObject&status=507&ms=1500&name=slow_body&times=&after=2&percent=12%2C5";
    for (kind, expected, told) in [
        ("status", json!({ "kind": "status", "status": 507, "headers": null, "body": null }), "répond 507"),
        ("latency", json!({ "kind": "latency", "ms": 1_500, "jitter_ms": 0 }), "répond 1,5\u{a0}s plus tard"),
        ("hang", json!({ "kind": "hang", "ms": 1_500 }), "se tait 1,5\u{a0}s, puis coupe"),
        ("reset", json!({ "kind": "reset", "after_bytes": null }), "coupe la connexion"),
        (
            "commit_status",
            json!({ "kind": "commit_then_fail", "status": 507, "reset": false, "headers": null, "body": null }),
            "fait le travail, puis répond 507",
        ),
        (
            "commit_reset",
            json!({ "kind": "commit_then_fail", "status": null, "reset": true, "headers": null, "body": null }),
            "fait le travail, puis coupe",
        ),
        ("scenario", json!({ "kind": "scenario", "name": "slow_body" }), "joue le scénario"),
    ] {
        let page = done(&bench, "fault", &format!("service=s3&kind={kind}&{common}")).await;
        assert!(page.contains(told) && page.contains("12,5\u{a0}% des appels"), "{kind}");
        let fault = bench.get("/_sandbox/faults").await["faults"][0].clone();
        assert_eq!(fault["effect"], expected);
        assert_eq!(
            (&fault["operation"], &fault["after"], &fault["times"], &fault["probability"]),
            (&json!("PutObject"), &json!(2), &json!(null), &json!(0.125))
        );
        done(&bench, "disarm-all", "").await;
    }
    for wrong in [
        "service=s3&kind=status&operation=*&status=abc&times=1&after=0&percent=100",
        "service=s3&kind=scenario&operation=*&name=down&times=1&after=0&percent=100",
        "service=s3&kind=reset&operation=*&times=1&after=0&percent=beaucoup",
    ] {
        let refused = submit(&bench, "fault", wrong).await;
        assert_eq!(refused.status(), 400, "{wrong}");
        assert!(refused.text().await.unwrap().contains("role=\"alert\""));
    }
}

#[tokio::test]
async fn mails_are_shown_as_they_look_and_nothing_in_them_runs() {
    let bench = Bench::start().await;
    mail(&bench, "Votre <b>rapport</b>", "<h1 style=\"color:red\">Bonjour</h1><script>alert(1)</script>").await;
    let page = read(&bench, "/_sandbox").await;
    assert!(page.contains("Votre &lt;b&gt;rapport&lt;/b&gt;") && page.contains("Bonjour en texte"));
    let path = page.split("src=\"/_sandbox/mails/").nth(1).unwrap().split('"').next().unwrap();
    let preview = bench.http.get(bench.url(&format!("/_sandbox/mails/{path}"))).send().await.unwrap();
    let policy = preview.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("sandbox allow-popups") && policy.contains("default-src 'none'"), "{policy}");
    assert!(!policy.contains("script-src") && !policy.contains("allow-scripts"), "{policy}");
    assert!(preview.text().await.unwrap().contains("<h1 style=\"color:red\">Bonjour</h1>"));
    assert_eq!(bench.http.get(bench.url("/_sandbox/mails/999")).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn payments_lead_to_their_page_and_events_are_sent_again() {
    let bench = Bench::start().await;
    let open = bench.session().await;
    let page = read(&bench, "/_sandbox").await;
    assert!(page.contains(&format!("href=\"/stripe/checkout/{}\">Payer</a>", open["id"].as_str().unwrap())));
    bench.paid().await;
    until("the events", async || (bench.inbox.of("stripe").len() == 3).then_some(())).await;
    let page = read(&bench, "/_sandbox").await;
    assert!(page.contains("payée") && page.contains("348,00\u{a0}€"));
    let id = bench.get("/_sandbox/stripe/events").await["events"][0]["id"].as_str().unwrap().to_owned();
    assert!(page.contains(&format!("({id})\">Renvoyer</button>")));
    done(&bench, "redeliver", &format!("id={id}")).await;
    until("the event again", async || (bench.inbox.of("stripe").len() == 4).then_some(())).await;
    assert_eq!(submit(&bench, "redeliver", "id=evt_x").await.status(), 400);
}

#[tokio::test]
async fn webhooks_and_the_clock_have_their_switches() {
    let bench = Bench::start().await;
    let page = done(&bench, "webhooks", "paused=1&shuffle=1").await;
    assert_eq!(page.matches(" checked>").count(), 2);
    let behaviour = bench.get("/_sandbox/webhooks").await["behaviour"].clone();
    assert_eq!(
        (&behaviour["paused"], &behaviour["shuffle"], &behaviour["duplicate"]),
        (&json!(true), &json!(true), &json!(0))
    );
    done(&bench, "webhooks", "duplicate=1").await;
    let behaviour = bench.get("/_sandbox/webhooks").await["behaviour"].clone();
    assert_eq!((&behaviour["paused"], &behaviour["duplicate"]), (&json!(false), &json!(1)));

    let now = async || {
        let now = bench.get("/_sandbox/clock").await["now"].as_str().unwrap().to_owned();
        chrono::DateTime::parse_from_rfc3339(&now).unwrap()
    };
    let before = now().await;
    let page = done(&bench, "clock", "advance_s=86400").await;
    assert!(page.contains("1\u{a0}j en avance sur l’heure réelle"));
    assert!((now().await - before).num_hours() == 24);
    assert!(done(&bench, "clock", "advance_s=0").await.contains("à l’heure réelle"));
    assert!((now().await - before).num_hours() == 0);
    assert_eq!(submit(&bench, "clock", "advance_s=demain").await.status(), 400);
}

#[tokio::test]
async fn calls_are_filtered_by_service_and_all_is_forgotten_on_demand() {
    let bench = Bench::start().await;
    bench.session().await;
    mail(&bench, "Essai", "<p>Bonjour</p>").await;
    let page = read(&bench, "/_sandbox?service=brevo").await;
    assert!(page.contains("<code>smtp.email.send</code>") && !page.contains("<code>checkout.sessions.create</code>"));
    assert!(page.contains("<option value=\"brevo\" selected>"));
    assert!(!read(&bench, "/_sandbox").await.contains("sk_test_it"), "no secret is shown");
    let page = done(&bench, "reset", "").await;
    assert!(page.contains("Aucun appel pour l’instant") && page.contains("Aucun courriel"));
}

#[tokio::test]
async fn a_form_of_another_site_is_refused() {
    let bench = Bench::start().await;
    for (name, value) in [("origin", "https://ailleurs.example"), ("sec-fetch-site", "cross-site"), ("origin", "null")]
    {
        let request = bench.http.post(bench.url("/_sandbox/page/preset")).header(name, value);
        let request = request.header("content-type", "application/x-www-form-urlencoded").body("preset=tempete");
        assert_eq!(request.send().await.unwrap().status(), 403, "{name}: {value}");
    }
    assert_eq!(bench.get("/_sandbox/faults").await["faults"], json!([]));
}
