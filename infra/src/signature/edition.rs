//! A second edition of a PDF behind the first, which stays byte for byte: a signature, the field that holds it, and the
//! catalogue and first page that name the field. It reads what our printer writes (one classic table of references, plain
//! dictionaries) and refuses anything else.

use std::ops::Range;

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};

/// A document with room for its signature.
#[derive(Debug)]
pub(super) struct Edition {
    pdf: Vec<u8>,
    /// Where the signature goes, with its brackets: the only bytes that it does not cover.
    room: Range<usize>,
}

impl Edition {
    /// Lays out a signature of `size` bytes, said to be made at `dated`.
    ///
    /// # Errors
    /// What the document lacks.
    pub(super) fn new(pdf: &[u8], dated: DateTime<Utc>, size: usize) -> Result<Self, &'static str> {
        let first = First::read(pdf)?;
        let (signature, field) = (first.size, first.size + 1);
        let (page, page_dictionary) = first.first_page()?;
        let mut second = Second { pdf: pdf.to_vec(), starts: Vec::new() };
        if !pdf.ends_with(b"\n") {
            second.pdf.push(b'\n');
        }
        let form = format!("\n/AcroForm <</Fields [{field} 0 R]\n/SigFlags 3>>");
        second.object(first.root, &inserted(first.dictionary(first.root)?, form.as_bytes())?);
        second.object(page, &annotated(page_dictionary, field)?);
        let date = dated.format("D:%Y%m%d%H%M%S+00'00'");
        // Invisible: the report has no place for it, and readers show signatures beside the page.
        let widget = format!(
            "<</Type /Annot\n/Subtype /Widget\n/FT /Sig\n/T (Signature)\n/V {signature} 0 R\n/F 132\n/Rect [0 0 0 0]\n/P {page} 0 R>>"
        );
        second.object(field, widget.as_bytes());
        let before = second.pdf.len();
        // Ten places for each of the three numbers that are known once all is written.
        let head = format!(
            "<</Type /Sig\n/Filter /Adobe.PPKLite\n/SubFilter /ETSI.CAdES.detached\n/M ({date})\n/ByteRange [0 {0:10} {0:10} {0:10}]\n/Contents ",
            0
        );
        second.object(signature, format!("{head}<{}>>>", "0".repeat(2 * size)).as_bytes());
        let start = before + format!("{signature} 0 obj\n").len() + head.len();
        let room = start..start + 2 * size + 2;
        let mut pdf = second.finish(&first);
        let range = format!("{:10} {:10} {:10}", room.start, room.end, pdf.len() - room.end);
        let place = start - "]\n/Contents ".len() - range.len();
        pdf[place..place + range.len()].copy_from_slice(range.as_bytes());
        Ok(Self { pdf, room })
    }

    /// Of everything but the room.
    pub(super) fn digest(&self) -> Vec<u8> {
        let (before, after) = (&self.pdf[..self.room.start], &self.pdf[self.room.end..]);
        Sha256::new().chain_update(before).chain_update(after).finalize().to_vec()
    }

    /// The signed document; `None` when the signature is not of the size that was laid out.
    pub(super) fn filled(mut self, signature: &[u8]) -> Option<Vec<u8>> {
        let digits = hex::encode(signature);
        let room = self.room.start + 1..self.room.end - 1;
        (digits.len() == room.len()).then(|| {
            self.pdf[room].copy_from_slice(digits.as_bytes());
            self.pdf
        })
    }
}

/// The first edition.
struct First<'a> {
    pdf: &'a [u8],
    /// Where its table of references begins, and the table's lines.
    table: usize,
    lines: &'a [u8],
    /// Objects that it counts: the number of the next one.
    size: usize,
    root: usize,
    info: Option<usize>,
}

/// A line of the table: ten digits, five digits, a letter.
const LINE: usize = 20;

impl<'a> First<'a> {
    fn read(pdf: &'a [u8]) -> Result<Self, &'static str> {
        let end = last(pdf, b"startxref\n").ok_or("place of its table of references")?;
        let table = number(&pdf[end..]).ok_or("place of its table of references")?;
        // A second edition's table does not begin at the first object.
        let head = pdf.get(table..).and_then(|rest| rest.strip_prefix(b"xref\n0 "));
        let head = head.ok_or("single table of references, as before any signature")?;
        let size = number(head).ok_or("length of its table of references")?;
        let start = find(head, b"\n").map_or(0, |at| at + 1);
        let lines = size.checked_mul(LINE).and_then(|length| head.get(start..start + length));
        let lines = lines.ok_or("whole table of references")?;
        let trailer = head[start + lines.len()..].strip_prefix(b"trailer\n<<").ok_or("trailer behind its table")?;
        let trailer = find(trailer, b">>").map(|at| &trailer[..at]).ok_or("end of its trailer")?;
        let root = reference(trailer, b"/Root ").ok_or("catalogue")?;
        Ok(Self { pdf, table, lines, size, root, info: reference(trailer, b"/Info ") })
    }

    /// An object that is a dictionary, from bracket to bracket.
    fn dictionary(&self, object: usize) -> Result<&'a [u8], &'static str> {
        let body = || {
            let line = self.lines.get(object.checked_mul(LINE)?..)?.get(..LINE)?;
            let start = number(line).filter(|_| line.get(17) == Some(&b'n'))?;
            let body = self.pdf.get(start..)?.strip_prefix(format!("{object} 0 obj\n").as_bytes())?;
            let body = &body[..find(body, b"\nendobj")?];
            (body.starts_with(b"<<") && body.ends_with(b">>")).then_some(body)
        };
        body().ok_or("dictionary where its table says")
    }

    /// The first leaf of the page tree.
    fn first_page(&self) -> Result<(usize, &'a [u8]), &'static str> {
        let mut node = reference(self.dictionary(self.root)?, b"/Pages ").ok_or("page tree")?;
        // Deeper than any tree of this many objects.
        for _ in 0..64 {
            let dictionary = self.dictionary(node)?;
            if !dictionary.starts_with(b"<</Type /Pages") {
                return Ok((node, dictionary));
            }
            let kids = find(dictionary, b"/Kids [").ok_or("first page")?;
            node = number(&dictionary[kids + 7..]).ok_or("first page")?;
        }
        Err("first page")
    }
}

/// What is appended.
struct Second {
    pdf: Vec<u8>,
    /// Objects and where they begin.
    starts: Vec<(usize, usize)>,
}

impl Second {
    fn object(&mut self, number: usize, dictionary: &[u8]) {
        self.starts.push((number, self.pdf.len()));
        self.pdf.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
        self.pdf.extend_from_slice(dictionary);
        self.pdf.extend_from_slice(b"\nendobj\n");
    }

    fn finish(mut self, first: &First<'_>) -> Vec<u8> {
        let table = self.pdf.len();
        self.starts.sort_unstable();
        let lines: String =
            self.starts.iter().map(|(object, start)| format!("{object} 1\n{start:010} 00000 n \n")).collect();
        let info = first.info.map_or_else(String::new, |info| format!("\n/Info {info} 0 R"));
        let (size, root, before) = (first.size + 2, first.root, first.table);
        let end = format!(
            "xref\n{lines}trailer\n<</Size {size}\n/Root {root} 0 R{info}\n/Prev {before}>>\nstartxref\n{table}\n%%EOF\n"
        );
        self.pdf.extend_from_slice(end.as_bytes());
        self.pdf
    }
}

/// A dictionary with one entry more.
fn inserted(dictionary: &[u8], entry: &[u8]) -> Result<Vec<u8>, &'static str> {
    let inner = dictionary.strip_suffix(b">>").ok_or("end of a dictionary")?;
    Ok([inner, entry, b">>"].concat())
}

/// A page with one annotation more.
fn annotated(page: &[u8], field: usize) -> Result<Vec<u8>, &'static str> {
    match find(page, b"/Annots ") {
        None => inserted(page, format!("\n/Annots [{field} 0 R]").as_bytes()),
        Some(at) => {
            let (before, after) = page.split_at(at + 8);
            let rest = after.strip_prefix(b"[").ok_or("list of annotations in its first page")?;
            Ok([before, format!("[{field} 0 R ").as_bytes(), rest].concat())
        }
    }
}

/// The object that an entry refers to.
fn reference(dictionary: &[u8], entry: &[u8]) -> Option<usize> {
    number(&dictionary[find(dictionary, entry)? + entry.len()..])
}

fn number(text: &[u8]) -> Option<usize> {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    std::str::from_utf8(&text[..digits]).ok()?.parse().ok()
}

fn find(text: &[u8], mark: &[u8]) -> Option<usize> {
    text.windows(mark.len()).position(|window| window == mark)
}

/// Where the last occurrence ends.
fn last(text: &[u8], mark: &[u8]) -> Option<usize> {
    text.windows(mark.len()).rposition(|window| window == mark).map(|at| at + mark.len())
}
