//! The router as a client sees it, with ports in memory and the read models in PostgreSQL.

mod openapi;
