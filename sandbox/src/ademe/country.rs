//! A sample that stands for the whole country: what a filter that was not understood returns.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::Dataset;
use super::commune;
use super::geography::arrondissements;
use super::row::Row;
use crate::world::World;

/// Lines of the sample taken from each of its communes.
const LINES_EACH: usize = 50;

/// The sample; its weights add up to the data set's number of lines.
pub fn rows(world: &World, dataset: Dataset) -> Arc<Vec<Row>> {
    let communes = arrondissements().chain(commune::LARGE.iter().map(|code| (*code).to_owned()));
    let mut sample: Vec<Row> = communes
        .flat_map(|code| commune::generated(&code, dataset, world.seed.load(Ordering::SeqCst), LINES_EACH))
        .collect();
    let lines = u64::try_from(sample.len()).unwrap_or(u64::MAX).max(1);
    let (each, left) = (dataset.lines() / lines, dataset.lines() % lines);
    for (row, place) in sample.iter_mut().zip(0_u64..) {
        row.weight = each + u64::from(place < left);
    }
    Arc::new(sample)
}
