//! Numbers of axes in French: comma, narrow no-break space, true minus sign. Figures bring their own text.

/// `value` with `decimals` digits after the comma.
pub fn french(value: f64, decimals: usize) -> String {
    let plain = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let nil = plain.bytes().all(|b| matches!(b, b'0' | b'.'));
    let mut text = String::new();
    if value < 0.0 && !nil {
        text.push('\u{2212}');
    }
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push(',');
        text.push_str(fraction);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::french;

    #[test]
    fn numbers_read_as_in_french() {
        assert_eq!(french(1_234_567.0, 0), "1\u{202f}234\u{202f}567");
        assert_eq!(french(-2.25, 1), "\u{2212}2,2");
        assert_eq!(french(999.96, 1), "1\u{202f}000,0");
        assert_eq!(french(-0.01, 1), "0,0", "a nil figure carries no sign");
    }
}
