//! One page of text as a PDF, by hand: a library would outweigh the rest of the double.

use std::fmt::Write as _;

/// Writes `lines` on one A4 page.
pub fn write(lines: &[String]) -> Vec<u8> {
    let mut content = b"BT /F1 11 Tf 56 786 Td 18 TL\n".to_vec();
    for line in lines {
        content.push(b'(');
        content.extend(line.chars().flat_map(encoded));
        content.extend(b") Tj T*\n");
    }
    content.extend(b"ET");
    let mut stream = format!("<< /Length {} >>\nstream\n", content.len()).into_bytes();
    stream.extend(content);
    stream.extend(b"\nendstream");
    assemble(&[
        b"<< /Type /Catalog /Pages 2 0 R /Lang (fr-FR) >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_vec(),
        stream,
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_vec(),
    ])
}

fn assemble(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        places.push(file.len());
        file.extend(format!("{} 0 obj\n", index + 1).into_bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    let start = file.len();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for place in places {
        // Writing to a string cannot fail.
        let _ = writeln!(table, "{place:010} 00000 n ");
    }
    let _ = write!(table, "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1);
    file.extend(table.into_bytes());
    file
}

/// A letter in the encoding of the font, with PDF's own escapes.
fn encoded(letter: char) -> Vec<u8> {
    match letter {
        '(' | ')' | '\\' => vec![b'\\', u8::try_from(letter).unwrap_or(b' ')],
        '€' => vec![0x80],
        '’' => vec![0x92],
        '–' => vec![0x96],
        '—' => vec![0x97],
        'œ' => vec![0x9c],
        'Œ' => vec![0x8c],
        '\u{202f}' => vec![0xa0],
        ' '..='~' | '\u{a0}'..='ÿ' => vec![u8::try_from(letter).unwrap_or(b'?')],
        _ => vec![b'?'],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_points_at_every_object() {
        let file = write(&["Étude (Nantes) : 348,00 €".into()]);
        let text: String = file.iter().map(|byte| char::from(*byte)).collect();
        assert!(text.contains("\\(Nantes\\)") && text.starts_with("%PDF-1.4"));
        let table = text.split("xref\n").nth(1).unwrap();
        for (number, line) in table.lines().skip(2).take(5).enumerate() {
            let place: usize = line[..10].parse().unwrap();
            assert!(text[..].chars().skip(place).collect::<String>().starts_with(&format!("{} 0 obj", number + 1)));
        }
    }
}
