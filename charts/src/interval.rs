//! Intervals on one axis: an estimate, its bounds and how far it may be trusted.

use super::{
    Frame,
    axis::numbers,
    measure,
    palette::{GREY, NAVY, ORANGE, ORANGE_INK, ORANGE_PALE, RULE, WHITE},
    scale::{Scale, Ticks, pitch},
    svg::{Drawing, Ink, Svg},
    withheld::unpublished,
};

/// An estimate; `None` when withheld.
#[derive(Debug, Clone)]
pub struct Row<'a> {
    pub label: &'a str,
    /// Under the label: observations and quality of the model.
    pub note: &'a str,
    pub value: Option<f64>,
    /// Low and high bounds, where the producer gives them.
    pub range: Option<(f64, f64)>,
    /// The printed estimate, or « n.d. ».
    pub text: &'a str,
    /// Whether the estimate may be read without caution.
    pub reliable: bool,
}

/// Draws the rows above a common axis.
#[must_use]
pub fn draw(frame: &Frame<'_>, rows: &[Row<'_>], unit: &str) -> Svg {
    if rows.iter().all(|row| row.value.is_none() && row.range.is_none()) {
        return unpublished(frame);
    }
    let mut svg = Drawing::new(frame);
    let label_room = 142.0;
    let (left, right) = (label_room + 14.0, frame.width - 14.0);
    let bottom = frame.height - 20.0;
    let values =
        || rows.iter().flat_map(|row| row.value.into_iter().chain(row.range.into_iter().flat_map(<[f64; 2]>::from)));
    let low = values().fold(f64::INFINITY, f64::min);
    let high = values().fold(f64::NEG_INFINITY, f64::max);
    let ticks = if low <= high {
        // Values that lie together stay together: an axis of hundredths would draw a gap that is none.
        let spread = (0.2 * high.abs() - (high - low)).max(0.0) / 2.0;
        Ticks::around(low - spread, high + spread, 5)
    } else {
        Ticks { values: vec![], decimals: 0 }
    };
    let scale = Scale::new(ticks.span(), (left, right));
    for &tick in &ticks.values {
        svg.line((scale.at(tick), 4.0), (scale.at(tick), bottom), &format!("stroke=\"{RULE}\" stroke-width=\"1\""));
    }
    numbers(frame, &mut svg, (&scale, &ticks), (label_room + 4.0, bottom + 12.0));
    if !ticks.values.is_empty() {
        svg.text((label_room, bottom + 12.0), Ink::new(8.5, GREY).end(), unit);
    }
    let pitch = pitch(bottom - 6.0, rows.len());
    let mut y = 6.0 + pitch / 2.0;
    for row in rows {
        svg.text((label_room, y - 1.0), Ink::new(9.5, NAVY).end(), &measure::fit(row.label, 9.5, false, label_room));
        svg.text((label_room, y + 10.0), Ink::new(8.2, GREY).end(), &measure::fit(row.note, 8.2, false, label_room));
        if let Some((low, high)) = row.range {
            let (from, to) = (scale.at(low), scale.at(high));
            let (fill, dash) = if row.reliable { (ORANGE, "") } else { (ORANGE_PALE, " stroke-dasharray=\"3 2\"") };
            let style =
                format!("fill=\"{fill}\" fill-opacity=\"0.55\" stroke=\"{ORANGE_INK}\" stroke-width=\"0.8\"{dash}");
            svg.rect((from, y - 2.0), (to - from, 9.0), &style);
        }
        match row.value {
            Some(value) => {
                let at = scale.at(value);
                svg.circle((at, y + 2.5), 5.0, &format!("fill=\"{ORANGE}\" stroke=\"{WHITE}\" stroke-width=\"1.2\""));
                let ink = Ink::new(9.5, ORANGE_INK).bold();
                let half = ink.width(row.text) / 2.0;
                svg.text((at.clamp(left + half, right - half), y - 6.0), ink.middle(), row.text);
            }
            None => svg.text((left + 6.0, y + 5.0), Ink::new(9.5, GREY), row.text),
        }
        y += pitch;
    }
    svg.finish()
}
