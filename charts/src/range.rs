//! Range plot: from a low to a high bound through a middle, a row a territory.

use domain::fact::ScopeKind;

use super::{
    Datum, Frame,
    dots::mark,
    label::{Places, centred},
    measure,
    palette::{self, BAND, GREY, NAVY, RULE, SLATE},
    scale::{Scale, extent, pitch},
    svg::{Drawing, Ink, Svg},
    withheld::unpublished,
};

/// A territory; any of the three may be withheld.
#[derive(Debug, Clone)]
pub struct Row<'a> {
    pub scope: ScopeKind,
    pub label: &'a str,
    pub low: Datum<'a>,
    pub middle: Datum<'a>,
    pub high: Datum<'a>,
}

impl<'a> Row<'a> {
    fn data(&self) -> [Datum<'a>; 3] {
        [self.low, self.middle, self.high]
    }
}

const HEAD: f64 = 16.0;

/// Draws the rows on one scale; `names` are those of the low bound, the middle and the high bound.
#[must_use]
pub fn draw(frame: &Frame<'_>, names: [&str; 3], rows: &[Row<'_>]) -> Svg {
    let values = rows.iter().flat_map(|row| row.data().into_iter().filter_map(|datum| datum.value));
    let Some(span) = extent(values) else { return unpublished(frame) };
    let mut svg = Drawing::new(frame);
    let label_room = (frame.width * 0.28).min(136.0);
    let ink = Ink::small();
    let widest = |pick: fn(&Row<'_>) -> f64| rows.iter().map(pick).fold(20.0, f64::max) + 12.0;
    let before = widest(|row| Ink::small().width(row.low.text));
    let after = widest(|row| Ink::small().width(row.high.text));
    let (left, right) = (label_room + 6.0 + before, frame.width - after);
    let x = Scale::new(span, (left, right));
    let step = pitch(frame.height - HEAD, rows.len());
    let mut places = Places::new(frame);
    if let Some(row) = rows.iter().find(|row| row.data().iter().all(|datum| datum.value.is_some())) {
        for (name, datum) in names.into_iter().zip(row.data()) {
            let at = datum.value.map_or(left, |value| x.at(value));
            places.write(&mut svg, Ink::new(8.6, GREY).middle(), name, &[(at, 8.0)]);
        }
    }
    let mut y = HEAD + step / 2.0;
    for row in rows {
        let commune = row.scope == ScopeKind::Com;
        let fill = palette::ink(row.scope);
        let head = Ink::new(9.5, if commune { fill } else { NAVY });
        let head = if commune { head.bold() } else { head };
        svg.text((label_room, y + 6.3), head.end(), &measure::fit(row.label, 9.5, commune, label_room));
        let at = |datum: Datum<'_>| datum.value.map(|value| x.at(value));
        let base = y + 3.0;
        line(&mut svg, row, [at(row.low), at(row.middle), at(row.high)], (base, (left, right)));
        let text = Ink { fill: if commune { fill } else { GREY }, ..ink };
        let known = |datum: Datum<'_>| if datum.value.is_some() { text } else { Ink::small() };
        svg.text((at(row.low).unwrap_or(left) - 8.0, base + 3.0), known(row.low).end(), row.low.text);
        svg.text((at(row.high).unwrap_or(right) + 8.0, base + 3.0), known(row.high), row.high.text);
        let strong = Ink::new(9.5, fill).bold().middle();
        match at(row.middle) {
            Some(at) => {
                let at = centred(strong, row.middle.text, at, (label_room + 6.0, frame.width));
                svg.text((at, base - 9.0), strong, row.middle.text);
            }
            None => {
                let middle = f64::midpoint(at(row.low).unwrap_or(left), at(row.high).unwrap_or(right));
                svg.text((middle, base - 9.0), Ink::new(9.5, GREY).middle(), row.middle.text);
            }
        }
        y += step;
    }
    svg.finish()
}

fn line(
    svg: &mut Drawing,
    row: &Row<'_>,
    [low, middle, high]: [Option<f64>; 3],
    (y, (left, right)): (f64, (f64, f64)),
) {
    svg.line((left, y), (right, y), &format!("stroke=\"{RULE}\" stroke-width=\"1\" stroke-dasharray=\"1 3\""));
    if let (Some(from), Some(to)) = (low, high) {
        svg.line((from, y), (to, y), &format!("stroke=\"{BAND}\" stroke-width=\"7\""));
        svg.line((from, y), (to, y), &format!("stroke=\"{SLATE}\" stroke-width=\"1\""));
    }
    for x in [low, high].into_iter().flatten() {
        let style = format!("stroke=\"{}\" stroke-width=\"2\"", palette::ink(row.scope));
        svg.line((x, y - 4.5), (x, y + 4.5), &style);
    }
    if let Some(x) = middle {
        mark(svg, row.scope, (x, y));
    }
}
