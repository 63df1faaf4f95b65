//! What needs more than the crate itself: the browser that prints, the instructions to the model, hostile names.

#[cfg(test)]
mod hostile;
#[cfg(test)]
mod instructions;
#[cfg(test)]
mod print;
