//! Dev-only: a private PostgreSQL cluster and cloned databases for tests.
