//! Real reports through the real press: the same bytes however they are printed; a browser that is killed under a report
//! delays it, and nothing else.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use domain::{fact::FactSheet, ports::Printer as _};
use futures::future::join_all;
use infra::chromium::{ChromiumConfig, ChromiumPrinter, Sandbox};
use studies::pages::{Edition, FONTS};
use uuid::Uuid;

use crate::Shop;

const SAMPLES: [&str; 2] =
    [include_str!("../../../studies/src/log_01/sample.json"), include_str!("../../../studies/src/ter_01/sample.json")];
/// An order by an unoptimised binary that shares the machine with other tests.
const PATIENCE: Duration = Duration::from_secs(120);
/// What issue 6 gives an order whose browser was killed.
const DELAY: Duration = Duration::from_secs(10);

/// A printer in a folder of its own.
struct Press {
    printer: ChromiumPrinter,
    folder: PathBuf,
}

impl Press {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("lobster-press-{name}-{}", std::process::id()));
        let (fonts_dir, work_dir) = (folder.join("fonts"), folder.join("browser"));
        fs::create_dir_all(&fonts_dir).unwrap();
        for (file, bytes) in FONTS {
            fs::write(fonts_dir.join(file), bytes).unwrap();
        }
        let config = ChromiumConfig { binary: None, fonts_dir, work_dir, sandbox: Sandbox::WherePossible };
        Self { printer: ChromiumPrinter::new(&config).unwrap(), folder }
    }

    async fn digest(&self, html: &str) -> String {
        self.printer.print(html, DateTime::<Utc>::UNIX_EPOCH).await.unwrap().sha256
    }

    async fn close(self) {
        self.printer.close().await;
        fs::remove_dir_all(&self.folder).unwrap();
    }
}

/// A sample laid out in the words of the rules.
fn html(sample: &str) -> String {
    let sheet: FactSheet = serde_json::from_str(sample).unwrap();
    let study = studies::find(&sheet.study).unwrap();
    let edition = Edition {
        report_number: "2026-000000".to_owned(),
        ordered_on: "2026-11-22".parse().unwrap(),
        template_version: study.template_version(),
        specimen: true,
        blocks_model: 0,
        blocks_rules: 1,
    };
    study.render(&sheet, &study.by_rules(&sheet), &edition).unwrap()
}

/// Both samples, laid out anew and printed by a browser of this process alone.
#[tokio::test]
async fn both_samples_are_printed() {
    let press = Press::new("alone");
    for sample in SAMPLES {
        println!("<digest {}>", press.digest(&html(sample)).await);
    }
    press.close().await;
}

#[tokio::test]
async fn a_report_is_the_same_bytes_in_turn_at_once_and_in_another_process() {
    let press = Press::new("together");
    let mut printed: [Vec<String>; 2] = Default::default();
    for (digests, sample) in printed.iter_mut().zip(SAMPLES) {
        let page = html(sample);
        for _ in 0..4 {
            digests.push(press.digest(&page).await);
        }
        digests.extend(join_all((0..4).map(|_| press.digest(&page))).await);
    }
    press.close().await;
    for _ in 0..2 {
        let other = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "press::both_samples_are_printed", "--nocapture"])
            .output()
            .unwrap();
        let said = String::from_utf8(other.stdout).unwrap();
        let found: Vec<&str> = said.split("<digest ").skip(1).filter_map(|rest| rest.split('>').next()).collect();
        assert_eq!(found.len(), 2, "{said}{}", String::from_utf8_lossy(&other.stderr));
        for (digests, digest) in printed.iter_mut().zip(found) {
            digests.push(digest.to_owned());
        }
    }
    for digests in &printed {
        let different: BTreeSet<&String> = digests.iter().collect();
        assert_eq!((digests.len(), different.len()), (10, 1), "{digests:?}");
    }
    assert_ne!(printed[0][0], printed[1][0], "two studies are two documents");
}

/// The browser that works for a shop.
fn browser(home: &Path) -> Option<u32> {
    let mark = format!("{}/browser/", home.canonicalize().unwrap().display());
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let mut numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    numbers.find(|number| {
        let line = fs::read(format!("/proc/{number}/cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&line).contains(&mark)
    })
}

fn signal(name: &str, process: u32) {
    let sent = Command::new("/bin/sh").args(["-c", "kill -\"$1\" \"$2\"", "sh", name, &process.to_string()]).status();
    assert!(sent.unwrap().success(), "{name} to {process}");
}

/// Whether something was said to a process that it has not read.
fn unread(process: u32) -> bool {
    let files = fs::read_dir(format!("/proc/{process}/fd")).unwrap().flatten();
    let sockets: BTreeSet<String> = files
        .filter_map(|file| {
            fs::read_link(file.path()).ok()?.to_str()?.strip_prefix("socket:[")?.strip_suffix(']').map(str::to_owned)
        })
        .collect();
    let table = fs::read_to_string("/proc/net/tcp").unwrap();
    table.lines().skip(1).any(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        sockets.contains(fields[9]) && fields[4].split_once(':').is_some_and(|(_, received)| received != "00000000")
    })
}

#[tokio::test]
async fn a_browser_killed_under_a_report_delays_it_and_nothing_else() {
    let shop = Shop::open().await;
    // The browser starts with the first document.
    let before = shop.order().await;
    shop.pay(&before).await;
    shop.delivered(&before, PATIENCE).await;
    let process = browser(&shop.home).expect("a browser works");
    // It holds its breath, so that the blow falls in the middle of the job however fast the machine is.
    signal("STOP", process);
    let placed = shop.order().await;
    let id: Uuid = placed["order_id"].as_str().unwrap().parse().unwrap();
    shop.pay(&placed).await;
    shop.until("a document waits in the browser", PATIENCE, async || unread(process).then_some(())).await;
    assert_eq!((shop.count(id, "NarrativeAccepted").await, shop.count(id, "ReportRendered").await), (1, 0));
    signal("KILL", process);
    let killed = Instant::now();
    shop.delivered(&placed, DELAY).await;
    println!("press: delivered and mailed {:.1} s after the kill", killed.elapsed().as_secs_f64());
    for once in ["NarrativeAccepted", "ReportRendered", "ReportStored", "OrderDelivered", "DeliveryEmailSent"] {
        assert_eq!(shop.count(id, once).await, 1, "{once}");
    }
    assert_eq!(shop.count(id, "StepFailed").await, 0, "the press printed it again by itself");
    assert_eq!(shop.stored_reports().len(), 2);
    let log = fs::read_to_string(shop.home.join("shop.log")).unwrap();
    assert!(log.contains("the browser died and is replaced"), "nothing was killed");
    assert_ne!(browser(&shop.home).expect("another browser works"), process);
}
