//! Bars of 100 %: how a whole is shared, one bar per scope.

use domain::fact::ScopeKind;

use super::{
    Frame, measure,
    palette::{self, BAND, GREY, NAVY, SLATE, TEAL_INK, WHITE},
    svg::{Drawing, Ink, Svg},
};

/// The whole of one scope; parts are in the order of the legend and sum to a hundred.
#[derive(Debug, Clone)]
pub struct Whole<'a> {
    pub scope: ScopeKind,
    pub label: &'a str,
    /// Value and printed figure; `None` when any part is withheld.
    pub parts: Option<Vec<(f64, &'a str)>>,
}

/// Dark, pale, middle, middle-dark: neighbours differ in greyscale too.
const FILLS: [(&str, &str); 4] = [(TEAL_INK, WHITE), (BAND, NAVY), (SLATE, NAVY), (NAVY, WHITE)];

/// Draws the bars under their legend. At most four parts.
#[must_use]
pub fn draw(frame: &Frame<'_>, legend: &[&str], wholes: &[Whole<'_>]) -> Svg {
    let mut svg = Drawing::new(frame);
    let label_room = 120.0;
    let left = label_room + 10.0;
    let width = frame.width - left;
    let mut x = left;
    for (name, (fill, _)) in legend.iter().zip(FILLS) {
        svg.rect((x, 2.0), (10.0, 10.0), &format!("fill=\"{fill}\""));
        svg.text((x + 14.0, 10.5), Ink::small(), name);
        x += 14.0 + Ink::small().width(name) + 14.0;
    }
    #[expect(clippy::cast_precision_loss, reason = "a handful of bars")]
    let pitch = (frame.height - 20.0) / wholes.len().max(1) as f64;
    let thick = (pitch * 0.66).min(18.0);
    let mut y = 20.0 + pitch / 2.0;
    for whole in wholes {
        let commune = whole.scope == ScopeKind::Com;
        let ink = Ink::new(9.5, if commune { palette::ink(whole.scope) } else { NAVY });
        let ink = if commune { ink.bold() } else { ink };
        svg.text((label_room, y + 3.2), ink.end(), &measure::fit(whole.label, 9.5, commune, label_room));
        match &whole.parts {
            Some(parts) => draw_parts(&mut svg, parts, (left, y - thick / 2.0), (width, thick)),
            None => svg.text((left, y + 3.2), Ink::new(9.5, GREY), "n.d."),
        }
        y += pitch;
    }
    svg.finish()
}

fn draw_parts(svg: &mut Drawing, parts: &[(f64, &str)], (left, top): (f64, f64), (width, thick): (f64, f64)) {
    let total: f64 = parts.iter().map(|(value, _)| value).sum();
    let mut x = left;
    for ((value, text), (fill, over)) in parts.iter().zip(FILLS) {
        let share = if total > 0.0 { value / total * width } else { 0.0 };
        svg.rect((x, top), (share, thick), &format!("fill=\"{fill}\" stroke=\"{WHITE}\" stroke-width=\"1\""));
        let ink = Ink::new(9.0, over).bold().middle();
        if ink.width(text) + 6.0 < share {
            svg.text((x + share / 2.0, top + thick / 2.0 + 3.2), ink, text);
        }
        x += share;
    }
}
