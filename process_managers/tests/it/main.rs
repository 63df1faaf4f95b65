//! Policies against a real PostgreSQL: every job twice, and every job that dies between the outside and the log. And in a
//! simulated world, in which anything may fail.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod boundaries;
mod chaos;
mod crash;
mod delivery;
mod door;
mod dying;
mod mortal;
mod payments;
mod points;
mod process;
mod queue;
mod reconcile;
mod signed;
mod sim;
mod specimen;
mod till;
mod unreached;
mod upkeep;
mod watchdog;
mod world;
mod writing;
