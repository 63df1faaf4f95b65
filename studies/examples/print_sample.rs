//! Writes the HTML of a report, so that its look can be judged:
//! `cargo run -p studies --example print_sample -- [sheet.json] out.html`. Words are those of the rules.

use std::{env, fs};

use anyhow::Context as _;
use domain::fact::FactSheet;
use domain::report::Author;
use studies::pages::Edition;

const SAMPLE: &str = include_str!("../src/log_01/sample.json");

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (sheet, out) = match arguments.as_slice() {
        [out] => (SAMPLE.to_owned(), out),
        [sheet, out] => (fs::read_to_string(sheet).with_context(|| format!("reading {sheet}"))?, out),
        _ => anyhow::bail!("usage: print_sample [sheet.json] out.html"),
    };
    let sheet: FactSheet = serde_json::from_str(&sheet).context("reading the fact sheet")?;
    let study = studies::find(&sheet.study).with_context(|| format!("no study has code {}", sheet.study))?;
    let narrative = study.by_rules(&sheet);
    let count = |author| u32::try_from(narrative.by_block().values().filter(|by| **by == author).count());
    let edition = Edition {
        report_number: "2026-000000".to_owned(),
        ordered_on: "2026-11-22".parse().context("a date")?,
        template_version: study.template_version(),
        specimen: sheet.is_specimen(),
        blocks_model: count(Author::Model)?,
        blocks_rules: count(Author::Rules)?,
    };
    fs::write(out, study.render(&sheet, &narrative, &edition)?).with_context(|| format!("writing {out}"))
}
