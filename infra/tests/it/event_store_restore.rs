//! A dump brought back into a new server: the log goes on where it stood, and proves itself.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use domain::order::OrderState;
use domain::ports::{Commands as _, Log as _};
use infra::cluster::{Binaries, Cluster};
use infra::event_store::{PgCommands, PgLog, Sealer, sealed_head, verify};
use infra::pools::{self, Role};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::event_store_world::{World, context, mail, order, pay, place};

/// A folder of the new server, removed in the end.
struct Home(PathBuf);

impl Drop for Home {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn run(program: &str, arguments: &[&str], input: Option<&Path>, output: Option<&Path>) {
    let mut command = Command::new(Binaries::find("15").unwrap().program(program));
    command.args(arguments).stdin(input.map_or(Stdio::null(), |path| std::fs::File::open(path).unwrap().into()));
    if let Some(path) = output {
        command.stdout(std::fs::File::create(path).unwrap());
    } else {
        command.stdout(Stdio::null());
    }
    let ended = command.status().unwrap();
    assert!(ended.success(), "{program} {arguments:?} ended with {ended}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dump_restored_into_a_new_server_goes_on_and_verifies() {
    let home = Home(std::env::temp_dir().join(format!("lobster-restore-{}", std::process::id())));
    std::fs::create_dir_all(&home.0).unwrap();
    let world = World::new().await;
    let first = world.stop.child_token();
    let sealing = tokio::spawn(Sealer::run(world.projector.clone(), Arc::clone(&world.appended), first.clone()));
    for n in 1..=10 {
        world.delivered(order(n)).await;
    }
    assert_eq!(sealed_head(&world.projector).await.unwrap(), 30);
    first.cancel();
    sealing.await.unwrap();
    // Two events of the dump have no place yet.
    world.commands.order(order(11), place(), context(order(11), "11:place")).await.unwrap();
    world.commands.order(order(11), pay("cs_11"), context(order(11), "11:pay")).await.unwrap();

    let (roles, dump) = (home.0.join("roles.sql"), home.0.join("lobster.dump"));
    let server = world.db.url.replace(world.db.url.split(['/', '?']).nth(3).unwrap(), "postgres");
    run("pg_dumpall", &["--roles-only", "--dbname", &server], None, Some(&roles));
    run("pg_dump", &["--format=custom", "--dbname", &world.db.url], None, Some(&dump));

    let cluster = Cluster::open(&home.0.join("new")).await.unwrap();
    run("psql", &["--quiet", "--dbname", &cluster.url()], Some(&roles), None);
    run("pg_restore", &["--no-owner", "--exit-on-error", "--dbname", &cluster.url()], Some(&dump), None);

    let stop = CancellationToken::new();
    let appended = Arc::new(Notify::new());
    let projector = pools::connect(&cluster.url(), Role::Projector, 4).await.unwrap();
    let commands = PgCommands::new(pools::connect(&cluster.url(), Role::Api, 4).await.unwrap(), Arc::clone(&appended));
    let sealer = tokio::spawn(Sealer::run(projector.clone(), appended, stop.clone()));
    assert_eq!(sealed_head(&projector).await.unwrap(), 32, "the unsealed events of the dump are sealed");

    // History goes on: the same command is known, the same stream continues, new streams begin.
    let again = commands.order(order(11), pay("cs_11"), context(order(11), "11:pay")).await.unwrap();
    assert!(again.repeated && again.first_sequence == 2, "{again:?}");
    let next = commands.order(order(1), mail("<m>"), context(order(1), "1:mail")).await.unwrap();
    assert_eq!(next.first_sequence, 4);
    for n in 12..=20 {
        commands.order(order(n), place(), context(order(n), &format!("{n}:place"))).await.unwrap();
    }
    assert_eq!(sealed_head(&projector).await.unwrap(), 42);
    let read = PgLog::new(projector.clone()).read_after(0, 100).await.unwrap();
    assert_eq!(read.iter().map(|event| event.position).collect::<Vec<_>>(), (1..=42).collect::<Vec<_>>());
    assert_eq!(commands.load_order(order(10)).await.unwrap().state(), OrderState::Delivered);
    let verified = verify(&projector).await.unwrap();
    assert_eq!((verified.events, verified.unsealed), (42, 0));
    // What was refused is still refused.
    let rewritten = sqlx::query("DELETE FROM es.events").execute(&projector).await;
    assert!(rewritten.is_err());

    stop.cancel();
    sealer.await.unwrap();
    projector.close().await;
    drop(commands);
    cluster.close().await.unwrap();
}
