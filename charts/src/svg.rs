//! The only place that writes SVG: escaping, one decimal, a name for those who cannot see.

use std::fmt::{self, Write as _};

use serde::Serialize;

use super::{Frame, measure, palette};

/// A finished drawing. Only this module makes one, so templates may print it unescaped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Svg(String);

impl fmt::Display for Svg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where a text hangs on its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

/// How a text looks. Sizes are CSS pixels.
#[derive(Debug, Clone, Copy)]
pub struct Ink {
    pub size: f64,
    pub bold: bool,
    pub fill: &'static str,
    pub anchor: Anchor,
}

impl Ink {
    pub fn new(size: f64, fill: &'static str) -> Self {
        Self { size, bold: false, fill, anchor: Anchor::Start }
    }

    /// Small type of axes and notes.
    pub fn small() -> Self {
        Self::new(9.0, palette::GREY)
    }

    pub fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    pub fn middle(self) -> Self {
        Self { anchor: Anchor::Middle, ..self }
    }

    pub fn end(self) -> Self {
        Self { anchor: Anchor::End, ..self }
    }

    pub fn width(self, text: &str) -> f64 {
        measure::width(text, self.size, self.bold)
    }
}

/// What a hatching means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hatch {
    /// Secret or not published.
    Withheld,
    /// Published, and bound to change.
    Provisional,
}

/// A drawing in the making.
pub struct Drawing {
    key: String,
    head: String,
    body: String,
    hatches: Vec<Hatch>,
}

impl Drawing {
    pub fn new(frame: &Frame<'_>) -> Self {
        let (w, h) = (n(frame.width), n(frame.height));
        let (title, desc) = (escape(frame.title), escape(frame.desc));
        let head = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-label=\"{title}\" width=\"{w}\" height=\"{h}\" \
             viewBox=\"0 0 {w} {h}\" font-family=\"'IBM Plex Sans', sans-serif\"><title>{title}</title><desc>{desc}</desc>"
        );
        Self { key: escape(frame.key), head, body: String::new(), hatches: vec![] }
    }

    pub fn rect(&mut self, (x, y): (f64, f64), (w, h): (f64, f64), style: &str) {
        let (x, y, w, h) = (n(x), n(y), n(w.max(0.0)), n(h.max(0.0)));
        self.push(format_args!("<rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" {style}/>"));
    }

    pub fn line(&mut self, (x1, y1): (f64, f64), (x2, y2): (f64, f64), style: &str) {
        let (x1, y1, x2, y2) = (n(x1), n(y1), n(x2), n(y2));
        self.push(format_args!("<line x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\" {style}/>"));
    }

    pub fn circle(&mut self, (x, y): (f64, f64), radius: f64, style: &str) {
        let (x, y, r) = (n(x), n(y), n(radius));
        self.push(format_args!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{r}\" {style}/>"));
    }

    pub fn path(&mut self, data: &str, style: &str) {
        self.push(format_args!("<path d=\"{data}\" {style}/>"));
    }

    /// A closed shape through `points`.
    pub fn polygon(&mut self, points: &[(f64, f64)], style: &str) {
        let points: Vec<String> = points.iter().map(|&(x, y)| format!("{},{}", n(x), n(y))).collect();
        self.push(format_args!("<polygon points=\"{}\" {style}/>", points.join(" ")));
    }

    /// A polyline through `points`.
    pub fn polyline(&mut self, points: &[(f64, f64)], style: &str) {
        let points: Vec<String> = points.iter().map(|&(x, y)| format!("{},{}", n(x), n(y))).collect();
        self.push(format_args!("<polyline points=\"{}\" fill=\"none\" {style}/>", points.join(" ")));
    }

    pub fn text(&mut self, (x, y): (f64, f64), ink: Ink, text: &str) {
        let (x, y, size, fill, text) = (n(x), n(y), n(ink.size), ink.fill, escape(text));
        let anchor = match ink.anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let weight = if ink.bold { " font-weight=\"600\"" } else { "" };
        self.push(format_args!(
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" fill=\"{fill}\"{anchor}{weight}>{text}</text>"
        ));
    }

    /// Diagonal hatching, defined at its first use; returns the paint to use as a fill.
    pub fn hatch(&mut self, hatch: Hatch) -> String {
        let (name, turn, ground, stripe) = match hatch {
            Hatch::Withheld => ("hachures", 45, palette::WHITE, palette::SLATE),
            Hatch::Provisional => ("provisoire", -45, palette::ORANGE_PALE, palette::ORANGE),
        };
        let id = format!("{}-{name}", self.key);
        if !self.hatches.contains(&hatch) {
            self.hatches.push(hatch);
            self.push(format_args!(
                "<defs><pattern id=\"{id}\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" \
                 patternTransform=\"rotate({turn})\"><rect width=\"5\" height=\"5\" fill=\"{ground}\"/><line x1=\"0\" y1=\"0\" \
                 x2=\"0\" y2=\"5\" stroke=\"{stripe}\" stroke-width=\"1.6\"/></pattern></defs>"
            ));
        }
        format!("url(#{id})")
    }

    pub fn finish(self) -> Svg {
        Svg(format!("{}{}</svg>", self.head, self.body))
    }

    fn push(&mut self, piece: fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = self.body.write_fmt(piece);
    }
}

/// A coordinate: one decimal, no trailing zero, no negative zero.
pub fn n(value: f64) -> String {
    let text = format!("{value:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Text and attribute values alike; control characters have no place in XML.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{escape, n};

    #[test]
    fn coordinates_have_one_decimal_at_most() {
        assert_eq!([n(12.0), n(12.34), n(-0.04), n(-3.25)], ["12", "12.3", "0", "-3.2"]);
    }

    #[test]
    fn markup_in_a_name_stays_text() {
        assert_eq!(
            escape("</text><script>\"l'Haÿ\" & \u{0}"),
            "&lt;/text&gt;&lt;script&gt;&quot;l&#39;Haÿ&quot; &amp;  "
        );
    }
}
