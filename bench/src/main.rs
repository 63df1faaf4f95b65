//! What we measured and against what: `bench es` the event store, `bench pdf` the press.
//!
//! Rates depend on the machine; ratios much less. The result of each is one Markdown page.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command for people")]

mod es;
mod figures;
mod machine;
mod press;

use anyhow::Context as _;
use clap::Parser;

/// Measures, and writes the page of figures.
#[derive(Parser)]
enum Command {
    /// The event store against what it could have been
    Es(es::Options),
    /// The press against a browser per document
    Pdf(press::Options),
}

#[tokio::main(flavor = "multi_thread")]
async fn main() -> anyhow::Result<()> {
    let (out, page) = match Command::parse() {
        Command::Es(options) => (options.out.clone(), es::run(options).await?),
        Command::Pdf(options) => (options.out.clone(), press::run(options).await?),
    };
    match out {
        Some(path) => std::fs::write(&path, page).with_context(|| format!("cannot write {}", path.display())),
        None => {
            println!("{page}");
            Ok(())
        }
    }
}
