//! What may be asked about studies and their sentences.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub enum Study {
    /// The catalogue
    #[command(after_help = "Example: lobster study list")]
    List,
    /// Make a report without an order; the rules write its words
    #[command(after_help = "Example: lobster study render LOG-01 44109 --out out --html")]
    Render {
        study: String,
        /// INSEE code of the commune
        commune: String,
        /// Folder of the result
        #[arg(long, default_value = "out")]
        out: PathBuf,
        /// Write the HTML beside the PDF
        #[arg(long)]
        html: bool,
    },
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
