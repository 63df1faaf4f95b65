//! What customers feel of a rebuild: reads while nothing else happens, and while a read model is made again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use domain::ports::Commands as _;
use infra::event_store::{PgCommands, PgLog};
use infra::pools::{self, Role};
use projections::DynProjector;
use projections::order_timeline::{OrderTimeline, query};
use projections::runtime::Pace;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::Size;
use super::history::{FIRST, History};
use super::server::{Database, context, place};
use crate::figures::{Bound, Figures, quantile};

const SECTION: &str = "B4. Reads of one order’s timeline, 200 a second, while 20 orders a second come in";
const NOTES: &str = "Reader, writers, sealer, projectors, rebuild and server share the cores. Beside a running service a \
    rebuild is gentle unless it is told otherwise (`--full-speed`): batches of about 5 ms, one thing at a time, and rests \
    four times as long. The price is the rate; the bound is for this pace. At full speed a read waits for a core like \
    everybody else: server and client of the rebuild want one each.";
const READS: Duration = Duration::from_millis(5);
const APPENDS: Duration = Duration::from_millis(50);

impl History {
    /// Reads in a calm service, beside a gentle rebuild, and beside one at full speed.
    pub async fn serve(&mut self, size: &Size, round: u64, figures: &mut Figures) -> anyhow::Result<()> {
        let (stop, appended) = (CancellationToken::new(), Arc::new(Notify::new()));
        let following = self.follow(Arc::clone(&appended));
        let selling = sell(&self.database, appended, round, stop.clone()).await?;
        let calm = Reader::start(&self.database);
        tokio::time::sleep(Duration::from_secs(size.calm_seconds)).await;
        let calm = calm.stop()?;
        let gentle = self.beside(Pace::Gentle).await?;
        let full = self.beside(Pace::Full).await?;
        stop.cancel();
        selling.await??;
        self.events = following.stop().await?;
        figures.note(SECTION, NOTES);
        figures.add(SECTION, "p99 of a read", "ms", calm);
        for (name, bound, (p99, rate)) in [("gently", Some(Bound::AtMost(1.2)), gentle), ("at full speed", None, full)]
        {
            figures.add(SECTION, format!("p99 of a read, order_timeline rebuilt {name}"), "ms", p99);
            figures.ratio(SECTION, format!("rebuilt {name} / calm"), bound, p99 / calm);
            figures.add(SECTION, format!("rebuild {name}"), "events/s", rate);
        }
        Ok(())
    }

    /// p99 of a read beside a rebuild, and the rebuild's events per second.
    async fn beside(&self, pace: Pace) -> anyhow::Result<(f64, f64)> {
        let log = PgLog::new(self.projector.clone());
        let timeline: &dyn DynProjector = &OrderTimeline;
        let reader = Reader::start(&self.database);
        let begin = Instant::now();
        let rebuilt = pace.rebuild(&self.projector, &log, timeline, |_| {}).await;
        let rate = self.events / begin.elapsed().as_secs_f64();
        let p99 = reader.stop();
        rebuilt?;
        Ok((p99?, rate))
    }
}

/// Somebody who reads one order again and again, in a thread of its own as another process would be.
struct Reader {
    enough: Arc<AtomicBool>,
    reading: thread::JoinHandle<anyhow::Result<Vec<f64>>>,
}

impl Reader {
    fn start(database: &Database) -> Self {
        let enough = Arc::new(AtomicBool::new(false));
        let (url, stop) = (database.url.clone(), Arc::clone(&enough));
        let reading = thread::spawn(move || {
            tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(read(&url, &stop))
        });
        Self { enough, reading }
    }

    /// The p99 in milliseconds.
    fn stop(self) -> anyhow::Result<f64> {
        self.enough.store(true, Ordering::Relaxed);
        let taken = self.reading.join().map_err(|_| anyhow::anyhow!("the reader ended abnormally"))?;
        quantile(&mut taken?, 0.99)
    }
}

async fn read(url: &str, enough: &AtomicBool) -> anyhow::Result<Vec<f64>> {
    let pool = pools::connect(url, Role::Api, 1).await?;
    let mut taken = Vec::new();
    let mut tick = tokio::time::interval(READS);
    while !enough.load(Ordering::Relaxed) {
        tick.tick().await;
        let asked = Instant::now();
        let lines = query::of_order(&pool, FIRST, 0).await?;
        taken.push(asked.elapsed().as_secs_f64() * 1_000.0);
        anyhow::ensure!(!lines.is_empty(), "the order lost its timeline");
    }
    pool.close().await;
    Ok(taken)
}

async fn sell(
    database: &Database,
    appended: Arc<Notify>,
    round: u64,
    stop: CancellationToken,
) -> anyhow::Result<JoinHandle<anyhow::Result<()>>> {
    let commands = PgCommands::new(pools::connect(&database.url, Role::Api, 2).await?, appended);
    Ok(tokio::spawn(async move {
        let mut chance = StdRng::seed_from_u64(0xb4 << 32 | round);
        let mut tick = tokio::time::interval(APPENDS);
        while !stop.is_cancelled() {
            tick.tick().await;
            let id = Uuid::from_u128(chance.random());
            commands.order(id, place(), context(id, format!("p{id}"))).await?;
        }
        Ok(())
    }))
}
