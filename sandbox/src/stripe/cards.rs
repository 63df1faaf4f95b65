//! Stripe's test cards.

use super::error::StripeError;

/// What happens when a card is used.
pub enum Outcome {
    /// Pays at once.
    Pays,
    /// Asks the customer to authenticate first.
    Authenticates,
    /// Refused.
    Declined(StripeError),
}

/// What becomes of a refund to this card.
pub enum RefundFate {
    Succeeds,
    /// Pending, then succeeds.
    Waits,
    /// Succeeds, then fails.
    FailsLater,
}

/// The digits of what was typed.
pub fn digits(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_digit).collect()
}

/// The fate of a payment by this card number (digits only).
pub fn outcome(number: &str) -> Outcome {
    let declined = |code, decline_code, message| Outcome::Declined(StripeError::card(code, decline_code, message));
    match number {
        "4242424242424242" | "4000002500000003" | "4000000000007726" | "4000000000005126" | "5555555555554444" => {
            Outcome::Pays
        }
        "4000002500003155" | "4000002760003184" => Outcome::Authenticates,
        "4000000000000002" => declined("card_declined", Some("generic_decline"), "Your card was declined."),
        "4000000000009995" => {
            declined("card_declined", Some("insufficient_funds"), "Your card has insufficient funds.")
        }
        "4000000000000069" => declined("expired_card", Some("expired_card"), "Your card has expired."),
        "4000000000000127" => {
            declined("incorrect_cvc", Some("incorrect_cvc"), "Your card's security code is incorrect.")
        }
        "4000000000000119" => {
            declined("processing_error", None, "An error occurred while processing your card. Try again later.")
        }
        _ => declined(
            "card_declined",
            Some("test_mode_live_card"),
            "Your card was declined. Your request was in test mode, but used a non test card.",
        ),
    }
}

/// The fate of a refund to this card number.
pub fn refund_fate(number: &str) -> RefundFate {
    match number {
        "4000000000007726" => RefundFate::Waits,
        "4000000000005126" => RefundFate::FailsLater,
        _ => RefundFate::Succeeds,
    }
}

/// Country of the bank that issued it.
pub fn country(number: &str) -> &'static str {
    if number.starts_with("4000002500") { "FR" } else { "US" }
}
