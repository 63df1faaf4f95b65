//! JSON bodies: what does not parse becomes a problem that names the field, the value and the remedy.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request, rejection::BytesRejection},
    http::{StatusCode, header},
};
use serde::de::{DeserializeOwned, IgnoredAny};

use crate::problem::{FieldError, Problem};

/// A JSON body of type `T`.
pub struct JsonBody<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        // A form of another site can post text/plain without asking; only JSON is ours.
        let json = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.split(';').next().is_some_and(|kind| kind.trim() == "application/json"));
        if !json {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "request.media_type",
                "Format de demande non accepté",
            )
            .detail("Envoyez du JSON, avec l’en-tête Content-Type\u{a0}: application/json."));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| refused_body(&rejection))?;
        parse(&bytes).map(Self)
    }
}

/// The problem of a body that could not be read.
pub fn refused_body(rejection: &BytesRejection) -> Problem {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "request.too_large", "Demande trop volumineuse")
            .detail("Le corps de la demande dépasse la taille acceptée.");
    }
    malformed("Le corps de la demande s’est interrompu avant la fin.")
}

fn malformed(detail: impl Into<String>) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "request.malformed", "Demande illisible").detail(detail)
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice::<IgnoredAny>(bytes).map_err(|error| explain(".", &error))?;
    // Serde would read a list as the fields of a struct, in their order.
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        return Err(Problem::invalid_field("corps", "type", "Le corps de la demande doit être un objet JSON."));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        explain(&path, error.inner())
    })
}

fn explain(path: &str, error: &serde_json::Error) -> Problem {
    if !error.is_data() {
        return malformed(format!(
            "Le corps n’est pas du JSON valide\u{a0}: erreur à la ligne {}, colonne {}.",
            error.line(),
            error.column()
        ));
    }
    Problem::invalid(vec![refused_field(path, &error.to_string())])
}

/// Serde says what is wrong in English prose of fixed form; a customer's screen needs French and a code.
fn refused_field(path: &str, message: &str) -> FieldError {
    let message = message.rsplit_once(" at line ").map_or(message, |(start, _)| start);
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let field = |name: &str| if name.is_empty() || name == "." { "corps".to_owned() } else { name.to_owned() };
    let at = |code: &str, name: String, message: String| FieldError { field: name, code: code.to_owned(), message };
    match (message.split(' ').next(), quoted.as_slice()) {
        (Some("missing"), [name, ..]) => {
            at("missing", field(name), format!("Le champ «\u{a0}{name}\u{a0}» est obligatoire."))
        }
        (Some("duplicate"), [name, ..]) => at(
            "duplicate",
            field(name),
            format!("Le champ «\u{a0}{name}\u{a0}» est donné deux fois\u{a0}: gardez-en un."),
        ),
        (Some("unknown"), [value, accepted @ ..]) if message.starts_with("unknown variant") => at(
            "value",
            field(path),
            format!("«\u{a0}{value}\u{a0}» n’est pas accepté\u{a0}; valeurs possibles\u{a0}: {}.", accepted.join(", ")),
        ),
        (Some("unknown"), [name, ..]) => {
            at("unknown", field(name), format!("Le champ «\u{a0}{name}\u{a0}» n’existe pas\u{a0}: retirez-le."))
        }
        _ => {
            at("type", field(path), "Cette valeur n’est pas du type attendu\u{a0}: voyez /api/openapi.json.".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Colour {
        Red,
        Green,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        #[serde(rename = "colour")]
        _colour: Colour,
    }

    fn refusal(body: &str) -> (String, String, String) {
        let error = serde_path_to_error::deserialize::<_, Sample>(&mut serde_json::Deserializer::from_str(body))
            .expect_err("the body must be refused");
        let FieldError { field, code, message } = refused_field(&error.path().to_string(), &error.inner().to_string());
        (field, code, message)
    }

    #[test]
    fn each_structural_mistake_names_its_field_and_remedy() {
        let (field, code, _) = refusal("{}");
        assert_eq!((field.as_str(), code.as_str()), ("colour", "missing"));
        let (field, code, message) = refusal(r#"{"colour":"blue"}"#);
        assert_eq!((field.as_str(), code.as_str()), ("colour", "value"));
        assert_eq!(message, "«\u{a0}blue\u{a0}» n’est pas accepté\u{a0}; valeurs possibles\u{a0}: red, green.");
        let (field, code, _) = refusal(r#"{"colour":"red","price":1}"#);
        assert_eq!((field.as_str(), code.as_str()), ("price", "unknown"));
        let (field, code, _) = refusal(r#"{"colour":"red","colour":"green"}"#);
        assert_eq!((field.as_str(), code.as_str()), ("colour", "duplicate"));
        let (field, code, _) = refusal(r#"{"colour":3}"#);
        assert_eq!((field.as_str(), code.as_str()), ("colour", "type"));
    }

    #[test]
    fn only_one_object_is_a_body() {
        assert!(parse::<Sample>(br#"{"colour":"red"}"#).is_ok());
        assert!(parse::<Sample>(br#"{"colour":"red"} {}"#).is_err());
        assert!(parse::<Sample>(br#"["red"]"#).is_err());
    }
}
