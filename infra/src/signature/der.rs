//! As much DER as a signature takes: values are written inside out, a certificate is walked through.

pub(super) const INTEGER: u8 = 0x02;
pub(super) const OCTETS: u8 = 0x04;
pub(super) const NULL: u8 = 0x05;
pub(super) const OBJECT: u8 = 0x06;
pub(super) const UTC_TIME: u8 = 0x17;
pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;
/// The first tag that only its place gives a meaning.
pub(super) const CONTEXT_0: u8 = 0xa0;

/// One value around its parts.
pub(super) fn value(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut whole = vec![tag];
    let bytes = length.to_be_bytes();
    match length {
        0..=0x7f => whole.push(bytes[bytes.len() - 1]),
        _ => {
            let long = &bytes[bytes.iter().take_while(|byte| **byte == 0).count()..];
            whole.push(0x80 | u8::try_from(long.len()).unwrap_or(u8::MAX));
            whole.extend_from_slice(long);
        }
    }
    parts.iter().for_each(|part| whole.extend_from_slice(part));
    whole
}

/// A set whose members stand in the order of their bytes, as DER wants them.
pub(super) fn set_of(tag: u8, mut members: Vec<Vec<u8>>) -> Vec<u8> {
    members.sort();
    value(tag, &members.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

/// A value as it stands in its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Value<'a> {
    pub tag: u8,
    /// With tag and length.
    pub whole: &'a [u8],
    pub content: &'a [u8],
}

/// Takes the first value off `rest`; `None` when there is none, or it is longer than what is there.
pub(super) fn next<'a>(rest: &mut &'a [u8]) -> Option<Value<'a>> {
    let bytes: &'a [u8] = rest;
    let (&tag, &short) = (bytes.first()?, bytes.get(1)?);
    let (head, length) = match short {
        0..=0x7f => (2, usize::from(short)),
        _ => {
            let count = usize::from(short & 0x7f);
            let digits = bytes.get(2..2 + count).filter(|digits| (1..=4).contains(&digits.len()))?;
            (2 + count, digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)))
        }
    };
    let end = head.checked_add(length)?;
    let found = Value { tag, whole: bytes.get(..end)?, content: bytes.get(head..end)? };
    *rest = &bytes[end..];
    Some(found)
}

/// The same, when it has the tag asked for.
pub(super) fn expect<'a>(rest: &mut &'a [u8], tag: u8) -> Option<Value<'a>> {
    next(rest).filter(|value| value.tag == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for length in [0, 1, 127, 128, 255, 256, 65_535, 65_536] {
            let content = vec![7; length];
            let written = value(OCTETS, &[&content]);
            let mut rest: &[u8] = &[&written[..], &[9]].concat();
            let read = next(&mut rest).unwrap();
            assert_eq!((read.tag, read.content, read.whole), (OCTETS, &content[..], &written[..]), "{length}");
            assert_eq!(rest, [9]);
        }
        assert_eq!(value(SEQUENCE, &[&[1; 100], &[2; 100]])[..3], [0x30, 0x81, 200]);
    }

    #[test]
    fn a_value_longer_than_its_bytes_is_none() {
        for torn in [&[][..], &[0x30], &[0x30, 2, 0], &[0x30, 0x82, 1], &[0x30, 0x80], &[0x30, 0x85, 0, 0, 0, 0, 1, 0]]
        {
            assert_eq!(next(&mut &torn[..]), None, "{torn:?}");
        }
    }

    #[test]
    fn members_of_a_set_are_in_the_order_of_their_bytes() {
        assert_eq!(set_of(SET, vec![vec![4, 1, 9], vec![2, 1, 5]]), [0x31, 6, 2, 1, 5, 4, 1, 9]);
    }
}
