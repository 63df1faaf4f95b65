//! Imports, refusals and specimens against a real PostgreSQL.

mod real_files;
mod specimens;
mod support;
