//! The gate in earnest: the twelve communes on tables of the whole country, with the sales and permits of their
//! départements. Everything is generated, imported, printed and read as an operator would: by the binary.
//!
//! It takes both cores for six to eight minutes; `LOBSTER_GATE=0` leaves it out.

#![expect(clippy::print_stdout, reason = "whoever waits some minutes wants to see how far it is")]

use std::{
    collections::BTreeSet,
    path::PathBuf,
    process::{Command, Output},
    time::Instant,
};

use ::datasets::{Specimen, USUAL_TURNOVER, synthesize};
use serde_json::Value;
use test_support::TestDb;

use crate::{datasets::reference, storm::setting};

/// Tables of communes: a commune is compared with its likes everywhere.
const NATIONAL: [&str; 10] = [
    "contours",
    "population",
    "zonage_abc",
    "anil_loyers",
    "lovac",
    "rp_housing",
    "rp_demographics",
    "rpls",
    "filosofi",
    "projections",
];
/// Lists of acts: loaded where the twelve are.
const LOCAL: [&str; 2] = ["dvf", "sitadel"];
/// A third of the usual sales: enough for medians of towns, too few for those of villages.
const TURNOVER: f64 = USUAL_TURNOVER / 3.0;
/// Edition of the generated rents, whose name does not tell it.
const RENTS: &str = "2025";

/// A database and a home of its own.
struct Country {
    db: TestDb,
    reference: PathBuf,
    home: PathBuf,
    started: Instant,
}

impl Country {
    async fn new(reference: PathBuf) -> Self {
        let db = test_support::database().await;
        let home = std::env::temp_dir().join(format!("lobster-gate-{}", std::process::id()));
        std::fs::create_dir_all(&home).unwrap();
        Self { db, reference, home, started: Instant::now() }
    }

    fn say(&self, arguments: &[&str]) -> Output {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut command = Command::new(env!("CARGO_BIN_EXE_lobster"));
        command.args(arguments).current_dir(root).env_remove("LOBSTER_DATA_DIR");
        command.env("LOBSTER_DATABASE_URL", &self.db.url).env("LOBSTER_HOME", &self.home);
        command.output().unwrap()
    }

    /// What it prints; it must end well.
    fn ask(&self, arguments: &[&str]) -> String {
        let output = self.say(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Generates and imports a dataset of the country, or of one département.
    fn load(&self, dataset: &'static str, departement: Option<&str>) {
        let out = self.home.join("files");
        let only = [dataset];
        let reference = &self.reference;
        let specimen = Specimen { departement, reference, out: &out, only: &only, turnover: TURNOVER, gzip: false };
        let files: Vec<PathBuf> = synthesize(&specimen).unwrap().into_iter().flat_map(|made| made.files).collect();
        if !files.is_empty() {
            let mut import = vec!["datasets", "import", dataset, "--no-refresh"];
            import.extend(files.iter().map(|file| file.to_str().unwrap()));
            import.extend(departement.map_or(vec![], |code| vec!["--departement", code]));
            if dataset == "anil_loyers" {
                import.extend(["--millesime", RENTS]);
            }
            self.ask(&import);
        }
        let _ = std::fs::remove_dir_all(&out);
        println!("gate: {dataset} of {} after {:?}", departement.unwrap_or("France"), self.started.elapsed());
    }
}

impl Drop for Country {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.home);
    }
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn report<'a>(seen: &'a Value, why: &str, study: &str) -> &'a Value {
    let reports = seen["reports"].as_array().unwrap();
    let found = reports.iter().find(|one| one["why"] == why && one["study"] == study);
    found.unwrap_or_else(|| panic!("no {study} of « {why} »"))
}

#[tokio::test]
async fn the_reports_of_twelve_difficult_communes_are_what_was_announced_and_without_fault() {
    if setting("LOBSTER_GATE") == Some(0) {
        println!("SKIPPED: the gate over twelve communes (LOBSTER_GATE=0)");
        return;
    }
    let Some(reference) = reference() else { return };
    let country = Country::new(reference).await;
    country.ask(&["datasets", "import", "communes", country.reference.to_str().unwrap(), "--no-refresh"]);
    for dataset in NATIONAL {
        country.load(dataset, None);
    }
    let listed = json(&country.ask(&["study", "check", "--list", "twelve", "--dry-run", "--json"]));
    assert_eq!(listed["absent"], json("[]"), "each kind is somewhere in the country");
    let communes = listed["communes"].as_array().unwrap();
    let departements: BTreeSet<&str> = communes.iter().map(|one| one["departement"].as_str().unwrap()).collect();
    for departement in departements {
        for dataset in LOCAL {
            country.load(dataset, Some(departement));
        }
    }
    country.ask(&["datasets", "refresh"]);
    println!("gate: views after {:?}", country.started.elapsed());

    let output = country.say(&["study", "check", "--list", "twelve", "--json"]);
    println!("gate: reports after {:?}", country.started.elapsed());
    let seen = json(&String::from_utf8(output.stdout).unwrap());
    let reports = seen["reports"].as_array().unwrap();
    assert_eq!(reports.len(), 24);
    let faults: Vec<String> = reports
        .iter()
        .flat_map(|one| one["breaches"].as_array().unwrap().iter().map(move |breach| (one, breach)))
        .map(|(one, breach)| format!("{} {}: {breach}", one["commune"], one["study"]))
        .collect();
    assert_eq!(faults, [] as [&str; 0]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));

    let status = |why: &str, study: &str| report(&seen, why, study)["verdict"]["status"].as_str().unwrap().to_owned();
    assert_eq!(status("a large city", "LOG-01"), "full");
    assert_eq!(status("about sixty inhabitants", "LOG-01"), "epci_scope");
    let moselle = &report(&seen, "Moselle: no sales", "LOG-01")["verdict"];
    let reasons = moselle["dropped_pages"].as_array().unwrap();
    assert_eq!(moselle["status"], "reduced");
    assert!(reasons.iter().any(|page| page["reason"].as_str().unwrap().contains("livre foncier")), "{moselle}");
    let mayotte = &report(&seen, "Mayotte: hardly any file", "LOG-01")["verdict"];
    assert_eq!(mayotte["status"], "unavailable");
    assert!(!mayotte["reason"].as_str().unwrap().is_empty());
    for one in reports.iter().filter(|one| one["pages"].is_array()) {
        let whole = if one["study"] == "LOG-01" { 24 } else { 14 };
        let dropped = one["verdict"]["dropped_pages"].as_array().unwrap().len();
        assert_eq!(one["pages"][0], whole - dropped, "{one}");
    }
}
