//! What the staff may ask about one order, and about the cases that wait for a person.

use std::str::FromStr;

use clap::{Args, Subcommand, ValueEnum};
use domain::order::RefundReason;
use infra::config::Staff;
use uuid::Uuid;

/// Who asks, and whether to ask back.
#[derive(Debug, Args)]
pub struct Doing {
    #[command(flatten)]
    pub staff: Staff,
    /// Do it without asking again
    #[arg(long)]
    pub yes: bool,
}

#[derive(Debug, Subcommand)]
pub enum Order {
    /// Show an order: where it stands, its money, its mail, its cases, its story
    #[command(after_help = "Example: lobster order show 019a8f3c-…")]
    Show { id: Uuid },
    /// Give money back: all that is left of the order's payment, unless told otherwise
    #[command(after_help = "Example: lobster order refund 019a8f3c-… --amount 100.00 --reason requested --dry-run")]
    Refund {
        id: Uuid,
        /// Euros and cents, e.g. 100.00
        #[arg(long)]
        amount: Option<Cents>,
        /// The vendor's id of the payment, where it is not the one that paid the order
        #[arg(long, value_name = "PAYMENT")]
        payment: Option<String>,
        #[arg(long, value_enum, default_value = "requested")]
        reason: Reason,
        /// Say what would be done, and do nothing
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        doing: Doing,
    },
    /// Cancel an order that nobody has paid
    #[command(after_help = "Example: lobster order cancel 019a8f3c-…")]
    Cancel {
        id: Uuid,
        #[command(flatten)]
        doing: Doing,
    },
    /// Take held money as the payment of the order
    #[command(after_help = "Example: lobster order accept-payment 019a8f3c-…")]
    AcceptPayment {
        id: Uuid,
        #[command(flatten)]
        doing: Doing,
    },
    /// Write a note on an order; it cannot be changed afterwards
    #[command(after_help = "Example: lobster order note 019a8f3c-… --text 'Client rappelé' --closes 5d41402a-…")]
    Note {
        id: Uuid,
        #[arg(long)]
        text: String,
        /// The case that this note closes
        #[arg(long, value_name = "CASE")]
        closes: Option<Uuid>,
        #[command(flatten)]
        doing: Doing,
    },
}

#[derive(Debug, Subcommand)]
pub enum Cases {
    /// What waits for a person
    #[command(after_help = "Example: lobster cases list --all")]
    List {
        /// The closed ones too
        #[arg(long)]
        all: bool,
    },
    /// Close a case with a note
    #[command(after_help = "Example: lobster cases close 5d41402a-… --note 'Rapport envoyé à une autre adresse'")]
    Close {
        case: Uuid,
        #[arg(long)]
        note: String,
        /// The order that tells it, for a case that names none
        #[arg(long, value_name = "ORDER")]
        order: Option<Uuid>,
        #[command(flatten)]
        doing: Doing,
    },
}

/// Why money goes back.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Reason {
    Requested,
    Duplicate,
    Fraudulent,
}

impl From<Reason> for RefundReason {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::Requested => Self::RequestedByCustomer,
            Reason::Duplicate => Self::Duplicate,
            Reason::Fraudulent => Self::Fraudulent,
        }
    }
}

/// An amount in cents, written in euros.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cents(pub i64);

impl FromStr for Cents {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refused = || format!("{text:?} is no amount: write euros and cents, e.g. 100.00");
        let (euros, cents) = text.split_once(['.', ',']).unwrap_or((text, "00"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(euros) || !digits(cents) || cents.len() != 2 || euros.len() > 9 {
            return Err(refused());
        }
        match format!("{euros}{cents}").parse() {
            Ok(all) if all > 0 => Ok(Self(all)),
            _ => Err(refused()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_euros_and_two_digits_of_cents() {
        for (text, cents) in [("100.00", 10_000), ("100", 10_000), ("0,50", 50), ("1234.05", 123_405)] {
            assert_eq!(text.parse(), Ok(Cents(cents)), "{text}");
        }
        for text in ["", "0", "0.00", "-5", "1.5", "1.005", "1 000", "12e3", "1.-5", "9999999999.00"] {
            assert!(text.parse::<Cents>().is_err(), "{text}");
        }
    }
}
