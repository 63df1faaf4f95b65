//! Baskets of services: which are in the commune, and where the nearest of the others is.

use super::{
    Frame, measure,
    palette::{GREY, NAVY, RULE, SLATE, SLATE_INK, WHITE},
    scale::{count, pitch},
    svg::{Drawing, Ink, Svg},
    withheld::{block, unpublished},
};

/// A service.
#[derive(Debug, Clone)]
pub struct Item<'a> {
    pub label: &'a str,
    /// `None` when it is not known.
    pub present: Option<bool>,
    /// Where the nearest one is, for a service that is absent; may be empty.
    pub nearest: &'a str,
}

/// Services of one range.
#[derive(Debug, Clone)]
pub struct Basket<'a> {
    pub name: &'a str,
    /// The printed share or count of those present.
    pub text: &'a str,
    pub items: Vec<Item<'a>>,
}

const LINE: f64 = 13.0;
const HEAD: f64 = 22.0;
const FOOT: f64 = 18.0;
/// The least room of an item.
const CELL: f64 = 228.0;

/// Items side by side in a frame of this width.
fn across(width: f64) -> usize {
    (1..=8).rev().find(|&n| pitch(width, n) >= CELL).unwrap_or(1)
}

/// The height that the baskets need in a frame of this width.
#[must_use]
pub fn height(baskets: &[Basket<'_>], width: f64) -> f64 {
    let across = across(width);
    let lines = |basket: &Basket<'_>| count(basket.items.len().div_ceil(across));
    baskets.iter().map(|basket| HEAD + LINE * lines(basket) + 8.0).sum::<f64>() + FOOT
}

/// Draws the baskets one under the other, each read down its columns; the frame should be [`height`] high.
#[must_use]
pub fn draw(frame: &Frame<'_>, baskets: &[Basket<'_>]) -> Svg {
    let items = || baskets.iter().flat_map(|basket| &basket.items);
    if items().all(|item| item.present.is_none()) {
        return unpublished(frame);
    }
    let mut svg = Drawing::new(frame);
    let across = across(frame.width);
    let wide = pitch(frame.width, across);
    let mut y = 0.0;
    for basket in baskets {
        let texts = Ink::new(9.5, NAVY).bold().width(basket.text);
        let name = measure::fit(basket.name, 9.5, true, frame.width - texts - 12.0);
        svg.text((0.0, y + 11.0), Ink::new(9.5, NAVY).bold(), &name);
        svg.text((frame.width, y + 11.0), Ink::new(9.5, NAVY).bold().end(), basket.text);
        svg.line((0.0, y + 16.0), (frame.width, y + 16.0), &format!("stroke=\"{RULE}\" stroke-width=\"1\""));
        let down = basket.items.len().div_ceil(across);
        for (rank, item) in basket.items.iter().enumerate() {
            let (column, row) = (rank / down.max(1), rank % down.max(1));
            let at = (wide * count(column), y + HEAD + LINE * count(row) + 6.0);
            draw_item(&mut svg, item, at, wide - 10.0);
        }
        y += HEAD + LINE * count(down) + 8.0;
    }
    legend(&mut svg, frame, items().any(|item| item.present.is_none()));
    svg.finish()
}

fn draw_item(svg: &mut Drawing, item: &Item<'_>, (x, y): (f64, f64), room: f64) {
    mark(svg, item.present, (x + 5.0, y));
    let absent = item.present == Some(false) && !item.nearest.is_empty();
    let nearest = if absent { measure::fit(item.nearest, 8.2, false, room * 0.5) } else { String::new() };
    let taken = if absent { measure::width(&nearest, 8.2, false) + 8.0 } else { 0.0 };
    let ink = Ink::new(9.0, if item.present == Some(true) { NAVY } else { SLATE_INK });
    let label = measure::fit(item.label, 9.0, false, room - 14.0 - taken);
    svg.text((x + 14.0, y + 3.1), ink, &label);
    if absent {
        svg.text((x + 22.0 + ink.width(&label), y + 3.1), Ink::new(8.2, GREY), &nearest);
    }
}

fn mark(svg: &mut Drawing, present: Option<bool>, (x, y): (f64, f64)) {
    match present {
        Some(true) => svg.circle((x, y), 4.0, &format!("fill=\"{NAVY}\"")),
        Some(false) => {
            svg.circle((x, y), 3.6, &format!("fill=\"{WHITE}\" stroke=\"{SLATE}\" stroke-width=\"1.2\""));
        }
        None => block(svg, (x - 3.5, y - 3.5), (7.0, 7.0)),
    }
}

fn legend(svg: &mut Drawing, frame: &Frame<'_>, unknown: bool) {
    let entries = [(Some(true), "présent"), (Some(false), "absent, et le plus proche"), (None, "n.d.")];
    let (mut x, y) = (0.0, frame.height - 6.0);
    for (state, text) in entries.into_iter().take(if unknown { 3 } else { 2 }) {
        mark(svg, state, (x + 5.0, y));
        svg.text((x + 14.0, y + 3.0), Ink::new(8.6, GREY), text);
        x += 30.0 + measure::width(text, 8.6, false);
    }
}
