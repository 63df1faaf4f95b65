//! Columns of parts, stacked up and down from nil or side by side.

use super::{
    Datum, Frame,
    axis::{Axis, HEAD},
    label::{Places, centred},
    legend::Legend,
    measure,
    palette::{self, GREY, NAVY, WHITE},
    scale::{count, extent, pitch},
    svg::{Drawing, Ink, Svg},
    withheld::{block, unpublished},
};

/// A column or a group, and its parts in the order of the names.
#[derive(Debug, Clone)]
pub struct Stack<'a> {
    pub label: &'a str,
    pub parts: Vec<Datum<'a>>,
    /// The printed sum, above the stack; empty where none is told. Not used side by side.
    pub total: &'a str,
}

/// How the parts of a column stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Stacked,
    Grouped,
}

impl Stack<'_> {
    fn values(&self) -> Option<Vec<f64>> {
        self.parts.iter().map(|part| part.value).collect()
    }

    /// The sums of what goes down and of what goes up.
    fn reach(&self) -> Option<(f64, f64)> {
        let values = self.values()?;
        let sum = |keep: fn(&&f64) -> bool| values.iter().filter(keep).sum::<f64>();
        Some((sum(|v| **v < 0.0), sum(|v| **v > 0.0)))
    }
}

/// Draws the columns, with a legend under them.
#[must_use]
pub fn draw(frame: &Frame<'_>, names: &[&str], stacks: &[Stack<'_>], mode: Mode, unit: &str) -> Svg {
    let span = match mode {
        Mode::Stacked => extent(stacks.iter().filter_map(Stack::reach).flat_map(<[f64; 2]>::from)),
        Mode::Grouped => extent(stacks.iter().flat_map(|stack| stack.parts.iter().filter_map(|part| part.value))),
    };
    let Some((low, high)) = span else { return unpublished(frame) };
    let mut svg = Drawing::new(frame);
    let fills = palette::parts(names.len());
    let legend = Legend::new(fills.iter().cycle().copied().zip(names.iter().copied()), frame.width);
    let foot = legend.height() + 20.0;
    let below = if low < 0.0 { 12.0 } else { 0.0 };
    let bottom = frame.height - foot - below;
    let axis = Axis::new((low.min(0.0), high.max(0.0)), (HEAD, bottom), frame.width);
    axis.draw(&mut svg, unit);
    legend.draw(&mut svg, (0.0, frame.height - legend.height()));
    let step = pitch(axis.right - axis.left, stacks.len());
    let mut places = Places::new(frame);
    let mut x = axis.left + step / 2.0;
    for stack in stacks {
        match mode {
            Mode::Stacked => pile(&mut svg, &mut places, stack, &fills, (&axis, x, step)),
            Mode::Grouped => group(&mut svg, &mut places, stack, &fills, (&axis, x, step)),
        }
        let label = measure::fit(stack.label, 9.0, false, step - 4.0);
        svg.text((x, frame.height - foot + 12.0), Ink::small().middle(), &label);
        x += step;
    }
    axis.base(&mut svg);
    svg.finish()
}

/// With one part withheld the whole stack is: the others and the sum would give it away.
fn pile(
    svg: &mut Drawing,
    places: &mut Places,
    stack: &Stack<'_>,
    fills: &[&'static str],
    (axis, x, step): (&Axis, f64, f64),
) {
    let half = (step * 0.33).min(30.0);
    let ink = Ink::new(9.0, GREY).middle();
    let (Some(values), Some((low, high))) = (stack.values(), stack.reach()) else {
        let base = axis.at(0.0);
        block(svg, (x - half, base - 12.0), (2.0 * half, 12.0));
        places.write_over(svg, ink, "n.d.", &[(x, base - 16.0)]);
        return;
    };
    let (mut up, mut down) = (0.0, 0.0);
    for ((value, part), fill) in values.iter().zip(&stack.parts).zip(fills.iter().cycle()) {
        let level = if *value < 0.0 { &mut down } else { &mut up };
        let (from, to) = (axis.at(*level), axis.at(*level + value));
        *level += value;
        let (top, height) = (from.min(to), (to - from).abs());
        let style = format!("fill=\"{fill}\" stroke=\"{WHITE}\" stroke-width=\"0.8\"");
        svg.rect((x - half, top), (2.0 * half, height), &style);
        let ink = Ink { fill: palette::upon(fill), ..ink };
        if height >= 11.0 && ink.width(part.text) + 3.0 <= 2.0 * half {
            svg.text((x, top + height / 2.0 + 3.1), ink, part.text);
        }
    }
    let ink = Ink::new(9.5, NAVY).bold().middle();
    let at = centred(ink, stack.total, x, (axis.left, axis.right));
    let spots = [(at, axis.at(high) - 4.0), (at, axis.at(low) + 11.0)];
    places.write_over(svg, ink, stack.total, if high > 0.0 { &spots[..1] } else { &spots });
}

fn group(
    svg: &mut Drawing,
    places: &mut Places,
    stack: &Stack<'_>,
    fills: &[&'static str],
    (axis, x, step): (&Axis, f64, f64),
) {
    let wide = pitch(step * 0.82, stack.parts.len()).min(34.0);
    let base = axis.at(0.0);
    let mut left = x - wide * count(stack.parts.len()) / 2.0;
    for (part, fill) in stack.parts.iter().zip(fills.iter().cycle()) {
        let (ink, y) = match part.value {
            Some(value) => {
                let (top, bottom) = (base.min(axis.at(value)), base.max(axis.at(value)));
                let style = format!("fill=\"{fill}\" stroke=\"{WHITE}\" stroke-width=\"0.8\"");
                svg.rect((left, top), (wide, (bottom - top).max(1.0)), &style);
                (Ink::new(9.0, NAVY), if value < 0.0 { bottom + 10.0 } else { top - 3.5 })
            }
            None => {
                block(svg, (left + 1.0, base - 10.0), (wide - 2.0, 10.0));
                (Ink::new(9.0, GREY), base - 13.5)
            }
        };
        let ink = ink.middle();
        let at = centred(ink, part.text, left + wide / 2.0, (axis.left, axis.right));
        places.write_over(svg, ink, part.text, &[(at, y)]);
        left += wide;
    }
}
