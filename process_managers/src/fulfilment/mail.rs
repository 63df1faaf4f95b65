//! The delivery mail: subject, plain text and HTML from `templates/emails`.

use std::sync::LazyLock;

use serde::Serialize;
use tera::{Context, Tera};

use crate::JobFailure;

static MAILS: LazyLock<Result<Tera, tera::Error>> = LazyLock::new(|| {
    let mut tera = Tera::default();
    tera.add_raw_templates([
        ("delivery.subject", include_str!("../../../templates/emails/delivery.subject")),
        ("delivery.txt", include_str!("../../../templates/emails/delivery.txt")),
        ("delivery.html", include_str!("../../../templates/emails/delivery.html")),
    ])?;
    Ok(tera)
});

/// What the mail says.
#[derive(Debug, Serialize)]
pub(super) struct Delivery<'a> {
    pub etude: &'a str,
    pub commune: &'a str,
    pub code: &'a str,
    pub taille: String,
    pub lien: String,
    pub echeance: String,
    pub empreinte: &'a str,
    pub numero: String,
    pub specimen: bool,
}

/// A mail in its three parts.
#[derive(Debug)]
pub(super) struct Rendered {
    pub subject: String,
    pub text: String,
    pub html: String,
}

pub(super) fn render(delivery: &Delivery<'_>) -> Result<Rendered, JobFailure> {
    let broken = |error: &dyn std::fmt::Display| JobFailure::Broken(format!("the delivery mail: {error}"));
    let mails = MAILS.as_ref().map_err(|error| broken(error))?;
    let context = Context::from_serialize(delivery).map_err(|error| broken(&error))?;
    let part = |name: &str| mails.render(name, &context).map_err(|error| broken(&error));
    Ok(Rendered {
        subject: part("delivery.subject")?.trim().to_owned(),
        text: part("delivery.txt")?,
        html: part("delivery.html")?,
    })
}

/// `345 ko`, `1,2 Mo`; French units, no-break spaces.
pub(super) fn size(bytes: u64) -> String {
    let kilo = bytes.div_ceil(1_000);
    if kilo < 1_000 { format!("{kilo}\u{a0}ko") } else { format!("{},{}\u{a0}Mo", kilo / 1_000, kilo % 1_000 / 100) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delivery(commune: &str) -> Rendered {
        render(&Delivery {
            etude: "Diagnostic logement",
            commune,
            code: "44109",
            taille: size(345_120),
            lien: "https://lobster.test/r/abc".into(),
            echeance: studies::pages::long_date(chrono::NaiveDate::from_ymd_opt(2026, 12, 1).unwrap()),
            empreinte: "ff",
            numero: "0123456789".into(),
            specimen: true,
        })
        .unwrap()
    }

    #[test]
    fn the_mail_names_the_commune_the_link_and_the_specimen_in_both_parts() {
        let mail = delivery("Nantes");
        assert_eq!(mail.subject, "Votre étude Diagnostic logement pour Nantes est prête");
        for part in [&mail.text, &mail.html] {
            assert!(part.contains("https://lobster.test/r/abc") && part.contains("spécimen"), "{part}");
            assert!(part.contains("/r/abc/chiffres.csv") && part.contains("/r/abc/chiffres.json"), "{part}");
            assert!(part.contains("346\u{a0}ko") && part.contains("1er\u{a0}décembre\u{a0}2026"), "{part}");
        }
    }

    #[test]
    fn a_name_cannot_write_markup_into_the_mail() {
        assert!(!delivery("<script>").html.contains("<script>"));
    }

    #[test]
    fn sizes_are_french() {
        assert_eq!((size(999), size(1_234_567)), ("1\u{a0}ko".into(), "1,2\u{a0}Mo".into()));
    }
}
