//! The committed description of the API is the one that the code draws.

use std::path::Path;

#[test]
fn the_committed_description_is_up_to_date() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let drawn = api::openapi_json();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&file, &drawn).expect("api/openapi.json must be writable");
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(committed == drawn, "api/openapi.json is out of date: run `UPDATE=1 cargo test -p api` and commit it");
}
