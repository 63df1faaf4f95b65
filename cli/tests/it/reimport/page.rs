//! The page of figures: what was imported, what was sold meanwhile, how long events took to be seen.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use domain::ports::Clock as _;
use infra::clock::SystemClock;

use super::{
    Between, Sold,
    edition::Edition,
    lags::{Lag, quantile},
};

/// Everything that was seen.
pub struct Page<'a> {
    pub national: bool,
    pub edition: &'a Edition,
    pub between: Between,
    pub sold: &'a [Sold],
    /// The state of the data behind each order.
    pub states: &'a [i64],
    pub lags: Vec<Lag>,
}

impl Page<'_> {
    /// Prints the page, and writes it where `LOBSTER_REIMPORT_PAGE` says.
    pub fn tell(&self) {
        let text = self.text();
        println!("{text}");
        if let Some(path) = std::env::var_os("LOBSTER_REIMPORT_PAGE") {
            std::fs::write(path, text).unwrap();
        }
    }

    fn text(&self) -> String {
        let Between { from, until, held } = self.between;
        let importing = (until - from).as_seconds_f64() - held.as_secs_f64();
        let cores = std::thread::available_parallelism().unwrap();
        let load = std::fs::read_to_string("/proc/loadavg").unwrap();
        let build = if cfg!(debug_assertions) { "debug" } else { "release" };
        let area = if self.national { "the whole country" } else { "one département" };
        let mut states = self.states.to_vec();
        states.sort_unstable();
        states.dedup();
        let mut text = String::from("# Selling while the sales are imported anew\n\n");
        let mut say = |line: String| writeln!(text, "{line}").unwrap();
        say("Written by `make data-reimport`: service, importer, vendors’ doubles and PostgreSQL are processes of one machine; \
             every file is generated. Customers order, pay and get their report one after another; others place two orders a \
             second and never pay. The importer is held once in the middle of a COPY, its transaction open, for as long as \
             one order takes; then it imports every file and makes the views anew.\n"
            .to_owned());
        say(format!(
            "- {}, {cores} cores, {build} build; load average of the last minute: {}",
            SystemClock.now().format("%-d %B %Y, %H:%M UTC"),
            load.split(' ').next().unwrap_or_default()
        ));
        say(format!(
            "- {area}: {} files, {} MB, imported and refreshed in {importing:.1} s, and held for {:.1} s",
            self.edition.files.len(),
            self.edition.megabytes,
            held.as_secs_f64()
        ));
        say(format!(
            "- {} orders, every one paid, delivered and mailed; the sales of their communes come from {} states of the data, \
             each order’s from one, compared with the tables of that state year by year; an order that comes between a \
             promotion and the end of the refresh waits for the views",
            self.sold.len(),
            states.len()
        ));
        say("\n| | Before | During the import | After |\n|---|---:|---:|---:|".to_owned());
        let phases = [Phase(None, Some(from)), Phase(Some(from), Some(until)), Phase(Some(until), None)];
        let mut row = |name: &str, figure: &dyn Fn(&Phase) -> String| {
            say(format!("| {name} | {} |", phases.each_ref().map(figure).join(" | ")));
        };
        row("orders served", &|phase| self.served(phase).len().to_string());
        row("click to report, median, s", &|phase| format!("{:.1}", quantile(&self.served(phase), 0.5)));
        row("click to report, longest, s", &|phase| format!("{:.1}", quantile(&self.served(phase), 1.0)));
        row("events seen", &|phase| self.waited(phase).len().to_string());
        row("append to reader, p50, ms", &|phase| format!("{:.1}", quantile(&self.waited(phase), 0.5)));
        row("append to reader, p99, ms", &|phase| format!("{:.1}", quantile(&self.waited(phase), 0.99)));
        text
    }

    /// Seconds from the click to the report of each order that was placed then.
    fn served(&self, phase: &Phase) -> Vec<f64> {
        self.sold.iter().filter(|one| phase.has(one.at)).map(|one| one.took.as_secs_f64()).collect()
    }

    /// Milliseconds from the append to a reader of each event of that time.
    fn waited(&self, phase: &Phase) -> Vec<f64> {
        self.lags.iter().filter(|(at, _)| phase.has(*at)).map(|(_, lag)| *lag).collect()
    }
}

/// From when until when, where it has an end.
struct Phase(Option<DateTime<Utc>>, Option<DateTime<Utc>>);

impl Phase {
    fn has(&self, at: DateTime<Utc>) -> bool {
        self.0.is_none_or(|from| at >= from) && self.1.is_none_or(|until| at < until)
    }
}
