//! The studies we sell: facts, words, charts and pages; one folder each.
