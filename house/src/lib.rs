//! Dev-only: the rules of the house are tests (`tests/`); there is no code to share.
