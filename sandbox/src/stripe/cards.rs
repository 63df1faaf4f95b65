//! Stripe's test cards and test account, and how each behaves.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::error::StripeError;

/// What is paid with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Means {
    Card {
        /// Digits of the test card.
        number: String,
        /// The bank saw the customer.
        authenticated: bool,
    },
    SepaDebit {
        /// Without spaces.
        iban: String,
    },
}

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

/// Pays, and the holder protests.
const DISPUTED: &str = "4000000000000259";
/// The account of the sheet: its debits succeed.
pub const GOOD_IBAN: &str = "FR1420041010050500013M02606";
/// Its debits fail.
pub const EMPTY_IBAN: &str = "FR8420041010050500013M02607";

impl Means {
    /// Stripe's name of the kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Card { .. } => "card",
            Self::SepaDebit { .. } => "sepa_debit",
        }
    }

    /// The fate of a refund.
    pub fn refund_fate(&self) -> RefundFate {
        match self {
            Self::Card { number, .. } if number == "4000000000007726" => RefundFate::Waits,
            Self::Card { number, .. } if number == "4000000000005126" => RefundFate::FailsLater,
            _ => RefundFate::Succeeds,
        }
    }

    /// Whether the holder protests as soon as it has paid.
    pub fn is_disputed(&self) -> bool {
        matches!(self, Self::Card { number, .. } if number == DISPUTED)
    }

    /// `payment_method_details` of a charge of `amount` cents.
    pub fn details(&self, amount: i64, succeeded: bool) -> Value {
        match self {
            Self::SepaDebit { iban } => json!({ "type": "sepa_debit", "sepa_debit": {
                "bank_code": iban.get(4..9), "branch_code": iban.get(9..14), "country": iban.get(..2),
                "expected_debit_date": null, "fingerprint": "sandbox",
                "last4": iban.get(iban.len().saturating_sub(4)..), "mandate": null } }),
            Self::Card { number, authenticated } => json!({ "type": "card", "card": {
                "amount_authorized": succeeded.then_some(amount), "authorization_code": null, "brand": brand(number),
                "checks": { "address_line1_check": null, "address_postal_code_check": null, "cvc_check": "pass" },
                "country": if number.starts_with("4000002500") { "FR" } else { "US" }, "exp_month": 12,
                "exp_year": 2034, "extended_authorization": { "status": "disabled" }, "fingerprint": "sandbox",
                "funding": "credit", "incremental_authorization": { "status": "unavailable" }, "installments": null,
                "last4": number.get(number.len().saturating_sub(4)..), "mandate": null,
                "multicapture": { "status": "unavailable" }, "network": brand(number),
                "network_token": { "used": false }, "network_transaction_id": null,
                "overcapture": { "maximum_amount_capturable": amount, "status": "unavailable" },
                "regulated_status": "unregulated", "three_d_secure": authenticated.then(|| json!({
                    "authentication_flow": "challenge", "electronic_commerce_indicator": "05",
                    "exemption_indicator": null, "result": "authenticated", "result_reason": null,
                    "transaction_id": null, "version": "2.2.0" })),
                "transaction_link_id": null, "wallet": null } }),
        }
    }
}

fn brand(number: &str) -> &'static str {
    if number.starts_with('5') { "mastercard" } else { "visa" }
}

/// The digits of what was typed.
pub fn digits(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_digit).collect()
}

/// An account number without its spaces.
pub fn iban(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase()
}

/// The fate of a payment by this card number (digits only).
pub fn outcome(number: &str) -> Outcome {
    let declined = |code, decline_code, message| Outcome::Declined(StripeError::card(code, decline_code, message));
    match number {
        "4242424242424242" | "4000002500000003" | "4000000000007726" | "4000000000005126" | "5555555555554444"
        | DISPUTED => Outcome::Pays,
        "4000002500003155" | "4000002760003184" => Outcome::Authenticates,
        "4000000000000002" => declined("card_declined", Some("generic_decline"), "Your card was declined."),
        "4000000000009995" => {
            declined("card_declined", Some("insufficient_funds"), "Your card has insufficient funds.")
        }
        "4000000000000069" => declined("expired_card", Some("expired_card"), "Your card has expired."),
        "4000000000000127" => {
            declined("incorrect_cvc", Some("incorrect_cvc"), "Your card's security code is incorrect.")
        }
        "4000000000000119" => declined(
            "processing_error",
            Some("processing_error"),
            "An error occurred while processing your card. Try again in a little bit.",
        ),
        _ => declined(
            "card_declined",
            Some("test_mode_live_card"),
            "Your card was declined. Your request was in test mode, but used a non test card.",
        ),
    }
}
