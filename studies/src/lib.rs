//! The studies we sell: facts from the open data, words about them, charts and pages. One folder per study.

mod canonical;
mod catalogue;
pub mod charts;
pub mod facts;
pub mod log_01;
pub mod narrative;
pub mod pages;
mod study;
pub mod territory;

pub use canonical::canonical;
pub use catalogue::PgCatalogue;
pub use study::{STUDIES, Study, StudyError, StudyInfo, datasets_used, find};
