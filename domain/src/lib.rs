//! What LObsTer decides and what it needs: pure aggregates, events, facts and ports. No I/O.

pub mod command;
pub mod eligibility;
pub mod fact;
pub mod history;
pub mod identity;
pub mod log;
pub mod money;
pub mod order;
pub mod ports;
pub mod reconciliation;
pub mod report;
