//! The doubles over real HTTP, as the product and its vendors' clients see them.

#[cfg(test)]
mod ademe;
#[cfg(test)]
mod anthropic;
#[cfg(test)]
mod anthropic_account;
#[cfg(test)]
mod anthropic_refusals;
#[cfg(test)]
mod anthropic_scenarios;
#[cfg(test)]
mod bench;
#[cfg(test)]
mod brevo;
#[cfg(test)]
mod brevo_refusals;
#[cfg(test)]
mod brevo_webhooks;
#[cfg(test)]
mod control;
#[cfg(test)]
mod control_page;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod page;
#[cfg(test)]
mod s3;
#[cfg(test)]
mod stripe;
#[cfg(test)]
mod stripe_billing;
#[cfg(test)]
mod stripe_checkout;
#[cfg(test)]
mod stripe_money;
#[cfg(test)]
mod stripe_types;
#[cfg(test)]
mod webhooks;
