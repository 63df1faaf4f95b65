//! infra against the real thing: PostgreSQL, Chromium, and small servers that misbehave.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod ademe_certificates;
mod anthropic_writer;
mod breaker;
mod brevo_mailer;
mod clients;
mod cluster;
mod contacts_and_links;
mod contract_certificates;
mod contract_mailer;
mod contract_payments;
mod contract_storage;
mod contract_writer;
mod doubles;
mod event_store_audit;
mod event_store_commands;
mod event_store_concurrency;
mod event_store_heads;
mod event_store_history;
mod event_store_log;
mod event_store_projections;
mod event_store_restore;
mod event_store_rights;
mod event_store_sealer;
mod event_store_snapshots;
mod event_store_world;
mod jobs;
mod live;
mod notices;
mod patience;
mod pools;
mod projections_decisions;
mod projections_history;
mod projections_rebuild;
mod projections_shards;
mod secrets;
mod storage;
mod stripe_payments;
mod territories;
mod vendor;
