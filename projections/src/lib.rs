//! Read models: one folder each, and the runtime that keeps them behind the log.
