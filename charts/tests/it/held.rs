//! Goldens of the gallery, and the rules of the house checked on each. `INSTA_UPDATE=always` rewrites the goldens.

use std::collections::BTreeSet;

use insta::assert_snapshot;

use crate::{drawings, geometry};

fn all() -> Vec<(String, String)> {
    let drawn = drawings::all().into_iter();
    drawn.map(|drawn| (format!("{} {}", drawn.kind, drawn.state), drawn.svg.to_string())).collect()
}

#[test]
fn drawings_do_not_change_by_accident() {
    for (name, svg) in all() {
        // One element a line, so that a golden is readable and its difference too.
        assert_snapshot!(name.replace([' ', ','], "_"), svg.replace("><", ">\n<"));
    }
}

#[test]
fn drawing_twice_gives_the_same() {
    assert_eq!(all(), all());
}

#[test]
fn each_drawing_has_a_role_a_name_and_a_description() {
    for (name, svg) in all() {
        assert!(svg.starts_with("<svg ") && svg.contains("role=\"img\""), "{name}");
        assert!(svg.contains("<title>Titre d’essai</title><desc>Description d’essai</desc>"), "{name}");
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{name}");
    }
}

#[test]
fn no_two_texts_touch_and_nothing_leaves_the_frame() {
    for (name, svg) in all() {
        let size = crate::random::size(&svg);
        let texts = geometry::texts(&svg);
        for (i, text) in texts.iter().enumerate() {
            assert!(text.is_within(size), "{name}: {text:?} leaves {size:?}");
            for other in &texts[..i] {
                assert!(!text.touches(other), "{name}: {text:?} touches {other:?}");
            }
        }
        for shape in geometry::shapes(&svg) {
            assert!(shape.is_within(size), "{name}: {shape:?} leaves {size:?}");
        }
    }
}

#[test]
fn fills_side_by_side_stay_apart_in_greyscale() {
    let mut pairs = 0;
    for (name, svg) in all() {
        let blocks = geometry::blocks(&svg);
        for (i, one) in blocks.iter().enumerate() {
            for other in &blocks[..i] {
                if !side_by_side(one, other) || !one.content.starts_with('#') || !other.content.starts_with('#') {
                    continue;
                }
                let distance = (geometry::lightness(&one.content) - geometry::lightness(&other.content)).abs();
                assert!(one.content == other.content || distance > 20.0, "{name}: {one:?} beside {other:?}");
                pairs += 1;
            }
        }
    }
    assert!(pairs > 20, "{pairs} pairs are no proof");
}

/// Whether two blocks share an edge, without one lying on the other.
fn side_by_side(one: &geometry::Piece, other: &geometry::Piece) -> bool {
    let over = |a: (f64, f64), b: (f64, f64)| a.1.min(b.1) - a.0.max(b.0);
    let across = over((one.left, one.right), (other.left, other.right));
    let along = over((one.top, one.bottom), (other.top, other.bottom));
    (across.abs() < 0.7 && along > 2.0) || (along.abs() < 0.7 && across > 2.0)
}

#[test]
fn every_colour_is_in_the_palette() {
    let palette: BTreeSet<String> = include_str!("../../src/palette.rs")
        .split('"')
        .filter(|piece| piece.len() == 7 && piece.starts_with('#'))
        .map(str::to_owned)
        .collect();
    for (name, svg) in all() {
        for colour in geometry::colours(&svg) {
            assert!(palette.contains(&colour), "{name}: {colour}");
        }
    }
}

#[test]
fn what_is_withheld_is_hatched_or_said() {
    let withheld: Vec<_> = all().into_iter().filter(|(name, _)| name.contains("secret")).collect();
    assert!(withheld.len() >= 7);
    for (name, svg) in withheld {
        assert!(svg.contains("-hachures") || svg.contains("n.d."), "{name}");
    }
    let nothing: Vec<_> = all().into_iter().filter(|(name, _)| name.ends_with(" rien")).collect();
    assert!(nothing.len() >= 5);
    for (name, svg) in nothing {
        assert_eq!(geometry::texts(&svg).len(), 1, "{name}");
        assert!(svg.contains(">Données non publiées<"), "{name}");
    }
}
