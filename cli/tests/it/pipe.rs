//! `lobster … | head`: who stops reading gets no panic, and what has no end ends.

use std::{
    io::{BufRead as _, BufReader, Read as _},
    process::{Command, Stdio},
};

/// The binary with its standard output and error on these ends.
fn lobster(arguments: &[&str], url: &str) -> Command {
    let home = std::env::temp_dir().join(format!("lobster-pipe-{}", std::process::id()));
    let mut command = Command::new(env!("CARGO_BIN_EXE_lobster"));
    command.args(arguments).env("LOBSTER_HOME", home).env("LOBSTER_DATABASE_URL", url).stdin(Stdio::null());
    command
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_stops_reading_gets_no_panic() {
    let db = test_support::database().await;
    for arguments in [&["study", "list"][..], &["projections", "list"], &["es", "verify"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let ended = lobster(arguments, &db.url).stdout(writer).output().unwrap();
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert!(ended.status.success() && !said.contains("panic"), "{arguments:?}: {} {said}", ended.status);
    }
    // An error that nobody reads is still an error, and no panic either.
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let ended = lobster(&["projections", "pause", "nonsense"], &db.url).stderr(writer).status().unwrap();
    assert_eq!(ended.code(), Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_nobody_follows_any_more_ends() {
    let db = test_support::database().await;
    let seeded = lobster(&["seed", "orders", "--count", "5"], &db.url).output().unwrap();
    assert!(seeded.status.success(), "{}", String::from_utf8_lossy(&seeded.stderr));
    let mut tail = lobster(&["es", "tail", "--from", "0", "--json"], &db.url);
    let mut tail = tail.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    let mut reader = BufReader::with_capacity(64, tail.stdout.take().unwrap());
    reader.read_line(&mut first).unwrap();
    assert!(first.contains("OrderPlaced"), "{first}");
    drop(reader);
    // The next event that comes has no reader.
    let more = lobster(&["seed", "orders", "--count", "6"], &db.url).output().unwrap();
    assert!(more.status.success(), "{}", String::from_utf8_lossy(&more.stderr));
    let ended = tokio::task::spawn_blocking(move || {
        let mut said = String::new();
        tail.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        (tail.wait().unwrap(), said)
    });
    let (status, said) =
        tokio::time::timeout(std::time::Duration::from_secs(30), ended).await.expect("it ends").unwrap();
    assert!(status.success() && !said.contains("panic"), "{status} {said}");
}
