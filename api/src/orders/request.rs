//! The body of `POST /api/orders`: what a customer may say, and what is wrong with it in French.

use std::collections::BTreeSet;

use domain::order::RecipientKind;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::problem::{FieldError, Problem};

/// Who buys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    Particulier,
    Entreprise,
    Collectivite,
}

impl From<Recipient> for RecipientKind {
    fn from(recipient: Recipient) -> Self {
        match recipient {
            Recipient::Particulier => Self::Particulier,
            Recipient::Entreprise => Self::Entreprise,
            Recipient::Collectivite => Self::Collectivite,
        }
    }
}

/// What a consumer must accept before immediate supply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConsentKind {
    ExecutionImmediate,
    RenonciationRetractation,
}

impl ConsentKind {
    /// The name kept with the consent.
    pub fn name(self) -> &'static str {
        match self {
            Self::ExecutionImmediate => "execution_immediate",
            Self::RenonciationRetractation => "renonciation_retractation",
        }
    }
}

/// An order, as a customer asks for it.
#[derive(Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
#[schema(as = OrderRequest)]
pub struct Request {
    /// INSEE code.
    #[garde(custom(commune_code))]
    #[schema(example = "44109")]
    pub commune: String,
    /// Code of the study.
    #[garde(custom(study_code))]
    #[schema(example = "LOG-01")]
    pub study: String,
    /// Where the link to the report is sent.
    #[garde(custom(address))]
    #[schema(format = "email", max_length = 254)]
    pub email: String,
    pub recipient: Recipient,
    /// Both are mandatory for a `particulier`.
    #[garde(custom(|given: &BTreeSet<ConsentKind>, _: &()| both_for_a_consumer(given, self.recipient)))]
    #[schema(value_type = Vec<ConsentKind>)]
    pub consents: BTreeSet<ConsentKind>,
}

impl Request {
    /// The same request without the blanks that a copy and paste leaves.
    pub fn trimmed(self) -> Self {
        let trim = |text: String| text.trim().to_owned();
        Self { commune: trim(self.commune), study: trim(self.study), email: trim(self.email), ..self }
    }

    /// One form for equal requests, whatever the order of their fields.
    pub fn canonical(&self) -> Vec<u8> {
        let consents: Vec<&str> = self.consents.iter().map(|kind| kind.name()).collect();
        format!("{}\n{}\n{}\n{:?}\n{}", self.commune, self.study, self.email, self.recipient, consents.join(","))
            .into_bytes()
    }
}

/// The problem of a request that does not pass.
pub fn refused(report: &garde::Report) -> Problem {
    let error = |(path, error): &(garde::Path, garde::Error)| {
        let (code, message) = error.message().split_once('|').unwrap_or(("value", error.message()));
        FieldError { field: path.to_string(), code: code.to_owned(), message: message.to_owned() }
    };
    Problem::invalid(report.iter().map(error).collect())
}

/// Garde carries one text per error: the code stands before the bar.
fn wrong(code: &str, message: &str) -> garde::Result {
    Err(garde::Error::new(format!("{code}|{message}")))
}

fn commune_code(code: &str, (): &()) -> garde::Result {
    match code.chars().count() {
        0 => wrong("missing", "Choisissez une commune."),
        1..=10 if code.chars().all(|c| c.is_ascii_alphanumeric()) => Ok(()),
        _ => wrong("format", "Le code d’une commune a cinq caractères, par exemple 44109 ou 2A004."),
    }
}

fn study_code(code: &str, (): &()) -> garde::Result {
    match code.len() {
        0 => wrong("missing", "Choisissez une étude."),
        1..=20 if code.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') => Ok(()),
        _ => wrong("format", "Le code d’une étude s’écrit comme LOG-01."),
    }
}

fn address(address: &str, (): &()) -> garde::Result {
    if address.is_empty() {
        return wrong("missing", "Indiquez l’adresse e-mail à laquelle envoyer le rapport.");
    }
    let sound = address.len() <= 254
        && garde::rules::email::parse_email(address).is_ok()
        && address.rsplit_once('@').is_some_and(|(_, domain)| domain.contains('.'));
    if sound {
        Ok(())
    } else {
        wrong("format", "Cette adresse e-mail n’est pas valide\u{a0}: vérifiez-la, par exemple nom@domaine.fr.")
    }
}

fn both_for_a_consumer(given: &BTreeSet<ConsentKind>, recipient: Recipient) -> garde::Result {
    let all = [ConsentKind::ExecutionImmediate, ConsentKind::RenonciationRetractation];
    if recipient == Recipient::Particulier && !all.iter().all(|kind| given.contains(kind)) {
        return wrong("missing", "Un particulier doit cocher les deux accords avant une livraison immédiate.");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(commune: &str, email: &str, recipient: Recipient) -> Request {
        let consents = BTreeSet::new();
        Request {
            commune: commune.to_owned(),
            study: "LOG-01".to_owned(),
            email: email.to_owned(),
            recipient,
            consents,
        }
    }

    fn errors(request: &Request) -> Vec<(String, String)> {
        let Err(report) = request.validate() else { return vec![] };
        let split = |(path, error): &(garde::Path, garde::Error)| {
            (path.to_string(), error.message().split('|').next().unwrap_or_default().to_owned())
        };
        report.iter().map(split).collect()
    }

    #[test]
    fn a_company_needs_no_consent_and_a_consumer_needs_both() {
        assert_eq!(errors(&request("44109", "agent@ville.example", Recipient::Entreprise)), vec![]);
        let consumer = request("44109", "agent@ville.example", Recipient::Particulier);
        assert_eq!(errors(&consumer), vec![("consents".to_owned(), "missing".to_owned())]);
        let all = [ConsentKind::ExecutionImmediate, ConsentKind::RenonciationRetractation];
        assert_eq!(errors(&Request { consents: all.into(), ..consumer }), vec![]);
    }

    #[test]
    fn every_wrong_field_is_told_at_once() {
        let wrong = request("44 109", "pas une adresse", Recipient::Particulier);
        let fields: BTreeSet<_> = errors(&wrong).into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["commune", "consents", "email"].map(str::to_owned).into());
    }

    #[test]
    fn addresses_that_could_forge_a_mail_header_are_refused() {
        for address in ["a@b.fr\r\nBcc: c@d.fr", "a b@c.fr", "a@b", "@b.fr", "a@", &format!("{}@b.fr", "x".repeat(300))]
        {
            assert_eq!(errors(&request("44109", address, Recipient::Entreprise)).len(), 1, "{address:?} was accepted");
        }
    }
}
