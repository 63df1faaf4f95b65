//! Every sale is imported anew while the shop sells: the importer a process of its own beside the service. Orders are placed,
//! paid and delivered before, meanwhile (one of them while the importer is held in the middle of its COPY) and after; the
//! sales of the commune that a report tells are those of one state of the data. How long an event takes until readers see it is
//! measured all the while.
//!
//! `make test` takes one département and short looks, `make data-reimport` the country (`LOBSTER_REIMPORT_NATIONAL=1`), looks
//! of a minute (`LOBSTER_REIMPORT_CALM`, in seconds), and writes a page (`LOBSTER_REIMPORT_PAGE`).

#![expect(clippy::print_stdout, reason = "whoever waits half an hour wants to see how far it is")]

mod edition;
mod lags;
mod page;
mod told;

use std::{
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use domain::ports::Clock as _;
use infra::clock::SystemClock;
use sqlx::PgPool;
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::{
    chaos::tending,
    counter::Counter,
    crew::Crew,
    datasets::copying,
    reimport::{edition::Edition, lags::Prober, page::Page},
    storm::setting,
};

/// What a customer waits for one report.
const PATIENCE: Duration = Duration::from_secs(300);
/// What an operator waits for all sales of the country.
const IMPORTING: Duration = Duration::from_secs(3_600);
/// A customer comes so long after the one before was served.
const PAUSE: Duration = Duration::from_secs(2);
/// How often we say how far it is.
const NEWS: Duration = Duration::from_secs(15);

/// One order that was served.
#[derive(Debug, Clone, Copy)]
struct Sold {
    order: Uuid,
    at: DateTime<Utc>,
    /// From the click to the report.
    took: Duration,
}

/// When the importer began, and when its views were made anew.
#[derive(Debug, Clone, Copy)]
struct Between {
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    /// How long of it the importer was held.
    held: Duration,
}

#[tokio::test(flavor = "multi_thread")]
async fn while_all_sales_are_imported_anew_orders_go_on_and_each_rests_on_one_state_of_them() {
    let (national, calm) = (setting("LOBSTER_REIMPORT_NATIONAL") == Some(1), setting("LOBSTER_REIMPORT_CALM"));
    let calm = Duration::from_secs(calm.unwrap_or(4));
    let mut crew = Crew::together().await;
    let edition = Edition::next(&crew, national).await;
    let pool = crew.counter.books.pool.clone();
    let first = version(&pool).await;
    let prober = Prober::start(&crew.counter).await;
    let shop = Customers::come(crew.counter.clone());

    println!("reimport: {calm:?} of orders alone");
    tending(&mut crew, calm).await;
    let (between, while_held) = import(&mut crew, &edition, &shop, first).await;
    println!("reimport: {calm:?} of orders alone again");
    tending(&mut crew, calm).await;

    let mut sold = shop.leave(&mut crew).await;
    let last = version(&pool).await;
    assert_eq!(last - first, i64::try_from(edition.files.len()).unwrap(), "every file is a state of its own");
    let newest = serve(&crew.counter, sold.len() + 2).await;
    sold.extend([while_held, newest]);
    let mut states = Vec::new();
    for one in &sold {
        let told = told::of(&crew.counter.books, one.order).await;
        told.rests_on_one_state(&pool).await;
        let allowed = match one.at {
            at if at + one.took < between.from => first..=first,
            at if at > between.until => last..=last,
            _ => first..=last,
        };
        assert!(allowed.contains(&told.version), "{one:?} rests on {}, not on {allowed:?}", told.version);
        states.push(told.version);
    }
    assert!(states.contains(&first) && states.contains(&last), "{states:?}");
    let lags = prober.stop().await;
    let page = Page { national, edition: &edition, between, sold: &sold, states: &states, lags };
    page.tell();
    crew.close().await;
}

/// Imports every file in one command, as an operator does, holding it in the middle of its first COPY for as long as one
/// order takes.
async fn import(crew: &mut Crew, edition: &Edition, shop: &Customers, first: i64) -> (Between, Sold) {
    let pool = crew.counter.books.pool.clone();
    let from = SystemClock.now();
    let mut importer = Importer::start(crew, edition);
    copying(&pool).await;
    importer.signal("-STOP");
    let begun = Instant::now();
    let sold = serve(&crew.counter, 1).await;
    assert_eq!(importer.ended(), None, "the importer is held");
    copying(&pool).await;
    assert_eq!(version(&pool).await, first, "nothing was promoted yet");
    let told = told::of(&crew.counter.books, sold.order).await;
    assert_eq!(told.version, first, "all of it is the state before");
    told.rests_on_one_state(&pool).await;
    importer.signal("-CONT");
    let held = begun.elapsed();
    println!("reimport: one order served in {:.1} s while the importer was held", sold.took.as_secs_f64());

    let end = Instant::now() + IMPORTING;
    let mut news = Instant::now();
    let status = loop {
        tending(crew, Duration::from_millis(200)).await;
        if let Some(status) = importer.ended() {
            break status;
        }
        if news.elapsed() > NEWS {
            news = Instant::now();
            let done = version(&pool).await - first;
            println!("reimport: {done} of {} files in service, {} orders served", edition.files.len(), shop.served());
        }
        assert!(Instant::now() < end, "the import does not end:\n{}", importer.words());
    };
    assert!(status, "{}", importer.words());
    (Between { from, until: SystemClock.now(), held }, sold)
}

async fn version(pool: &PgPool) -> i64 {
    sqlx::query_scalar("SELECT max(id)::bigint FROM data.reference_version").fetch_one(pool).await.unwrap()
}

/// The `number`-th order of this shop, from the click to the report.
async fn serve(counter: &Counter, number: usize) -> Sold {
    let (at, begun) = (SystemClock.now(), Instant::now());
    let served = counter.serve(number, PATIENCE).await;
    Sold { order: served.order, at, took: begun.elapsed() }
}

/// One customer after another, for as long as the shop is open.
struct Customers {
    over: Arc<AtomicBool>,
    served: Arc<AtomicUsize>,
    coming: JoinHandle<Vec<Sold>>,
}

impl Customers {
    fn come(counter: Counter) -> Self {
        let (over, served) = (Arc::<AtomicBool>::default(), Arc::<AtomicUsize>::default());
        let (closed, count) = (Arc::clone(&over), Arc::clone(&served));
        let coming = tokio::spawn(async move {
            let mut sold = Vec::new();
            while !closed.load(Ordering::Relaxed) {
                // The first number is of the one who comes while the importer is held.
                sold.push(serve(&counter, sold.len() + 2).await);
                count.store(sold.len(), Ordering::Relaxed);
                tokio::time::sleep(PAUSE).await;
            }
            sold
        });
        Self { over, served, coming }
    }

    fn served(&self) -> usize {
        self.served.load(Ordering::Relaxed)
    }

    /// Those who are there are served; nobody comes any more.
    async fn leave(mut self, crew: &mut Crew) -> Vec<Sold> {
        self.over.store(true, Ordering::Relaxed);
        tokio::select! {
            sold = &mut self.coming => sold.unwrap(),
            () = tending(crew, PATIENCE) => panic!("customers still wait"),
        }
    }
}

/// The importer's process; it does not outlive the test, held or not.
struct Importer {
    child: Child,
    log: PathBuf,
}

impl Importer {
    fn start(crew: &Crew, edition: &Edition) -> Self {
        let mut arguments = vec!["datasets", "import", "dvf"];
        arguments.extend(edition.perimeter);
        arguments.extend(edition.files.iter().map(|file| file.to_str().unwrap()));
        let log = crew.counter.books.home.join("import.log");
        let said = std::fs::File::create(&log).unwrap();
        let mut command = crew.command(&arguments);
        command.stdin(Stdio::null()).stdout(said.try_clone().unwrap()).stderr(said);
        Self { child: command.spawn().expect("the binary starts"), log }
    }

    fn signal(&self, signal: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
    }

    /// Whether it succeeded, once it has ended.
    fn ended(&mut self) -> Option<bool> {
        self.child.try_wait().unwrap().map(|status| status.success())
    }

    fn words(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }
}

impl Drop for Importer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
