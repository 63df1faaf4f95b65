//! Reads a finished drawing back: where its texts and blocks lie, and in which colours.

use charts::measure;

/// A box in pixels, and what it shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
    pub content: String,
}

impl Piece {
    /// Whether two boxes share more than a hair.
    pub fn touches(&self, other: &Self) -> bool {
        let hair = 0.3;
        self.left + hair < other.right
            && other.left + hair < self.right
            && self.top + hair < other.bottom
            && other.top + hair < self.bottom
    }

    pub fn is_within(&self, (width, height): (f64, f64)) -> bool {
        let hair = 0.3;
        self.left >= -hair && self.top >= -hair && self.right <= width + hair && self.bottom <= height + hair
    }
}

/// The opening tags of a drawing with what follows each up to the next.
fn elements(svg: &str) -> impl Iterator<Item = (&str, &str)> {
    svg.split('<').filter_map(|piece| piece.split_once('>')).filter(|(tag, _)| !tag.starts_with('/'))
}

/// The value of an attribute.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

fn number(tag: &str, name: &str) -> f64 {
    attribute(tag, name).and_then(|value| value.parse().ok()).unwrap_or(0.0)
}

fn plain(text: &str) -> String {
    text.replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

/// Every text that shows something.
pub fn texts(svg: &str) -> Vec<Piece> {
    elements(svg)
        .filter(|(tag, content)| tag.starts_with("text ") && !content.is_empty())
        .map(|(tag, content)| {
            let (size, content) = (number(tag, "font-size"), plain(content));
            let width = measure::width(&content, size, tag.contains("font-weight"));
            let left = match attribute(tag, "text-anchor") {
                Some("middle") => number(tag, "x") - width / 2.0,
                Some("end") => number(tag, "x") - width,
                _ => number(tag, "x"),
            };
            let base = number(tag, "y");
            Piece { left, right: left + width, top: base - 0.72 * size, bottom: base + 0.2 * size, content }
        })
        .collect()
}

/// Every rectangle, circle, line and polygon; patterns aside. The content of a rectangle is its fill.
pub fn shapes(svg: &str) -> Vec<Piece> {
    let mut shapes = vec![];
    for (tag, _) in elements(&without_patterns(svg)) {
        let content = attribute(tag, "fill").unwrap_or("").to_owned();
        let at = |name| number(tag, name);
        let piece = |left: f64, top: f64, right: f64, bottom: f64| Piece { left, top, right, bottom, content };
        shapes.push(match tag.split(' ').next() {
            Some("rect") => piece(at("x"), at("y"), at("x") + at("width"), at("y") + at("height")),
            Some("circle") => piece(at("cx") - at("r"), at("cy") - at("r"), at("cx") + at("r"), at("cy") + at("r")),
            Some("line") => {
                let ((x1, y1), (x2, y2)) = ((at("x1"), at("y1")), (at("x2"), at("y2")));
                piece(x1.min(x2), y1.min(y2), x1.max(x2), y1.max(y2))
            }
            Some("polyline" | "polygon") => {
                let points = attribute(tag, "points").unwrap_or("").split(' ').filter_map(|p| p.split_once(','));
                let points: Vec<(f64, f64)> = points.map(|(x, y)| (x.parse().unwrap(), y.parse().unwrap())).collect();
                let bound = |of: fn(&(f64, f64)) -> f64, pick: fn(f64, f64) -> f64, from| {
                    points.iter().map(of).fold(from, pick)
                };
                piece(
                    bound(|p| p.0, f64::min, f64::INFINITY),
                    bound(|p| p.1, f64::min, f64::INFINITY),
                    bound(|p| p.0, f64::max, f64::NEG_INFINITY),
                    bound(|p| p.1, f64::max, f64::NEG_INFINITY),
                )
            }
            _ => continue,
        });
    }
    shapes
}

/// The filled rectangles, in the order in which they are painted.
pub fn blocks(svg: &str) -> Vec<Piece> {
    let clean = without_patterns(svg);
    let rects: String = clean.split('<').filter(|piece| piece.starts_with("rect ")).map(|p| format!("<{p}")).collect();
    shapes(&rects).into_iter().filter(|piece| piece.content != "none").collect()
}

/// Every colour that is named.
pub fn colours(svg: &str) -> Vec<String> {
    svg.split("=\"#").skip(1).filter_map(|rest| rest.get(..6)).map(|hex| format!("#{hex}")).collect()
}

/// How light a colour is in greyscale, 0 to 255.
pub fn lightness(colour: &str) -> f64 {
    let part = |at: usize| f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap());
    0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
}

fn without_patterns(svg: &str) -> String {
    let mut out = String::new();
    let mut rest = svg;
    while let Some((before, after)) = rest.split_once("<defs>") {
        out.push_str(before);
        rest = after.split_once("</defs>").map_or("", |(_, rest)| rest);
    }
    out + rest
}
