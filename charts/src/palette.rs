//! Colours and marks: one meaning each, in every chart, map and table.

use domain::fact::ScopeKind;

pub const NAVY: &str = "#0d1f3c";
pub const ORANGE: &str = "#e87722";
pub const ORANGE_INK: &str = "#a84f0a";
pub const ORANGE_PALE: &str = "#f7d3b5";
pub const TEAL: &str = "#2a7f7f";
pub const TEAL_INK: &str = "#1f6666";
pub const GOLD: &str = "#c9a84c";
pub const GOLD_INK: &str = "#7a5f14";
pub const GREY: &str = "#5b6577";
pub const SLATE: &str = "#7d8ba3";
pub const SLATE_INK: &str = "#55627a";
pub const RULE: &str = "#d5deea";
pub const MIST: &str = "#f0f4fa";
pub const BAND: &str = "#dbe3ef";
pub const WHITE: &str = "#ffffff";
/// Sequential ramp of choropleths, light to dark; it stays in order in greyscale.
pub const RAMP: [&str; 5] = ["#eaf1f1", "#c3dcdb", "#8cbcbb", "#4f9897", "#1f6464"];

/// Communes on the navy cover, and their borders.
pub const NIGHT_LAND: &str = "#24385c";
pub const NIGHT_EDGE: &str = "#5b6f94";

const INDIGO: [&str; 7] = ["#0d1f3c", "#2f4468", "#51688f", "#7d8ba3", "#a3b1c7", "#c6d1e1", "#e6ecf5"];

/// Fills for the parts of one whole, dark to light. They are no scope's colour, and neighbours stay apart in greyscale.
/// There are seven at most: with more, the callers repeat them.
#[must_use]
pub fn parts(count: usize) -> Vec<&'static str> {
    let chosen: &[usize] = match count {
        0 | 1 => &[2],
        2 => &[1, 4],
        3 => &[1, 3, 5],
        4 => &[1, 3, 5, 6],
        5 => &[0, 2, 3, 5, 6],
        6 => &[0, 1, 2, 3, 5, 6],
        _ => &[0, 1, 2, 3, 4, 5, 6],
    };
    chosen.iter().map(|&i| INDIGO[i]).collect()
}

/// Colour of small type upon one of the [`parts`].
#[must_use]
pub fn upon(part: &str) -> &'static str {
    if INDIGO[..3].contains(&part) { WHITE } else { NAVY }
}

/// Colour of lines and marks of a scope.
#[must_use]
pub fn stroke(scope: ScopeKind) -> &'static str {
    match scope {
        ScopeKind::Com => ORANGE,
        ScopeKind::Epci => TEAL,
        ScopeKind::Dep => GOLD,
        ScopeKind::Reg => GREY,
        ScopeKind::Fr => SLATE,
        ScopeKind::Sim => NAVY,
    }
}

/// Colour of text about a scope: dark enough for small type on white and on mist.
#[must_use]
pub fn ink(scope: ScopeKind) -> &'static str {
    match scope {
        ScopeKind::Com => ORANGE_INK,
        ScopeKind::Epci => TEAL_INK,
        ScopeKind::Dep => GOLD_INK,
        ScopeKind::Reg => GREY,
        ScopeKind::Fr => SLATE_INK,
        ScopeKind::Sim => NAVY,
    }
}

/// Dash pattern of a scope's line, so that colour is never alone.
#[must_use]
pub fn dash(scope: ScopeKind) -> Option<&'static str> {
    match scope {
        ScopeKind::Com | ScopeKind::Epci => None,
        ScopeKind::Dep => Some("7 2"),
        ScopeKind::Reg => Some("2 2"),
        ScopeKind::Fr => Some("5 2 1 2"),
        ScopeKind::Sim => Some("1 2"),
    }
}
