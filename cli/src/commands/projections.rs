//! `lobster projections`: how the read models and policies stand, making them again, deciding on what they could not apply.

use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressStyle};
use infra::{
    config::Place,
    event_store::PgLog,
    pools::{self, Role},
};
use projections::{
    DynProjector,
    runtime::{self, Pace, Progress, Rebuilt, Status},
};
use sqlx::PgPool;

use crate::{
    args::{Projections, Which},
    database::Database,
    serve::projectors,
};

pub async fn run(place: &Place, command: Projections) -> anyhow::Result<()> {
    let database = Database::open(place).await?;
    super::migrate::bring_up(&database.url).await?;
    let pool = pools::connect(&database.url, Role::Projector, 4).await?;
    let result = answer(&pool, command).await;
    pool.close().await;
    database.close().await?;
    result
}

async fn answer(pool: &PgPool, command: Projections) -> anyhow::Result<()> {
    let log = PgLog::new(pool.clone());
    match command {
        Projections::List { check } => list(pool, check).await,
        Projections::Rebuild { which, rollback: true, .. } => {
            for projector in chosen(&which)? {
                runtime::rollback(pool, projector.as_ref()).await?;
                println!("{}: the earlier rows are back and catch up.", projector.name());
            }
            Ok(())
        }
        Projections::Rebuild { which, compare, full_speed, .. } => {
            let pace = if full_speed { Pace::Full } else { Pace::fitting(pool).await? };
            if pace == Pace::Gentle {
                println!("A process follows the log: this is done gently (--full-speed).");
            }
            let mut differ = Vec::new();
            for projector in chosen(&which)? {
                if !rebuild(pool, &log, projector.as_ref(), pace, compare).await? && compare {
                    differ.push(projector.name());
                }
            }
            anyhow::ensure!(
                differ.is_empty(),
                "rows in use are not what the log gives, or stand still: {}",
                differ.join(", ")
            );
            Ok(())
        }
        Projections::Pause { projector } => switch(pool, &projector, false).await,
        Projections::Resume { projector } => switch(pool, &projector, true).await,
        Projections::Retry { projector } => {
            let applied = runtime::retry(pool, &log, named(&projector)?.as_ref()).await?;
            println!("{projector}: {applied} events no longer wait.");
            Ok(())
        }
        Projections::Discard { projector, position } => {
            let of = named(&projector)?;
            runtime::discard(pool, &log, of.as_ref(), position).await?;
            println!("{projector}: does without the event at position {position}.");
            match runtime::dead_letters(pool, of.name(), of.version()).await?.len() {
                0 => {}
                left => println!("{left} events still wait: `lobster projections retry {projector}`."),
            }
            Ok(())
        }
    }
}

fn named(name: &str) -> anyhow::Result<Box<dyn DynProjector>> {
    let known = projectors();
    let names: Vec<_> = known.iter().map(|projector| projector.name()).collect();
    let message = format!("there is no projector {name:?}, but {}", names.join(", "));
    known.into_iter().find(|projector| projector.name() == name).context(message)
}

fn chosen(which: &Which) -> anyhow::Result<Vec<Box<dyn DynProjector>>> {
    match &which.projector {
        Some(name) => Ok(vec![named(name)?]),
        None => Ok(projections::all()),
    }
}

async fn list(pool: &PgPool, check: bool) -> anyhow::Result<()> {
    let known = runtime::statuses(pool).await?;
    let current =
        |status: &Status| named(&status.projector).is_ok_and(|projector| projector.version() == status.version);
    println!(
        "{:<16} {:>3} {:>6} {:>10} {:>8} {:>8}  {:<8} {:>6}  RUN BY",
        "PROJECTOR", "VER", "SHARDS", "POSITION", "LAG", "LAG (S)", "STATUS", "PARKED"
    );
    for status in &known {
        let owners = if status.owners.is_empty() { "nobody".to_owned() } else { status.owners.join(", ") };
        println!(
            "{:<16} {:>3} {:>6} {:>10} {:>8} {:>8.1}  {:<8} {:>6}  {owners}",
            status.projector,
            status.version,
            status.shards,
            status.position,
            status.lag_events,
            status.lag_seconds,
            status.status,
            status.parked,
        );
        if let Some(position) = status.rebuilding {
            println!("    is being rebuilt and has come to position {position}");
        }
        if let Some(at) = status.replaced_at {
            println!("    the rows replaced on {} are kept (rebuild --rollback)", at.format("%Y-%m-%d %H:%M UTC"));
        }
        if let Some(error) = &status.last_error {
            println!("    {error}");
        }
        for letter in runtime::dead_letters(pool, &status.projector, status.version).await? {
            println!(
                "    position {} waits since {}: {}",
                letter.position,
                letter.parked_at.format("%Y-%m-%d %H:%M UTC"),
                letter.error
            );
        }
        if !current(status) {
            println!("    not a version of this binary");
        }
    }
    let ill: Vec<_> = known
        .iter()
        .filter(|status| current(status) && (status.status != "running" || status.parked > 0))
        .map(|status| status.projector.as_str())
        .collect();
    anyhow::ensure!(!check || ill.is_empty(), "in need of a decision: {}", ill.join(", "));
    Ok(())
}

/// Rebuilds or compares one read model and tells what came out; whether both rows were the same.
async fn rebuild(
    pool: &PgPool,
    log: &PgLog,
    projector: &dyn DynProjector,
    pace: Pace,
    compare: bool,
) -> anyhow::Result<bool> {
    let name = projector.name();
    let style =
        ProgressStyle::with_template("{msg:16} {wide_bar} {human_pos}/{human_len} events, {per_sec}, {eta} left")?;
    let bar = ProgressBar::new(0).with_style(style).with_message(name);
    let moved = bar.clone();
    let progress = move |Progress { position, head }: Progress| {
        moved.set_length(head.unsigned_abs());
        moved.set_position(position.unsigned_abs());
    };
    let rebuilt = match compare {
        true => pace.compare(pool, log, projector, progress).await,
        false => pace.rebuild(pool, log, projector, progress).await,
    };
    let took = bar.elapsed().as_secs_f64();
    bar.finish_and_clear();
    let rebuilt = rebuilt?;
    let rate = rebuilt.position as f64 / took.max(f64::EPSILON);
    println!("{name}: {} events in {took:.1} s, {rate:.0} a second", rebuilt.position);
    tell(&rebuilt);
    match (compare, rebuilt.reversible) {
        (true, _) => {}
        (false, true) => println!("    the new rows are in use; the replaced ones are kept (--rollback)"),
        (false, false) => println!("    the new rows are in use"),
    }
    Ok(rebuilt.is_same() == Some(true))
}

fn tell(rebuilt: &Rebuilt) {
    let Some(compared) = &rebuilt.compared else {
        println!("    the rows in use stand elsewhere in the log and were not compared");
        return;
    };
    for table in compared {
        let verdict = match (table.only_live, table.only_new) {
            (0, 0) => "the same".to_owned(),
            (live, new) => format!("{live} rows only in use, {new} only in the log's"),
        };
        println!(
            "    {:<26} {:>9} rows {:016x}, from the log {:>9} rows {:016x}: {verdict}",
            table.name, table.live_rows, table.live_sum, table.new_rows, table.new_sum
        );
    }
}

async fn switch(pool: &PgPool, name: &str, run: bool) -> anyhow::Result<()> {
    let projector = named(name)?;
    let switched = runtime::switch(pool, name, projector.version(), run).await?;
    println!(
        "{name}: {}.",
        match (run, switched) {
            (true, true) => "goes on",
            (true, false) => "was not paused; nothing changed",
            (false, true) => "is paused",
            (false, false) => "was not running; nothing changed",
        }
    );
    Ok(())
}
