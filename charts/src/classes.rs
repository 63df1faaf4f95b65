//! Classes in order, A to G: a bar each, from light to dark, the worst ones bracketed.

use super::{
    Datum, Frame, measure,
    palette::{self, GOLD_INK, GREY, NAVY, ORANGE_INK, RULE, SLATE, WHITE},
    scale::{Scale, count, extent, pitch},
    svg::{Drawing, Ink, Svg},
    withheld::{block, unpublished},
};

/// A class.
#[derive(Debug, Clone)]
pub struct Class<'a> {
    pub letter: &'a str,
    pub datum: Datum<'a>,
    /// The same figure in a wider territory, drawn as a tick.
    pub reference: Option<f64>,
}

/// The last classes taken together.
#[derive(Debug, Clone)]
pub struct Bracket<'a> {
    /// How many classes it takes.
    pub classes: usize,
    pub text: &'a str,
}

/// Draws the classes from top to bottom; `reference` names the ticks.
#[must_use]
pub fn draw(frame: &Frame<'_>, classes: &[Class<'_>], reference: &str, bracket: Option<&Bracket<'_>>) -> Svg {
    let Some((_, high)) = extent(classes.iter().filter_map(|class| class.datum.value)) else {
        return unpublished(frame);
    };
    let references = || classes.iter().filter_map(|class| class.reference);
    let high = references().fold(high, f64::max);
    let mut svg = Drawing::new(frame);
    let fills: Vec<_> = palette::parts(classes.len()).into_iter().rev().collect();
    let foot = if references().next().is_some() { 18.0 } else { 0.0 };
    let step = pitch(frame.height - foot, classes.len());
    let high_bar = (step * 0.78).min(22.0);
    let tile = high_bar.max(12.0);
    let figure = Ink::new(9.5, NAVY);
    let texts = classes.iter().map(|class| figure.width(class.datum.text)).fold(20.0, f64::max) + 12.0;
    let lines = [4, 3, 2].into_iter().find(|&lines| 11.0 * count(lines) + 4.0 <= frame.height - foot).unwrap_or(1);
    let room = frame.width * 0.22;
    let notes = bracket.map_or(vec![], |bracket| measure::wrap(bracket.text, 9.0, true, room, lines));
    let notes: Vec<String> = notes.iter().map(|line| measure::fit(line, 9.0, true, room)).collect();
    let margin = notes.iter().map(|line| Ink::small().bold().width(line)).fold(0.0, f64::max);
    let margin = if bracket.is_some() { margin + 20.0 } else { 0.0 };
    let x = Scale::new((0.0, if high > 0.0 { high } else { 1.0 }), (tile + 8.0, frame.width - texts - margin - 4.0));
    let mut y = step / 2.0;
    for (class, fill) in classes.iter().zip(fills.iter().cycle()) {
        let style = format!("fill=\"{fill}\" stroke=\"{SLATE}\" stroke-width=\"0.6\"");
        svg.rect((0.0, y - high_bar / 2.0), (tile, high_bar), &style);
        let letter = Ink::new(9.5, palette::upon(fill)).bold().middle();
        svg.text((tile / 2.0, y + 3.4), letter, class.letter);
        let from = x.at(0.0);
        let end = match class.datum.value {
            Some(value) => {
                let end = x.at(value.max(0.0));
                svg.rect((from, y - high_bar / 2.0), ((end - from).max(0.8), high_bar), &style);
                end
            }
            None => {
                block(&mut svg, (from, y - high_bar / 2.0), (16.0, high_bar));
                from + 16.0
            }
        };
        let ink = if class.datum.value.is_some() { figure } else { Ink::new(9.5, GREY) };
        let tick = class.reference.map(|value| x.at(value.max(0.0)));
        if let Some(at) = tick {
            tick_at(&mut svg, at, (y - step * 0.46, y + step * 0.46));
        }
        // Beside the bar; in the way of a tick, inside the bar, or past the tick where the bar is too short.
        let wide = ink.width(class.datum.text) + 12.0;
        match tick.filter(|at| (end..end + wide).contains(at)) {
            Some(_) if end - from > wide => {
                let ink = Ink { fill: palette::upon(fill), ..ink };
                svg.text((end - 6.0, y + 3.4), ink.end(), class.datum.text);
            }
            past => svg.text((past.unwrap_or(end) + 6.0, y + 3.4), ink, class.datum.text),
        }
        y += step;
    }
    if let Some(bracket) = bracket.filter(|bracket| bracket.classes > 0) {
        let size = step * count(bracket.classes.min(classes.len()));
        draw_bracket(&mut svg, &notes, (frame.width - margin + 4.0, frame.height - foot), size);
    }
    if foot > 0.0 {
        let y = frame.height - 6.0;
        tick_at(&mut svg, 3.0, (y - 5.0, y + 4.0));
        let name = measure::fit(reference, 8.6, false, frame.width - 14.0);
        svg.text((11.0, y + 3.0), Ink::new(8.6, GREY), &name);
    }
    svg.line((x.at(0.0), 0.0), (x.at(0.0), frame.height - foot), &format!("stroke=\"{RULE}\" stroke-width=\"1\""));
    svg.finish()
}

/// Gold between white edges: it shows upon any bar.
fn tick_at(svg: &mut Drawing, x: f64, (top, bottom): (f64, f64)) {
    for (colour, width) in [(WHITE, 4.6), (GOLD_INK, 2.4)] {
        svg.line((x, top), (x, bottom), &format!("stroke=\"{colour}\" stroke-width=\"{width}\""));
    }
}

fn draw_bracket(svg: &mut Drawing, notes: &[String], (x, bottom): (f64, f64), size: f64) {
    let style = format!("stroke=\"{ORANGE_INK}\" stroke-width=\"1.6\"");
    let (from, to) = (bottom - size + 2.0, bottom - 2.0);
    svg.polyline(&[(x, from), (x + 6.0, from), (x + 6.0, to), (x, to)], &style);
    let lines = count(notes.len());
    let middle = f64::midpoint(from, to) + 3.2 - 11.0 * (lines - 1.0) / 2.0;
    let mut y = middle.min(bottom - 3.0 - 11.0 * (lines - 1.0));
    for line in notes {
        svg.text((x + 13.0, y), Ink::new(9.0, ORANGE_INK).bold(), line);
        y += 11.0;
    }
}
