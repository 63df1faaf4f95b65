//! Horizontal bars from nil, one per scope: the form for long names.

use domain::fact::ScopeKind;

use super::{
    Frame, measure,
    palette::{self, GREY, NAVY, RULE},
    scale::{Scale, pitch},
    svg::{Drawing, Ink, Svg},
    withheld::unpublished,
};

/// A bar.
#[derive(Debug, Clone)]
pub struct Bar<'a> {
    pub scope: ScopeKind,
    pub label: &'a str,
    /// `None` when withheld: no bar, the text says so.
    pub value: Option<f64>,
    pub text: &'a str,
}

/// Draws the bars with their figures at the end.
#[must_use]
pub fn draw(frame: &Frame<'_>, bars: &[Bar<'_>]) -> Svg {
    if bars.iter().all(|bar| bar.value.is_none()) {
        return unpublished(frame);
    }
    let mut svg = Drawing::new(frame);
    let label_room = 120.0;
    let left = label_room + 10.0;
    let texts = bars.iter().map(|bar| Ink::new(9.5, NAVY).bold().width(bar.text)).fold(30.0, f64::max);
    let right = frame.width - texts - 8.0;
    let high = bars.iter().filter_map(|bar| bar.value).fold(0.0, f64::max);
    let low = bars.iter().filter_map(|bar| bar.value).fold(0.0, f64::min);
    // Figures of bars that go back from nil stand before them.
    let first = if low < 0.0 { left + texts + 8.0 } else { left };
    let scale = Scale::new((low, if high > low { high } else { 1.0 }), (first, right));
    let nil = scale.at(0.0);
    let pitch = pitch(frame.height, bars.len());
    let thick = (pitch * 0.58).min(14.0);
    let mut y = pitch / 2.0;
    for bar in bars {
        let commune = bar.scope == ScopeKind::Com;
        let ink = Ink::new(9.5, if commune { palette::ink(bar.scope) } else { NAVY });
        let ink = if commune { ink.bold() } else { ink };
        let label = measure::fit(bar.label, 9.5, commune, label_room);
        svg.text((label_room, y + 3.2), ink.end(), &label);
        let end = bar.value.map_or(nil, |value| scale.at(value));
        if bar.value.is_some() {
            let style = format!("fill=\"{}\"", palette::stroke(bar.scope));
            svg.rect((nil.min(end), y - thick / 2.0), ((end - nil).abs().max(0.8), thick), &style);
        }
        let text = if bar.value.is_some() { ink } else { Ink::new(9.5, GREY) };
        if end < nil {
            svg.text((end - 6.0, y + 3.2), text.end(), bar.text);
        } else {
            svg.text((end + 6.0, y + 3.2), text, bar.text);
        }
        y += pitch;
    }
    svg.line((nil, 0.0), (nil, frame.height), &format!("stroke=\"{RULE}\" stroke-width=\"1\""));
    svg.finish()
}
