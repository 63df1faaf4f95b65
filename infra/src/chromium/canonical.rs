//! The same document is the same bytes. Two prints of one page differ in their dates and in the numbers of their tags;
//! both are written over in place, so that no length and no offset in the file moves.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

const DATES: [&[u8]; 2] = [b"/CreationDate (D:", b"/ModDate (D:"];
const TAG: &[u8] = b"(node";
const TAG_DIGITS: usize = 8;

/// Dates the document and numbers its tags from 1 in the order of their numbers.
pub(super) fn make(pdf: &mut [u8], dated: DateTime<Utc>) {
    let date = dated.format("%Y%m%d%H%M%S+00'00'").to_string();
    for mark in DATES {
        for start in positions(pdf, mark) {
            let value = &mut pdf[start..];
            // Another form of date has another length, and is left alone.
            if value.get(date.len()) == Some(&b')') {
                value[..date.len()].copy_from_slice(date.as_bytes());
            }
        }
    }
    number_tags(pdf);
}

/// Pages of a document: its leaves, not the nodes of the page tree.
pub(super) fn pages(pdf: &[u8]) -> u32 {
    let leaves = positions(pdf, b"/Type /Page").into_iter().filter(|&end| pdf.get(end) != Some(&b's'));
    u32::try_from(leaves.count()).unwrap_or(u32::MAX)
}

fn number_tags(pdf: &mut [u8]) {
    let tags: Vec<(usize, u32)> =
        positions(pdf, TAG).into_iter().filter_map(|start| Some((start, number(pdf.get(start..)?)?))).collect();
    let numbers: BTreeSet<u32> = tags.iter().map(|(_, number)| *number).collect();
    let ordered: Vec<u32> = numbers.into_iter().collect();
    for (start, number) in tags {
        let rank = ordered.partition_point(|other| *other <= number);
        pdf[start..start + TAG_DIGITS].copy_from_slice(format!("{rank:0TAG_DIGITS$}").as_bytes());
    }
}

/// Eight digits and a closing bracket: a tag's number.
fn number(text: &[u8]) -> Option<u32> {
    let digits = text.get(..TAG_DIGITS)?;
    if text.get(TAG_DIGITS) != Some(&b')') || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// Where each occurrence of `mark` ends.
fn positions(pdf: &[u8], mark: &[u8]) -> Vec<usize> {
    let starts = pdf.windows(mark.len()).enumerate().filter(|(_, window)| *window == mark);
    starts.map(|(start, _)| start + mark.len()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(text: &str) -> String {
        let mut bytes = text.as_bytes().to_vec();
        let dated = DateTime::from_timestamp(1_795_000_000, 0).unwrap();
        make(&mut bytes, dated);
        assert_eq!(bytes.len(), text.len(), "no offset may move");
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn dates_are_those_given() {
        let text = "<</CreationDate (D:20260101000000+00'00')\n/ModDate (D:20260101000001+00'00')>>";
        let expected = "<</CreationDate (D:20261118110640+00'00')\n/ModDate (D:20261118110640+00'00')>>";
        assert_eq!(made(text), expected);
        assert_eq!(made("/CreationDate (D:2026)"), "/CreationDate (D:2026)");
    }

    #[test]
    fn tags_are_numbered_by_their_order() {
        let early = "/ID (node00000007) /ID (node00000003) /ID (node00000007) (node123)";
        let late = "/ID (node00041319) /ID (node00041318) /ID (node00041319) (node123)";
        assert_eq!(made(early), made(late));
        assert_eq!(made(late), "/ID (node00000002) /ID (node00000001) /ID (node00000002) (node123)");
    }

    #[test]
    fn leaves_of_the_page_tree_are_counted() {
        assert_eq!(pages(b"<</Type /Pages /Kids []>> <</Type /Page\n/A 1>> <</Type /Page>>"), 2);
    }
}
