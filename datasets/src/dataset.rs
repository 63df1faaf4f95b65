//! What a dataset says about itself: who publishes it, which files it accepts, how its rows are checked and loaded.
//! The engine knows nothing else about a source; nothing outside a source's folder knows its columns.

use crate::digest::Digest;

/// One published source.
pub struct Dataset {
    /// The name typed on the command line and stored in `data.data_sources.dataset`.
    pub name: &'static str,
    /// Title as the producer writes it, printed on reports.
    pub title: &'static str,
    /// Producer, printed on reports.
    pub producer: &'static str,
    /// Licence, printed on reports.
    pub licence: &'static str,
    /// Page where the producer publishes it; empty when no address is known for sure.
    pub origin: &'static str,
    /// How often a new edition appears, in French, for `lobster datasets list`.
    pub rhythm: &'static str,
    /// Raised when the same file must be loaded again because the loading changed.
    pub version: i32,
    /// The file layouts accepted, the preferred first.
    pub layouts: &'static [Layout],
}

/// One accepted file layout.
pub struct Layout {
    /// Name for messages, in French.
    pub name: &'static str,
    /// How the file is read.
    pub format: Format,
    /// The header contract.
    pub columns: &'static [Column],
    /// What file name and header say of the vintage.
    pub describe: fn(&Seen) -> Described,
    /// SQL expression over the staging row `s` that gives the commune code, when rows are about communes.
    pub commune: Option<&'static str>,
    /// SQL condition over the staging row `s` for the rows that concern us; others are left out, not rejected.
    pub keep: Option<&'static str>,
    /// Row checks, in SQL over the staging row `s`: true means the row is rejected.
    pub checks: &'static [Check],
    /// Staging columns that together may name a row only once; empty when rows have no key.
    pub keys: &'static [&'static str],
    /// What is written, in order.
    pub loads: &'static [Load],
    /// Totals of a complete national file.
    pub controls: &'static [Control],
    /// A word for `data_sources.nature`, given whether the file is synthetic; most datasets have none.
    pub nature: fn(bool) -> &'static str,
    /// Which member of a zip archive is the file, when several could be: a pattern over its name, in lower case.
    pub member: &'static str,
    /// Whether this layout is meant, where the header alone does not tell: code lists that change with the vintage.
    pub fits: fn(&Seen) -> bool,
    /// How much may be wrong before the whole file is.
    pub tolerance: Tolerance,
    /// Rows without a commune are kept: an activity without address, an amount that could not be located. They have no
    /// key; with a département they are outside.
    pub unlocated: bool,
    /// The file names people: rejected rows are counted and told by their line, never kept word for word.
    pub personal: bool,
    /// Each edition is the whole present state: the newest replaces the ones before, whatever their vintages.
    pub snapshot: bool,
    /// Days after which a source loaded on demand is forgotten (`lobster datasets refresh`); most are kept.
    pub time_to_live: Option<u16>,
    /// One such row and the whole file is refused: it was made for another edition than this importer knows.
    pub refusals: &'static [Check],
    /// Lines are read in Rust and staged with types; `None` stages the cells of the contract as text.
    pub digest: Option<Digest>,
}

impl Layout {
    /// The layout that other layouts are written from with `..`: no checks, no controls, no loads.
    pub const EMPTY: Self = Self {
        name: "",
        format: Format::Delimited { quoted: true },
        columns: &[],
        describe: |_| Described::default(),
        commune: None,
        keep: None,
        checks: &[],
        keys: &[],
        loads: &[],
        controls: &[],
        nature: |_| "",
        member: "*",
        fits: |_| true,
        tolerance: Tolerance { rejected: 1, unknown: 5 },
        unlocated: false,
        personal: false,
        snapshot: false,
        time_to_live: None,
        refusals: &[],
        digest: None,
    };
}

/// Thresholds, in rows of a thousand: above one of them nothing is loaded.
#[derive(Debug, Clone, Copy)]
pub struct Tolerance {
    /// Rows rejected for their form or content.
    pub rejected: u64,
    /// Rows whose commune is in no geography.
    pub unknown: u64,
}

/// How a file is cut into rows. Whatever the format, a row is staged as `ligne` and one text per column.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Text with a header line and a separator found on it; `quoted` when `"` protects a field.
    Delimited {
        /// Whether `"` quotes a field.
        quoted: bool,
    },
    /// Text without a header, never quoted, whose lines belong to the section named by their first cell. The layout's
    /// own `columns` are not used. Staged as `section` and the columns of all sections together; the file's first line
    /// is [`Seen::header`]. Rows of the first section are the ones counted, filtered by commune and checked for their
    /// key; the others complete them.
    Sections {
        /// First cell of the file's first line, in lower case: how the file is recognised.
        opening: &'static str,
        /// What stands between two cells.
        separator: u8,
        /// The sections, the main one first.
        sections: &'static [Section],
    },
    /// Sheets of an Excel workbook (`.xlsx` or `.xls`), with a header under any title rows. The contract is the one of
    /// delimited text; numbers are staged as they would be typed, dates as `2025-12-31`. A column `feuille` is added.
    Workbook {
        /// Normalised name of the sheet (`maille_communale`), with the patterns of columns; all that match are read.
        sheet: &'static str,
    },
    /// The elements of one array of a JSON document, streamed. A column is a field of the element under its own name;
    /// an alias that starts with `/` is a JSON pointer to it, `/` alone the whole element. Objects and arrays are staged
    /// as JSON text, null and absent as NULL.
    Json {
        /// Names that lead to the array, separated by dots; empty when the document is the array.
        array: &'static str,
    },
    /// GeoJSON features, one per line or in one collection; staged as `code`, `nom`, `geometrie`.
    Features,
    /// Whole JSON documents, one staging row each, recognised by the stem of their names.
    Documents(&'static [&'static str]),
}

/// One kind of line of a file without a header.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Section {
    /// First cell of its lines.
    pub name: &'static str,
    /// What its other cells are, in order; an empty name is read and left out.
    pub columns: &'static [&'static str],
}

/// One column of the contract. `?` stands for one character, a final `*` for any end.
pub struct Column {
    /// Name in the staging table.
    pub name: &'static str,
    /// Other names the producer used, normalised.
    pub aliases: &'static [&'static str],
    /// Refuse the file without it.
    pub required: bool,
    /// Every header that matches is kept under its own name.
    pub family: bool,
    /// Only a pseudonym of the cell leaves the file: under a key drawn for one import and never kept.
    pub secret: bool,
}

impl Column {
    /// A column without which the file is refused.
    #[must_use]
    pub const fn needed(name: &'static str, aliases: &'static [&'static str]) -> Self {
        Self { name, aliases, required: true, family: false, secret: false }
    }

    /// A column that names a person, needed to tell rows of the same one: staged as the first half of an HMAC-SHA-256 in
    /// hexadecimal, under a key of this import. An empty cell stays empty.
    #[must_use]
    pub const fn pseudonym(name: &'static str, aliases: &'static [&'static str]) -> Self {
        Self { name, aliases, required: true, family: false, secret: true }
    }

    /// A column that may be absent: its cells are then NULL in staging, its figures « nd ».
    #[must_use]
    pub const fn optional(name: &'static str, aliases: &'static [&'static str]) -> Self {
        Self { name, aliases, required: false, family: false, secret: false }
    }

    /// All columns that match a pattern; at least one must.
    #[must_use]
    pub const fn family(pattern: &'static str) -> Self {
        Self { name: pattern, aliases: &[], required: true, family: true, secret: false }
    }

    /// All columns that match a pattern, if any.
    #[must_use]
    pub const fn optional_family(pattern: &'static str) -> Self {
        Self { name: pattern, aliases: &[], required: false, family: true, secret: false }
    }
}

/// What is known of a file before its rows are read.
pub struct Seen<'a> {
    /// Name without folder and without `SYNTHETIQUE_`; of the member, when the file is an archive.
    pub file_name: &'a str,
    /// Header cells as written.
    pub header: &'a [String],
    /// The same cells, normalised.
    pub columns: &'a [String],
}

/// What file name and header reveal.
#[derive(Default)]
pub struct Described {
    /// Vintage, when it can be read off the file; otherwise the operator must give it.
    pub millesime: Option<String>,
    /// Which of several sibling files this is.
    pub partie: String,
    /// Year of the Code officiel géographique of the file, when it says so.
    pub cog_annee: Option<i32>,
    /// What the file covers, when its name says that it is less than France.
    pub perimetre: Option<String>,
    /// Why the file cannot be told from its siblings, in French, with the remedy.
    pub refusal: Option<&'static str>,
}

/// A reason to reject a row.
pub struct Check {
    /// Shown to the operator and stored in `data.import_rejets`, in French.
    pub motif: &'static str,
    /// SQL condition over the staging row `s`; the vintage of the file is `current_setting('lobster.millesime')`.
    pub when: &'static str,
}

/// One statement. `{staging}` and `{partition}` are replaced; `$1` is the source id, `$2` the parameters as jsonb
/// (`millesime`, `cog`, `partie`, `departement`, `synthetique`).
pub enum Load {
    /// Fills a new partition of a table of `data`.
    Partition {
        /// Table name without schema.
        table: &'static str,
        /// `INSERT INTO {partition} …`.
        sql: &'static str,
    },
    /// Changes tables in place, inside the promotion's transaction.
    InPlace {
        /// Table that changes, analysed afterwards.
        table: &'static str,
        /// Any statement.
        sql: &'static str,
    },
}

/// A total that a complete national file must reach.
pub struct Control {
    /// What is counted, in French.
    pub what: &'static str,
    /// SQL giving one bigint; `{staging}` is replaced.
    pub sql: &'static str,
    /// Smallest acceptable value.
    pub min: i64,
    /// Largest acceptable value.
    pub max: i64,
}

/// The last four-digit year written in a text.
#[must_use]
pub fn last_year(text: &str) -> Option<String> {
    let digits: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() == 4).collect();
    digits.iter().rev().find(|run| run.starts_with("19") || run.starts_with("20")).map(|run| (*run).to_owned())
}

/// The highest two-digit vintage among columns of the form `prefix` + two digits + `suffix`, as a full year.
#[must_use]
pub fn newest_vintage(columns: &[String], prefix: &str, suffix: &str) -> Option<String> {
    let years = columns.iter().filter_map(|column| {
        let yy = column.strip_prefix(prefix)?.strip_suffix(suffix)?;
        (yy.len() == 2).then(|| yy.parse::<i32>().ok()).flatten()
    });
    // Census vintages start in the 1960s; two digits above 60 belong to the last century.
    years.map(|yy| if yy > 60 { 1900 + yy } else { 2000 + yy }).max().map(|year| year.to_string())
}
