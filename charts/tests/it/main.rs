//! The drawings of the gallery, held; and what holds for every drawing whatever its figures.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

#[path = "../../examples/gallery/drawings/mod.rs"]
mod drawings;
mod geometry;
mod held;
mod random;
