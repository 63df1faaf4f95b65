//! The frame of the sandbox's pages, and the French way to write what is on them.

/// Text made safe inside HTML, attributes included.
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

/// Cents as a French reader writes them: `1 234,50 €`.
pub fn money(cents: i64, currency: &str) -> String {
    let whole = (cents / 100).unsigned_abs().to_string();
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push('\u{202f}');
        }
        grouped.push(digit);
    }
    let sign = if cents < 0 { "−" } else { "" };
    let unit = if currency == "eur" { "€".to_owned() } else { currency.to_uppercase() };
    format!("{sign}{grouped},{:02}\u{a0}{unit}", (cents % 100).abs())
}

/// A whole page; `main` is trusted HTML.
pub fn page(title: &str, main: &str) -> String {
    format!(
        r#"<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<link rel="icon" href="data:,">
<style>{STYLE}</style>
</head>
<body>
<p class="ribbon"><strong>Bac à sable</strong> — aucun paiement réel, aucun courriel envoyé</p>
{main}
</body>
</html>
"#,
        title = escape(title)
    )
}

/// The style of every page.
pub const STYLE: &str = include_str!("style.css");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_written_in_french() {
        assert_eq!(money(34_800, "eur"), "348,00\u{a0}€");
        assert_eq!(money(123_456_705, "eur"), "1\u{202f}234\u{202f}567,05\u{a0}€");
    }

    #[test]
    fn markup_in_data_stays_text() {
        assert_eq!(escape("<b>\"l'un\" & l’autre"), "&lt;b&gt;&quot;l&#39;un&quot; &amp; l’autre");
    }
}
