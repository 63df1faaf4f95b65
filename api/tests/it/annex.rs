//! The figures of a report as files: the same door as the report, and nothing but what the log vouches for.

use domain::identity::artefact_key;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{
    follow_order::{collect_sheet, deliver, pay},
    shop::{fact, price},
    support::{ask, opened},
    world::{World, world},
};

const FILES: [&str; 2] = ["csv_url", "json_url"];

/// A delivered order: its id, its sheet’s digest, and the addresses of its files.
async fn delivered(world: &World) -> (Uuid, String, Vec<String>) {
    let (order, token) = world.placed().await;
    let facts = json!({"lov.tx@com": fact("44109", true)});
    let sheet = json!({"study": "LOG-01", "commune": "44109", "reference_version": 1, "facts": facts, "exhibits": {}});
    let bytes = serde_json::to_vec(&sheet).unwrap();
    let sha256 = hex::encode(Sha256::digest(&bytes));
    world.shelf.kept.lock().unwrap().insert(artefact_key(&sha256), bytes);
    pay(world, order).await;
    collect_sheet(world, order, &sha256).await;
    deliver(world, order).await;
    let download = world.shown(order, &token).await["download"].clone();
    (order, sha256, FILES.map(|file| download[file].as_str().unwrap().to_owned()).into())
}

#[tokio::test]
async fn the_figures_come_as_a_spreadsheet_and_as_the_stored_sheet_itself() {
    let world = world().await;
    let (_, sha256, files) = delivered(&world).await;
    let [csv, data] = [world.get(&files[0]).await, world.get(&files[1]).await];
    assert_eq!((csv.status.as_u16(), csv.text().as_str()), (200, "1 lignes"));
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(
        csv.header("content-disposition"),
        "attachment; filename=\"LOG-01_44109_chiffres.csv\"; filename*=UTF-8''LOG-01_Nantes_44109_2026-11-22_chiffres.csv"
    );
    assert_eq!(hex::encode(Sha256::digest(&data.body)), sha256);
    assert_eq!((data.header("content-type"), data.header("x-content-sha256")), ("application/json", sha256.as_str()));
    for answer in [csv, data] {
        assert_eq!((answer.header("cache-control"), answer.header("x-robots-tag")), ("no-store", "noindex"));
    }
}

#[tokio::test]
async fn a_sheet_that_is_not_what_the_log_says_is_not_given() {
    let world = world().await;
    let (_, sha256, files) = delivered(&world).await;
    world.shelf.kept.lock().unwrap().insert(artefact_key(&sha256), b"{}".to_vec());
    for file in &files {
        assert_eq!(world.get(file).await.problem(), (500, "server.unexpected".to_owned()), "{file}");
    }
}

#[tokio::test]
async fn the_files_close_with_the_report() {
    let world = world().await;
    let (_, _, files) = delivered(&world).await;
    let dispute = json!({"id": "evt_d1", "type": "dispute", "payment": "pi_1", "cents": price().ttc_cents});
    assert_eq!(world.stripe_tells(&dispute).await.status, 200);
    for file in &files {
        assert_eq!(world.get(file).await.problem(), (403, "link.suspended".to_owned()), "{file}");
        let page = world.get_with(file, &[("accept", "text/html")]).await;
        assert!(page.status == 403 && page.text().contains("contesté auprès de la banque"), "{file}");
    }
    let won = json!({"id": "evt_d2", "type": "dispute", "payment": "pi_1", "outcome": "won"});
    assert_eq!(world.stripe_tells(&won).await.status, 200);
    let refund =
        json!({"id": "evt_r1", "type": "refund", "refund": "re_1", "payment": "pi_1", "cents": price().ttc_cents});
    for file in &files {
        assert_eq!(world.get(file).await.status, 200, "{file}");
    }
    world.stripe_tells(&refund).await;
    for file in &files {
        assert_eq!(world.get(file).await.problem(), (410, "link.refunded".to_owned()), "{file}");
    }
}

#[tokio::test]
async fn nothing_is_given_before_there_are_figures() {
    let world = world().await;
    let (order, _) = world.placed().await;
    let open = domain::ports::LinkState::Open { order };
    world.keyring.opened.lock().unwrap().insert("token".to_owned(), open);
    for file in ["chiffres.csv", "chiffres.json"] {
        assert_eq!(world.get(&format!("/r/token/{file}")).await.problem(), (503, "service.unavailable".to_owned()));
    }
}

#[tokio::test]
async fn support_has_the_figures_even_where_the_customer_has_them_no_more() {
    let world = opened().await;
    let (order, sha256, files) = delivered(&world).await;
    let refund =
        json!({"id": "evt_r1", "type": "refund", "refund": "re_1", "payment": "pi_1", "cents": price().ttc_cents});
    world.stripe_tells(&refund).await;
    assert_eq!(world.get(&files[0]).await.problem().0, 410);
    let told = ask(&world, &format!("/api/support/orders/{order}/timeline")).await.json();
    let [csv, data] = [0, 1].map(|n| told["figures"][n].as_str().unwrap().to_owned());
    assert_eq!(ask(&world, &csv).await.text(), "1 lignes");
    assert_eq!(hex::encode(Sha256::digest(&ask(&world, &data).await.body)), sha256);
    let wrong = ask(&world, &csv.replace("csv", "xls")).await;
    assert_eq!(wrong.problem(), (422, "request.invalid".to_owned()));
}

#[tokio::test]
async fn support_is_told_that_there_are_no_figures_yet() {
    let world = opened().await;
    let (order, _) = world.placed().await;
    let told = ask(&world, &format!("/api/support/orders/{order}/timeline")).await.json();
    assert_eq!(told["figures"], json!([]));
    let figures = |order: Uuid| format!("/api/support/orders/{order}/figures");
    assert_eq!(ask(&world, &figures(order)).await.problem(), (404, "report.without_figures".to_owned()));
    assert_eq!(ask(&world, &figures(Uuid::from_u128(404))).await.problem(), (404, "order.not_found".to_owned()));
}
