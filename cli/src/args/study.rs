//! What may be asked about studies and their sentences.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use infra::config::Vendors;

#[derive(Debug, Subcommand)]
pub enum Study {
    /// The catalogue
    #[command(after_help = "Example: lobster study list")]
    List,
    /// Make a report without an order
    #[command(after_help = "Example: lobster study render LOG-01 44109 --out out --html --narrative model")]
    Render(Box<Render>),
    /// Collect the figures of a report, without words or pages; with --times, say how long it takes
    #[command(after_help = "Example: lobster study collect LOG-01 44109 --out facts.json\n         \
                            lobster study collect LOG-01 75112 --times 100")]
    Collect(Collect),
    /// Make the reports of many communes and look at each as a strict reader would
    #[command(
        long_about = "Make the reports of many communes and look at each as a strict reader would: what was announced before \
            payment is what is printed, the judge accepts every sentence, no « n.d. » stands in one, every figure of a \
            sentence, a tile or a table is in the annex, nothing leaves its page or lies on something else, no character is \
            without a glyph. Communes are chosen by what they are, among those whose data are loaded; rules write the words.\n\n\
            Ends with 0 when nothing was found, 5 when something was, 2 when a commune or a list cannot be had.",
        after_help = "Example: lobster study check --list twelve --out out\n         \
                      lobster study check --communes 44109,44143 --study TER-01 --json"
    )]
    Check(Gate),
    /// Judge blocks of text against a fact sheet
    #[command(
        long_about = "Judge blocks of text against a fact sheet, by the rules V01 to V16 that every block of a report must \
            pass. For each line {\"id\", \"text\", \"claims\"} of the file of blocks, one line of JSON comes out: {\"id\", \
            \"codes\", \"errors\"}, without codes where nothing is wrong. An error has its code, a pointer to the block and \
            field, the words, and what would be accepted. Blank lines are skipped; a line that is no such object gets V01.\n\n\
            The sheet is that of a report, an array of facts, or {\"facts\", \"indicators\"}. Where it gives no anchors for an \
            indicator, the dictionary of the product does; where neither has any, V15 is not judged for its facts, and \
            standard error says so. Needs no database.\n\n\
            Ends with 0 when every line was judged, 2 when a file could not be read, and with --strict 5 when a block has \
            an error.",
        after_help = "Example: lobster study validate --facts facts.json --blocks blocks.jsonl\n         \
            echo '{\"id\":\"p1.lede\",\"text\":\"La commune compte 12 logements.\",\"claims\":[]}' | lobster study validate --facts facts.json --blocks -"
    )]
    Validate(Validate),
}

#[derive(Debug, Args)]
pub struct Render {
    /// Code of the study
    pub study: String,
    /// INSEE code of the commune
    pub commune: String,
    /// Folder of the result
    #[arg(long, default_value = "out")]
    pub out: PathBuf,
    /// Write the HTML beside the PDF
    #[arg(long)]
    pub html: bool,
    /// Who writes the words
    #[arg(long, value_enum, default_value = "rules")]
    pub narrative: Words,
    #[command(flatten)]
    pub vendors: Vendors,
}

/// Who writes the words of a report without an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Words {
    /// The same sentences every time
    Rules,
    /// The model, in as many rounds as for an order, and the rules where it fails
    Model,
}

#[derive(Debug, Args)]
pub struct Collect {
    /// Code of the study
    pub study: String,
    /// INSEE code of the commune
    pub commune: String,
    /// The fact sheet in canonical JSON
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Collect again so many times
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u16).range(..=10_000))]
    pub times: u16,
}

#[derive(Debug, Args)]
pub struct Gate {
    /// INSEE codes, separated by commas
    #[arg(long, value_delimiter = ',', conflicts_with = "list")]
    pub communes: Vec<String>,
    /// A list of communes chosen by what they are
    #[arg(long, value_enum, default_value = "twelve")]
    pub list: Chosen,
    /// Only this study; every study by default
    #[arg(long, value_name = "CODE")]
    pub study: Vec<String>,
    /// Folder that keeps the PDFs, as <commune>-<study>.pdf
    #[arg(long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// Only say which communes the list has
    #[arg(long)]
    pub dry_run: bool,
    /// The findings, as JSON
    #[arg(long)]
    pub json: bool,
}

/// A list of communes for the gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Chosen {
    /// One of each kind that has gone wrong somewhere before
    Twelve,
    /// The twelve, every class of size, overseas
    Sixty,
}

#[derive(Debug, Args)]
pub struct Validate {
    /// Fact sheet, JSON
    #[arg(long, value_name = "FILE")]
    pub facts: PathBuf,
    /// Blocks, one JSON object a line; - reads standard input
    #[arg(long, value_name = "FILE")]
    pub blocks: PathBuf,
    /// Judge the blocks that this study asks for by its own lists of facts and lengths
    #[arg(long, value_name = "CODE")]
    pub study: Option<String>,
    /// End with 5 when a block has an error
    #[arg(long)]
    pub strict: bool,
}
