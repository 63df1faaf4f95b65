//! The studies we sell: facts from the open data, charts and pages. One folder per study.

mod annex;
mod blocks;
mod catalogue;
mod eligibility;
mod exhibits;
pub mod log_01;
pub mod pages;
mod report;
mod specimens;
mod study;
pub mod ter_01;
pub mod themes;
mod writer;

pub use annex::spreadsheet;
pub use catalogue::PgCatalogue;
pub use indicators::canonical;
pub use narrative::{Judgement, Narrative};
pub use study::{STUDIES, Study, StudyError, StudyInfo, datasets_used, find};
