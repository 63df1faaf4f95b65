//! Labels that never touch: a text takes the first of its places that is free, or is left out.

use super::{
    Frame, palette,
    svg::{Anchor, Drawing, Ink},
};

/// Height of letters above and below the base line, in parts of the size.
const ASCENT: f64 = 0.78;
const DESCENT: f64 = 0.2;

/// A box in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extent {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Extent {
    /// The box of a text hung at a point.
    pub fn of(ink: Ink, text: &str, (x, y): (f64, f64)) -> Self {
        let width = ink.width(text);
        let left = match ink.anchor {
            Anchor::Start => x,
            Anchor::Middle => x - width / 2.0,
            Anchor::End => x - width,
        };
        Self { left, top: y - ASCENT * ink.size, right: left + width, bottom: y + DESCENT * ink.size }
    }

    pub fn touches(&self, other: &Self) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }

    pub fn is_within(&self, other: &Self) -> bool {
        self.left >= other.left && self.right <= other.right && self.top >= other.top && self.bottom <= other.bottom
    }
}

/// The places of a drawing, and those that are taken.
pub struct Places {
    room: Extent,
    taken: Vec<Extent>,
}

impl Places {
    pub fn new(frame: &Frame<'_>) -> Self {
        Self { room: Extent { left: 0.0, top: 0.0, right: frame.width, bottom: frame.height }, taken: vec![] }
    }

    /// Keeps labels away from a mark.
    pub fn take(&mut self, extent: Extent) {
        self.taken.push(extent);
    }

    /// Whether a text may stand at a point.
    pub fn has_room(&self, ink: Ink, text: &str, at: (f64, f64)) -> bool {
        let extent = Extent::of(ink, text, at);
        extent.is_within(&self.room) && !self.taken.iter().any(|taken| taken.touches(&extent))
    }

    /// Takes the place of a text with `margin` to its sides; `None` when it is not free.
    pub fn reserve(&mut self, ink: Ink, text: &str, at: (f64, f64), margin: f64) -> Option<Extent> {
        if !self.has_room(ink, text, at) {
            return None;
        }
        let extent = Extent::of(ink, text, at);
        self.taken.push(Extent { left: extent.left - margin, right: extent.right + margin, ..extent });
        Some(extent)
    }

    /// As [`Self::write`], upon a white ground: for labels that stand where lines pass.
    pub fn write_over(&mut self, svg: &mut Drawing, ink: Ink, text: &str, spots: &[(f64, f64)]) {
        let Some(at) = spots.iter().copied().find(|&at| self.has_room(ink, text, at)) else { return };
        let Extent { left, top, right, bottom } = Extent::of(ink, text, at);
        let style = format!("fill=\"{}\" fill-opacity=\"0.86\"", palette::WHITE);
        svg.rect((left, top + 1.0), (right - left, bottom - top - 1.0), &style);
        self.write(svg, ink, text, &[at]);
    }

    /// Writes `text` at the first spot that is free; tells where, or `None` when there is none.
    pub fn write(&mut self, svg: &mut Drawing, ink: Ink, text: &str, spots: &[(f64, f64)]) -> Option<Extent> {
        let at = spots.iter().copied().find(|&at| self.has_room(ink, text, at))?;
        svg.text(at, ink, text);
        self.reserve(ink, text, at, 0.0)
    }
}

/// Keeps a text centred on `x` between two limits; a text wider than they are starts at the first.
pub fn centred(ink: Ink, text: &str, x: f64, (low, high): (f64, f64)) -> f64 {
    let half = ink.width(text) / 2.0;
    x.min(high - half).max(low + half)
}

/// Moves sorted positions apart by at least `gap`, inside the bounds while there is room.
pub fn spread(wanted: &[f64], gap: f64, (low, high): (f64, f64)) -> Vec<f64> {
    let mut placed: Vec<f64> = vec![];
    for &at in wanted {
        let least = placed.last().map_or(low, |last| last + gap);
        placed.push(at.max(least));
    }
    // Pushed past the end: walk back from there.
    let mut ceiling = high;
    for at in placed.iter_mut().rev() {
        *at = at.min(ceiling);
        ceiling = *at - gap;
    }
    placed
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn names_at_the_ends_never_touch(mut wanted in prop::collection::vec(0.0..200.0f64, 1..9)) {
            wanted.sort_by(f64::total_cmp);
            let placed = spread(&wanted, 12.0, (0.0, 200.0));
            for pair in placed.windows(2) {
                prop_assert!(pair[1] - pair[0] >= 12.0 - 1e-9);
            }
            prop_assert!(placed.iter().all(|at| (-1e-9..=200.0 + 1e-9).contains(at)));
        }

        #[test]
        fn what_is_written_is_apart_and_inside(
            spots in prop::collection::vec((-20.0..320.0f64, -20.0..120.0f64, "[a-zéèA-Z -]{0,24}"), 1..40),
        ) {
            let frame = Frame { key: "k", title: "", desc: "", width: 300.0, height: 100.0 };
            let (mut places, mut svg) = (Places::new(&frame), Drawing::new(&frame));
            let ink = Ink::new(9.0, palette::NAVY).middle();
            let written: Vec<_> =
                spots.iter().filter_map(|(x, y, text)| places.write(&mut svg, ink, text, &[(*x, *y)])).collect();
            for (i, one) in written.iter().enumerate() {
                prop_assert!(one.is_within(&places.room));
                prop_assert!(!written[..i].iter().any(|other| other.touches(one)));
            }
        }
    }
}
