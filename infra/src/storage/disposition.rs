//! The name under which a browser saves a download (RFC 6266): plain ASCII for old ones, UTF-8 for the others.

use std::fmt::Write;

/// `attachment` under a name; separators, quotes and controls never reach the header.
pub(super) fn attachment(filename: &str) -> String {
    let plain: String = filename.chars().map(plain).collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", percent_encoded(filename))
}

/// French letters lose their accents; what is left becomes `_`.
fn plain(letter: char) -> char {
    match letter {
        'à' | 'â' | 'ä' => 'a',
        'À' | 'Â' | 'Ä' => 'A',
        'ç' => 'c',
        'Ç' => 'C',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'É' | 'È' | 'Ê' | 'Ë' => 'E',
        'î' | 'ï' => 'i',
        'Î' | 'Ï' => 'I',
        'ô' | 'ö' | 'œ' => 'o',
        'Ô' | 'Ö' | 'Œ' => 'O',
        'ù' | 'û' | 'ü' => 'u',
        'Ù' | 'Û' | 'Ü' => 'U',
        'ÿ' => 'y',
        'Ÿ' => 'Y',
        ' ' => '_',
        '-' | '_' | '.' => letter,
        _ if letter.is_ascii_alphanumeric() => letter,
        _ => '_',
    }
}

fn percent_encoded(filename: &str) -> String {
    let mut encoded = String::with_capacity(filename.len());
    for byte in filename.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.') {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn accents_stay_where_they_can() {
        assert_eq!(
            attachment("LOG-01_Orléans_45234.pdf"),
            "attachment; filename=\"LOG-01_Orleans_45234.pdf\"; filename*=UTF-8''LOG-01_Orl%C3%A9ans_45234.pdf"
        );
    }

    proptest! {
        #[test]
        fn no_name_breaks_out_of_the_header(name in "\\PC{0,40}|[\"\\\\;\r\n/]{0,10}") {
            let header = attachment(&name);
            prop_assert!(header.bytes().all(|byte| (0x20..0x7f).contains(&byte)));
            prop_assert_eq!(header.matches('"').count(), 2);
            prop_assert_eq!(header.matches(';').count(), 2);
        }
    }
}
