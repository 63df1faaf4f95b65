//! What needs more than the crate itself: the browser that prints.

#[cfg(test)]
mod print;
