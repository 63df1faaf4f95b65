//! Waterfall: parts that add up, up or down, to a total.

use super::{
    Datum, Frame,
    axis::{Axis, HEAD},
    label::{Places, centred},
    measure,
    palette::{GREY, NAVY, ORANGE, ORANGE_INK, ORANGE_PALE, SLATE},
    scale::{extent, pitch},
    svg::{Drawing, Ink, Svg},
    withheld::{block, unpublished},
};

/// Whether a step adds to what stands before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Starts where the step before ends.
    Part,
    /// Starts at nil.
    Total,
}

/// A step, with its sign.
#[derive(Debug, Clone)]
pub struct Step<'a> {
    pub label: &'a str,
    pub datum: Datum<'a>,
    pub kind: Kind,
}

const FOOT: f64 = 40.0;

/// Draws the steps from left to right. After a part that is withheld nothing can be placed before the next total; that
/// the total does not give the part away is the caller's to see to.
#[must_use]
pub fn draw(frame: &Frame<'_>, steps: &[Step<'_>], unit: &str) -> Svg {
    let spans = spans(steps);
    let ends = spans.iter().flatten().flat_map(|&(from, to)| [from, to]);
    let Some((low, high)) = extent(ends) else { return unpublished(frame) };
    let mut svg = Drawing::new(frame);
    // A figure stands under a part that goes down, which may end at nil.
    let below = if spans.iter().flatten().any(|(from, to)| to < from) { 12.0 } else { 0.0 };
    let axis = Axis::new((low.min(0.0), high.max(0.0)), (HEAD, frame.height - FOOT - below), frame.width);
    axis.draw(&mut svg, unit);
    let step_room = pitch(axis.right - axis.left, steps.len());
    let half = (step_room * 0.3).min(34.0);
    let mut places = Places::new(frame);
    let mut x = axis.left + step_room / 2.0;
    for (i, (step, span)) in steps.iter().zip(&spans).enumerate() {
        column(&mut svg, step, *span, (&axis, x, half));
        // The level that the next step starts from.
        if let (Some((_, to)), Some(Some(_))) = (span, spans.get(i + 1)) {
            let y = axis.at(*to);
            let style = format!("stroke=\"{SLATE}\" stroke-width=\"0.8\" stroke-dasharray=\"2 2\"");
            svg.line((x + half, y), (x + step_room - half, y), &style);
        }
        let (ink, y) = match span {
            Some((from, to)) if to < from => (Ink::new(9.5, ORANGE_INK).bold(), axis.at(*to) + 11.0),
            Some((_, to)) if step.kind == Kind::Part => (Ink::new(9.5, ORANGE_INK).bold(), axis.at(*to) - 4.0),
            Some((_, to)) => (Ink::new(9.5, NAVY).bold(), axis.at(*to) - 4.0),
            None => (Ink::new(9.5, GREY), axis.at(0.0) - 16.0),
        };
        let ink = ink.middle();
        let at = centred(ink, step.datum.text, x, (axis.left, axis.right));
        places.write_over(&mut svg, ink, step.datum.text, &[(at, y)]);
        let total = step.kind == Kind::Total;
        let ink = if total { Ink::new(9.0, NAVY).bold() } else { Ink::new(9.0, GREY) };
        let mut base = frame.height - FOOT + 13.0;
        for line in measure::wrap(step.label, 9.0, total, step_room - 6.0, 3) {
            svg.text((x, base), ink.middle(), &measure::fit(&line, 9.0, total, step_room - 4.0));
            base += 11.0;
        }
        x += step_room;
    }
    svg.finish()
}

/// From where to where each step goes; `None` where that is unknown.
fn spans(steps: &[Step<'_>]) -> Vec<Option<(f64, f64)>> {
    let mut level = Some(0.0);
    let mut spans = vec![];
    for step in steps {
        let from = if step.kind == Kind::Total { Some(0.0) } else { level };
        let span = from.zip(step.datum.value).map(|(from, value)| (from, from + value));
        level = span.map(|(_, to)| to);
        spans.push(span);
    }
    spans
}

fn column(svg: &mut Drawing, step: &Step<'_>, span: Option<(f64, f64)>, (axis, x, half): (&Axis, f64, f64)) {
    let Some((from, to)) = span else {
        let corner = (x - half, axis.at(0.0) - 12.0);
        if step.datum.value.is_some() {
            // Its size is known, its place is not.
            let style = format!("fill=\"none\" stroke=\"{SLATE}\" stroke-width=\"0.8\" stroke-dasharray=\"3 2\"");
            svg.rect(corner, (2.0 * half, 12.0), &style);
        } else {
            block(svg, corner, (2.0 * half, 12.0));
        }
        return;
    };
    let style = match step.kind {
        Kind::Total => format!("fill=\"{NAVY}\""),
        Kind::Part if to < from => format!("fill=\"{ORANGE_PALE}\" stroke=\"{ORANGE_INK}\" stroke-width=\"0.8\""),
        Kind::Part => format!("fill=\"{ORANGE}\""),
    };
    let (top, bottom) = (axis.at(from).min(axis.at(to)), axis.at(from).max(axis.at(to)));
    svg.rect((x - half, top), (2.0 * half, (bottom - top).max(1.0)), &style);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(kind: Kind, value: Option<f64>) -> Step<'static> {
        Step { label: "", datum: Datum { value, text: "" }, kind }
    }

    #[test]
    fn parts_stand_on_each_other_and_totals_on_nil() {
        let steps = [step(Kind::Part, Some(3.0)), step(Kind::Part, Some(-5.0)), step(Kind::Total, Some(-2.0))];
        assert_eq!(spans(&steps), [Some((0.0, 3.0)), Some((3.0, -2.0)), Some((0.0, -2.0))]);
    }

    #[test]
    fn nothing_stands_on_a_part_that_is_withheld() {
        let steps = [step(Kind::Part, None), step(Kind::Part, Some(4.0)), step(Kind::Total, Some(9.0))];
        assert_eq!(spans(&steps), [None, None, Some((0.0, 9.0))]);
    }
}
