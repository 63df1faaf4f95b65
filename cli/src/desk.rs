//! What a person of the staff works with: the log, the read models, a name for what is done, and a question before doing it.

use std::{
    io::{BufRead as _, IsTerminal as _, Write as _},
    sync::Arc,
};

use domain::{
    command::{Actor, CommandContext},
    order::OrderCommand,
    ports::{Commands as _, Ids as _},
};
use infra::{
    config::Place,
    event_store::PgCommands,
    ids::TimeIds,
    pools::{self, Role},
};
use sha2::{Digest as _, Sha256};
use sqlx::PgPool;
use tokio::sync::Notify;
use uuid::Uuid;

use crate::{args::Doing, database::Database};

/// An open database with what commands need.
pub struct Desk {
    pub pool: PgPool,
    pub commands: PgCommands,
    database: Database,
}

impl Desk {
    /// Opens the database and brings it to this version.
    pub async fn open(place: &Place) -> anyhow::Result<Self> {
        let database = Database::open(place).await?;
        crate::commands::migrate::bring_up(&database.url).await?;
        let pool = pools::connect(&database.url, Role::Worker, 4).await?;
        let commands = PgCommands::new(pool.clone(), Arc::new(Notify::new()));
        Ok(Self { pool, commands, database })
    }

    pub async fn close(self) -> anyhow::Result<()> {
        self.pool.close().await;
        self.database.close().await
    }

    /// Carries out a command in the name of whoever asks; whether it changed anything.
    pub async fn act(&self, doing: &Doing, order: Uuid, command: OrderCommand) -> anyhow::Result<bool> {
        let staff = doing.staff.id()?;
        let context = CommandContext {
            command_id: format!("staff:{}", TimeIds.next()),
            actor: Actor::Staff(staff),
            correlation_id: order.to_string(),
            causation_id: None,
            request_id: None,
        };
        let outcome = self.commands.order(order, command, context).await?;
        Ok(outcome.last_sequence > 0)
    }

    /// Keeps the text of a note; the log gets its id and digest. A text without its event is of no harm.
    pub async fn note(&self, doing: &Doing, order: Uuid, text: &str, closes: Option<Uuid>) -> anyhow::Result<()> {
        let text = text.trim();
        anyhow::ensure!(!text.is_empty(), "the note is empty: say what was done");
        let note = TimeIds.next();
        sqlx::query("INSERT INTO app.notes (note, order_id, text, author) VALUES ($1, $2, $3, $4)")
            .bind(note)
            .bind(order)
            .bind(text)
            .bind(doing.staff.id()?)
            .execute(&self.pool)
            .await?;
        let sha256 = hex::encode(Sha256::digest(text));
        self.act(doing, order, OrderCommand::AddNote { note, sha256, closes }).await?;
        Ok(())
    }
}

/// Says what is about to happen and asks; without a person to answer, only `--yes` goes on.
pub fn confirmed(doing: &Doing, what: &str) -> anyhow::Result<bool> {
    println!("{what}");
    if doing.yes {
        return Ok(true);
    }
    let stdin = std::io::stdin();
    anyhow::ensure!(stdin.is_terminal(), "nobody can answer here: add --yes to do it");
    let mut out = std::io::stdout();
    write!(out, "Continuer\u{a0}? [o/N] ")?;
    out.flush()?;
    let mut answer = String::new();
    stdin.lock().read_line(&mut answer)?;
    let agreed = matches!(answer.trim().to_lowercase().as_str(), "o" | "oui");
    if !agreed {
        println!("Rien n’a été fait.");
    }
    Ok(agreed)
}
