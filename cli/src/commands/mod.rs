//! The commands beside `serve` and `demo`, one file each.

pub mod cases;
pub mod datasets;
pub mod doctor;
pub mod es;
pub mod jobs;
pub mod migrate;
pub mod order;
pub mod payments;
pub mod projections;
pub mod report;
pub mod sandbox;
pub mod seed;
pub mod study;
pub mod validate;
pub mod worker;
