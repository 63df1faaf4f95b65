//! The doubles over real HTTP, as the product and its vendors' clients see them.

#[cfg(test)]
mod ademe;
#[cfg(test)]
mod anthropic;
#[cfg(test)]
mod bench;
#[cfg(test)]
mod brevo;
#[cfg(test)]
mod control;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod page;
#[cfg(test)]
mod s3;
#[cfg(test)]
mod stripe;
#[cfg(test)]
mod webhooks;
