//! Imports, refusals and specimens against a real PostgreSQL.

mod real_files;
mod support;
