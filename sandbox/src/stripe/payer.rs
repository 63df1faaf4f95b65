//! What the customer says about themselves on the payment page.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Everything the page may ask for; what was not asked for stays empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Payer {
    pub email: Option<String>,
    pub name: Option<String>,
    pub line1: Option<String>,
    pub postal_code: Option<String>,
    pub city: Option<String>,
    pub phone: Option<String>,
    /// VAT number, SIREN or SIRET, as typed.
    pub tax_id: Option<String>,
}

/// The name of a payer who gave none.
const NAME: &str = "Titulaire de test";

impl Payer {
    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or(NAME)
    }

    /// The address as Stripe writes it; the double knows no other country.
    pub fn address(&self) -> Value {
        json!({ "city": self.city, "country": "FR", "line1": self.line1, "line2": null,
            "postal_code": self.postal_code, "state": null })
    }

    /// The tax number with its kind, recognised by its shape.
    pub fn tax_ids(&self) -> Value {
        let Some(typed) = &self.tax_id else { return json!([]) };
        let value: String = typed.chars().filter(|letter| !letter.is_whitespace()).collect();
        let digits = value.bytes().all(|letter| letter.is_ascii_digit());
        let kind = match value.len() {
            9 if digits => "fr_siren",
            14 if digits => "fr_siret",
            _ => "eu_vat",
        };
        json!([{ "type": kind, "value": value }])
    }
}

/// An address nobody has given yet.
pub fn nowhere() -> Value {
    json!({ "city": null, "country": null, "line1": null, "line2": null, "postal_code": null, "state": null })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tax_number_is_known_by_its_shape() {
        let kind = |typed: &str| {
            let payer = Payer { tax_id: Some(typed.into()), ..Payer::default() };
            payer.tax_ids()[0]["type"].as_str().unwrap().to_owned()
        };
        assert_eq!(kind("213 500 519"), "fr_siren");
        assert_eq!(kind("21350051900017"), "fr_siret");
        assert_eq!(kind("FR 12 213500519"), "eu_vat");
    }
}
