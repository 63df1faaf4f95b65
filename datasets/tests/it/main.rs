//! Imports, refusals and specimens against a real PostgreSQL.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod commune_tables;
mod fetching;
mod figures;
mod manifest;
mod maps;
mod parcels;
mod passage;
mod permits;
mod real_files;
mod refreshing;
mod refusals;
mod rollback;
mod sales;
mod services;
mod specimens;
mod support;
mod traps;
mod views;
