//! Reads a delivery of any size: lines are put aside on disk by département, since a mutation never leaves one, and
//! each département is then turned into sales in memory.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Read as _, Seek as _, SeekFrom, Write as _};

use chrono::Datelike as _;
use sha2::{Digest as _, Sha256};

use super::line::Line;
use super::sale::{Sale, sales};
use crate::digest::{Digest, Fault, Reader, Row, Rows};

/// Memory for one département's lines on their way to disk.
const BUFFER: usize = 1 << 15;

/// What both layouts are staged as.
pub const fn digest(start: fn() -> Box<dyn Reader>) -> Digest {
    Digest {
        columns: &[
            ("cle_mutation", "bytea"),
            ("date_mutation", "date"),
            ("annee", "smallint"),
            ("nature", "text"),
            ("valeur", "numeric(14, 2)"),
            ("code", "text"),
            ("departement", "text"),
            ("nb_lignes", "int"),
            ("nb_communes", "int"),
            ("nb_parcelles", "int"),
            ("nb_maisons", "int"),
            ("nb_apparts", "int"),
            ("nb_dependances", "int"),
            ("nb_locaux", "int"),
            ("type_logement", "text"),
            ("surface_bati", "int"),
            ("surface_terrain", "int"),
            ("pieces", "smallint"),
            ("prix_m2", "numeric"),
            ("motif_exclusion", "text"),
            ("id_parcelle", "text"),
            ("longitude", "float8"),
            ("latitude", "float8"),
        ],
        weight: "s.nb_lignes",
        start,
    }
}

/// A layout: how the cells of its contract become a line, and in which département. `buffer` is for codes that must
/// be put together.
pub type Parse = for<'a> fn(u64, &[&'a str], &'a mut String) -> Result<(&'a str, Line<'a>), Fault>;

/// Lines put aside.
pub struct Delivery {
    parse: Parse,
    codes: String,
    bytes: Vec<u8>,
    aside: BTreeMap<String, Aside>,
}

/// The lines of one département, on disk.
struct Aside {
    file: BufWriter<File>,
    lines: usize,
}

impl Delivery {
    /// A reader of this layout.
    pub fn new(parse: Parse) -> Self {
        Self { parse, codes: String::new(), bytes: Vec::new(), aside: BTreeMap::new() }
    }
}

impl Reader for Delivery {
    fn line(&mut self, number: u64, cells: &[&str], _rows: &mut Rows<'_>) -> Result<(), Fault> {
        self.codes.clear();
        self.bytes.clear();
        let (departement, line) = (self.parse)(number, cells, &mut self.codes)?;
        line.write(&mut self.bytes);
        let aside = match self.aside.get_mut(departement) {
            Some(aside) => aside,
            None => {
                // Nameless: the system takes it back whatever ends this process.
                let file = BufWriter::with_capacity(BUFFER, tempfile::tempfile()?);
                self.aside.entry(departement.to_owned()).or_insert(Aside { file, lines: 0 })
            }
        };
        aside.lines += 1;
        Ok(aside.file.write_all(&self.bytes)?)
    }

    fn finish(&mut self, rows: &mut Rows<'_>) -> std::io::Result<()> {
        let mut row = Row::default();
        for (departement, aside) in std::mem::take(&mut self.aside) {
            let mut file = aside.file.into_inner().map_err(std::io::IntoInnerError::into_error)?;
            let mut bytes = Vec::new();
            file.seek(SeekFrom::Start(0))?;
            file.read_to_end(&mut bytes)?;
            let mut rest = bytes.as_slice();
            let mut lines = Vec::with_capacity(aside.lines);
            lines.extend(std::iter::from_fn(|| Line::read(&mut rest)));
            for sale in sales(lines) {
                write(&sale, &departement, row.clear());
                rows(sale.first, &row);
            }
        }
        Ok(())
    }
}

fn write(sale: &Sale<'_>, departement: &str, row: &mut Row) {
    let Line { date, nature, price, commune, parcel, point, .. } = sale.place;
    let amount = |cents: i64| format!("{}.{:02}", cents / 100, cents % 100);
    row.cell(format_args!("\\x{}", hex::encode(key(sale, departement))))
        .cell(date)
        .cell(date.year())
        .text(nature)
        .maybe(price.map(amount))
        .text(commune)
        .text(departement)
        .cell(sale.lines)
        .cell(sale.communes)
        .cell(sale.parcels);
    for count in sale.premises {
        row.cell(count);
    }
    row.maybe(sale.dwelling.map(super::sale::Dwelling::name))
        .maybe(sale.surface)
        .maybe(sale.land.map(|land| land.min(i32::MAX.unsigned_abs().into())))
        .maybe(sale.rooms.map(|rooms| rooms.min(i16::MAX.unsigned_abs().into())))
        .maybe(sale.price_per_m2().map(amount))
        .maybe(sale.excluded)
        .maybe((!parcel.is_empty()).then(|| format!("{commune}{parcel}")))
        .text(point.0)
        .text(point.1);
}

/// What names a mutation in every delivery and in both layouts; the producer's own numbers change each time.
fn key(sale: &Sale<'_>, departement: &str) -> [u8; 16] {
    let Line { date, nature, price, .. } = sale.place;
    let price = price.map_or_else(|| format!("sans prix {}", sale.first), |price| price.to_string());
    let hash: [u8; 32] = Sha256::digest(format!("{date}|{nature}|{departement}|{price}")).into();
    std::array::from_fn(|byte| hash[byte])
}
