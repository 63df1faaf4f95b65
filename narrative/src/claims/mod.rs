//! Claims: what the words of comparison, direction, rank and share assert, proved by the facts (V05, V06, V07, V09).
//!
//! Claims come in the order of the sentences. Each has its words, and each of those words its claim.

mod comparison;
mod order;
mod truth;
mod words;

use super::Claim;
use super::rules::Fault;
use super::text::Text;

pub use words::{Mention, mentions};

/// What is asserted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    Gt,
    Lt,
    Approx,
    Up,
    Down,
    Flat,
    Accel,
    Decel,
    Rank(Side, Band),
    Share(Share),
}

/// The end of the scale at which a rank stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    High,
    Low,
}

/// How far a rank stands from the middle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Band {
    Extreme,
    Marked,
    Middle,
}

/// On which side of the half.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    Majority,
    Minority,
}

impl Op {
    /// The rule that the words of this operator fall under.
    pub fn code(self) -> &'static str {
        match self {
            Self::Gt | Self::Lt | Self::Approx => "V07",
            Self::Up | Self::Down | Self::Flat | Self::Accel | Self::Decel => "V06",
            Self::Rank(..) => "V09",
            Self::Share(_) => "V05",
        }
    }

    /// The claim as JSON, for an objection.
    pub fn wanted(self) -> String {
        let simple = |op: &str| format!("{{\"op\":\"{op}\",…}}");
        match self {
            Self::Gt => simple("gt"),
            Self::Lt => simple("lt"),
            Self::Approx => simple("approx"),
            Self::Up => simple("up"),
            Self::Down => simple("down"),
            Self::Flat => simple("flat"),
            Self::Accel => simple("accel"),
            Self::Decel => simple("decel"),
            Self::Rank(side, band) => {
                let side = if side == Side::High { "high" } else { "low" };
                let band = match band {
                    Band::Extreme => "extreme",
                    Band::Marked => "marked",
                    Band::Middle => return "{\"op\":\"rank\",…,\"band\":\"middle\"}".to_owned(),
                };
                format!("{{\"op\":\"rank\",…,\"side\":\"{side}\",\"band\":\"{band}\"}}")
            }
            Self::Share(Share::Majority) => "{\"op\":\"share\",…,\"band\":\"majority\"}".to_owned(),
            Self::Share(Share::Minority) => "{\"op\":\"share\",…,\"band\":\"minority\"}".to_owned(),
        }
    }

    /// Reads the operator of a claim.
    pub fn of(claim: &Claim) -> Option<Self> {
        Some(match claim.op.as_str() {
            "gt" => Self::Gt,
            "lt" => Self::Lt,
            "approx" => Self::Approx,
            "up" => Self::Up,
            "down" => Self::Down,
            "flat" => Self::Flat,
            "accel" => Self::Accel,
            "decel" => Self::Decel,
            "rank" => {
                let band = match claim.band.as_deref()? {
                    "extreme" => Band::Extreme,
                    "marked" => Band::Marked,
                    "middle" => Band::Middle,
                    _ => return None,
                };
                let side = match claim.side.as_deref() {
                    Some("high") => Side::High,
                    Some("low") => Side::Low,
                    // The middle has no side.
                    None if band == Band::Middle => Side::High,
                    _ => return None,
                };
                Self::Rank(side, band)
            }
            "share" => Self::Share(match claim.band.as_deref()? {
                "majority" => Share::Majority,
                "minority" => Share::Minority,
                _ => return None,
            }),
            _ => return None,
        })
    }

    /// Whether a word of `self` is a word of a claim of `other`.
    fn agrees(self, other: Self) -> bool {
        match (self, other) {
            (Self::Rank(_, Band::Middle), Self::Rank(_, Band::Middle)) => true,
            _ => self == other,
        }
    }
}

/// All faults of the claims of a block and of the words that need one.
pub fn check(text: &Text<'_>, mentions: &[Mention], claims: &[Claim]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut read: Vec<(&Claim, Op)> = Vec::new();
    for claim in claims {
        match Op::of(claim) {
            Some(op) => {
                if let Err(expected) = truth::holds(text, claim, op, claims) {
                    faults.push(Fault::new(op.code(), describe(claim), expected));
                }
                read.push((claim, op));
            }
            None => faults.push(unreadable(claim)),
        }
    }
    for mention in mentions.iter().filter(|mention| text.is_denied(mention.start, mention.end)) {
        let expected = "une affirmation sans négation : dites-le positivement";
        faults.push(Fault::at(mention.start, mention.op.code(), text.excerpt(mention.start, mention.end), expected));
    }
    faults.extend(order::check(text, mentions, &read));
    faults.extend(words::intensities(text, mentions, &read));
    faults
}

fn unreadable(claim: &Claim) -> Fault {
    let code = match claim.op.as_str() {
        "rank" => "V09",
        "share" => "V05",
        _ => "V01",
    };
    Fault::new(code, describe(claim), "une affirmation du schéma : op, a, et b, side ou band selon op")
}

/// A claim in a few words.
fn describe(claim: &Claim) -> String {
    let rest = [&claim.b, &claim.side, &claim.band].into_iter().flatten();
    rest.fold(format!("{} {}", claim.op, claim.a), |text, word| format!("{text} {word}")).chars().take(120).collect()
}

/// Whether a claim is true of the facts that a text cites, whatever its words.
pub fn is_true(text: &Text<'_>, claim: &Claim) -> bool {
    Op::of(claim).is_some_and(|op| truth::holds(text, claim, op, &[]).is_ok())
}
