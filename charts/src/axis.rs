//! Axes. Upright: round numbers in the left margin, rules across, navy at nil. Lying: numbers as room allows.

use super::{
    Frame,
    label::{Places, centred},
    number::french,
    palette::{GREY, NAVY, RULE},
    scale::{Scale, Ticks},
    svg::{Drawing, Ink},
};

/// Room above a plot for its unit and for the label of the highest mark.
pub const HEAD: f64 = 26.0;

/// An axis, and where the plot lies beside it.
pub struct Axis {
    ticks: Ticks,
    scale: Scale,
    pub left: f64,
    pub right: f64,
}

impl Axis {
    /// Encloses `low..=high` between the pixels `top` and `bottom`; the plot ends at `right`.
    pub fn new((low, high): (f64, f64), (top, bottom): (f64, f64), right: f64) -> Self {
        // Rules at least 24 pixels apart.
        let wanted = [2, 3, 4, 5].into_iter().rev().find(|&k| (bottom - top) / f64::from(k) >= 24.0).unwrap_or(1);
        let ticks = Ticks::around(low, high, wanted);
        let widths = ticks.values.iter().map(|&tick| Ink::small().width(&french(tick, ticks.decimals)));
        let left = widths.fold(0.0, f64::max) + 7.0;
        Self { scale: Scale::new(ticks.span(), (bottom, top)), ticks, left, right }
    }

    pub fn at(&self, value: f64) -> f64 {
        self.scale.at(value)
    }

    /// The rules, their numbers and, above them, the unit.
    pub fn draw(&self, svg: &mut Drawing, unit: &str) {
        for &tick in &self.ticks.values {
            let y = self.at(tick);
            let colour = if tick.abs() < 1e-9 { NAVY } else { RULE };
            svg.line((self.left, y), (self.right, y), &format!("stroke=\"{colour}\" stroke-width=\"1\""));
            svg.text((self.left - 7.0, y + 3.0), Ink::small().end(), &french(tick, self.ticks.decimals));
        }
        svg.text((0.0, 8.0), Ink::new(8.5, GREY), unit);
    }

    /// The line of nil again, above the marks that stand on it.
    pub fn base(&self, svg: &mut Drawing) {
        let y = self.at(0.0);
        svg.line((self.left, y), (self.right, y), &format!("stroke=\"{NAVY}\" stroke-width=\"1\""));
    }
}

/// Numbers under a horizontal axis, those that find room between `left` and the end of the frame.
pub fn numbers(frame: &Frame<'_>, svg: &mut Drawing, (x, ticks): (&Scale, &Ticks), (left, y): (f64, f64)) {
    let mut places = Places::new(frame);
    let ink = Ink::small().middle();
    for &tick in &ticks.values {
        let text = french(tick, ticks.decimals);
        let at = centred(ink, &text, x.at(tick), (left, frame.width));
        if places.reserve(ink, &text, (at, y), 4.0).is_some() {
            svg.text((at, y), ink, &text);
        }
    }
}
