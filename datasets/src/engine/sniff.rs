//! How a text file is written: encoding, byte-order mark, separator, and where its header is.

use std::borrow::Cow;
use std::io::{BufRead, Read as _};

use encoding_rs::WINDOWS_1252;

/// How much of the file decides its encoding.
const SAMPLE: u64 = 1 << 20;
/// Producers put a few title lines above the header; more would not be this dataset.
const HEADER_WITHIN: usize = 50;
const BOM: &[u8] = &[0xef, 0xbb, 0xbf];
/// Bytes that Windows-1252 leaves undefined.
const UNDEFINED_1252: [u8; 5] = [0x81, 0x8d, 0x8f, 0x90, 0x9d];

/// The two encodings French producers use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Strict UTF-8.
    Utf8,
    /// Windows-1252, which reads Latin-1 too.
    Windows1252,
}

impl Encoding {
    /// Name for messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Windows1252 => "Windows-1252",
        }
    }

    /// The text of a cell, or the position of its first impossible byte. Never lossy.
    pub fn decode(self, bytes: &[u8]) -> Result<Cow<'_, str>, usize> {
        match self {
            Self::Utf8 => std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|error| error.valid_up_to()),
            Self::Windows1252 => match bytes.iter().position(|byte| UNDEFINED_1252.contains(byte)) {
                Some(position) => Err(position),
                None => Ok(WINDOWS_1252.decode_without_bom_handling(bytes).0),
            },
        }
    }
}

/// What was found about a delimited file.
#[derive(Debug)]
pub struct Sniffed {
    /// Encoding of the whole file.
    pub encoding: Encoding,
    /// Separator, counted on the header.
    pub separator: u8,
    /// Lines above the header.
    pub skipped: usize,
    /// Header cells as written.
    pub header: Vec<String>,
    /// The first line as written, whatever it is.
    pub first: String,
}

/// Reads the beginning of the file. `is_header` says whether the normalised cells of a line are a header.
pub fn sniff(reader: &mut dyn BufRead, is_header: &dyn Fn(&[String]) -> bool) -> std::io::Result<Sniffed> {
    let mut sample = Vec::new();
    reader.take(SAMPLE).read_to_end(&mut sample)?;
    let text = sample.strip_prefix(BOM).unwrap_or(&sample);
    let encoding = match std::str::from_utf8(text) {
        Ok(_) => Encoding::Utf8,
        // The sample may end inside a character.
        Err(error) if error.error_len().is_none() => Encoding::Utf8,
        Err(_) => Encoding::Windows1252,
    };
    let lines = || text.split(|&byte| byte == b'\n').take(HEADER_WITHIN);
    let cells = |line: &[u8]| cut(line, separator(line), encoding);
    let skipped = lines()
        .position(|line| is_header(&cells(line).iter().map(|cell| normalise(cell)).collect::<Vec<_>>()))
        .unwrap_or(0);
    let line = lines().nth(skipped).unwrap_or_default();
    let first = lines().next().unwrap_or_default().trim_ascii_end();
    // Shown or compared with ASCII words, never loaded.
    let first = encoding.decode(first).map_or_else(|_| String::new(), Cow::into_owned);
    Ok(Sniffed { encoding, separator: separator(line), skipped, header: cells(line), first })
}

/// `Zonage en vigueur` and ` zonage.en_vigueur ` are one name.
pub fn normalise(cell: &str) -> String {
    let mut name = String::with_capacity(cell.len());
    for character in cell.trim_start_matches('\u{feff}').trim().chars().flat_map(char::to_lowercase) {
        match unaccented(character) {
            Some(plain) => name.push_str(plain),
            None if character.is_ascii_alphanumeric() => name.push(character),
            None if !name.is_empty() && !name.ends_with('_') => name.push('_'),
            None => {}
        }
    }
    name.truncate(name.trim_end_matches('_').len());
    name
}

fn unaccented(character: char) -> Option<&'static str> {
    Some(match character {
        'à' | 'â' | 'ä' => "a",
        'ç' => "c",
        'é' | 'è' | 'ê' | 'ë' => "e",
        'î' | 'ï' => "i",
        'ô' | 'ö' => "o",
        'ù' | 'û' | 'ü' => "u",
        'ÿ' => "y",
        'œ' => "oe",
        'æ' => "ae",
        _ => return None,
    })
}

fn separator(line: &[u8]) -> u8 {
    let count = |separator: &u8| line.iter().filter(|byte| *byte == separator).count();
    [b';', b',', b'|', b'\t'].into_iter().max_by_key(count).unwrap_or(b';')
}

fn cut(line: &[u8], separator: u8, encoding: Encoding) -> Vec<String> {
    let mut cells = csv::ReaderBuilder::new().delimiter(separator).has_headers(false).from_reader(line);
    let record = cells.byte_records().next().and_then(Result::ok).unwrap_or_default();
    // A header is names: an impossible byte in it is shown as such in the refusal, and no name contains one.
    record.iter().map(|cell| encoding.decode(cell).map_or_else(|_| "\u{fffd}".into(), Cow::into_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sniffed(bytes: &[u8]) -> Sniffed {
        sniff(&mut &*bytes, &|cells| cells.iter().any(|cell| cell == "codgeo")).unwrap()
    }

    #[test]
    fn a_mark_at_the_beginning_is_not_part_of_the_first_name() {
        let found = sniffed("\u{feff}CODGEO;LIBGEO\r\n01001;Âge\r\n".as_bytes());
        assert_eq!((found.encoding, found.separator, found.skipped), (Encoding::Utf8, b';', 0));
        assert_eq!(normalise(&found.header[0]), "codgeo");
    }

    #[test]
    fn a_latin_file_with_titles_above_its_header_is_understood() {
        let found = sniffed(b"Titre\nMill\xe9sime 2025\nCODGEO,Libell\xe9\n01001,x\n");
        assert_eq!((found.encoding, found.separator, found.skipped), (Encoding::Windows1252, b',', 2));
        assert_eq!(normalise(&found.header[1]), "libelle");
    }

    #[test]
    fn names_are_compared_without_accents_blanks_or_dots() {
        assert_eq!(normalise(" lwr.IPm2 "), "lwr_ipm2");
        assert_eq!(
            normalise("Zonage en vigueur depuis le 5 septembre 2025"),
            "zonage_en_vigueur_depuis_le_5_septembre_2025"
        );
        assert_eq!(normalise("B/T/Q"), "b_t_q");
    }

    #[test]
    fn a_byte_that_no_encoding_knows_is_an_error_with_its_place() {
        assert_eq!(Encoding::Windows1252.decode(b"ab\x81"), Err(2));
        assert_eq!(Encoding::Utf8.decode(b"a\xe9b"), Err(1));
        assert_eq!(Encoding::Windows1252.decode(b"10\xa0877").as_deref(), Ok("10\u{a0}877"));
    }
}
