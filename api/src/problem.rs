//! Refusals as RFC 9457 problems: French for people, a frozen English `code` for programs, nothing internal.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{command::CommandError, ports::PortError};
use serde::Serialize;
use utoipa::ToSchema;

use crate::trace;

/// One field that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// Name of the field, as sent.
    pub field: String,
    /// Frozen, English.
    pub code: String,
    /// French: what is wrong and what to do.
    pub message: String,
}

/// The body of a problem (`application/problem+json`).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct Body {
    #[serde(rename = "type")]
    kind: String,
    title: &'static str,
    status: u16,
    #[schema(required = true)]
    detail: Option<String>,
    /// Frozen, English, e.g. `order.commune_unknown`.
    code: &'static str,
    /// The request's id: what to quote to support.
    #[schema(required = true)]
    instance: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    errors: Vec<FieldError>,
}

/// Why a request has no better answer.
#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    title: &'static str,
    detail: Option<String>,
    errors: Vec<FieldError>,
    retry_after: Option<u64>,
}

impl Problem {
    /// `code` is frozen once released; `title` is French.
    pub fn new(status: StatusCode, code: &'static str, title: &'static str) -> Self {
        Self { status, code, title, detail: None, errors: Vec::new(), retry_after: None }
    }

    /// French: what happened and what to do.
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Seconds to wait before asking again.
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// 422: the request is well formed and its content is refused.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let detail = match errors.as_slice() {
            [only] => only.message.clone(),
            several => format!("{} champs sont à corriger.", several.len()),
        };
        let problem = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "request.invalid", "Demande à corriger");
        Self { errors, ..problem.detail(detail) }
    }

    /// 422 about one field.
    pub fn invalid_field(field: &str, code: &str, message: impl Into<String>) -> Self {
        Self::invalid(vec![FieldError { field: field.to_owned(), code: code.to_owned(), message: message.into() }])
    }

    /// 503: a part we need does not answer; nothing was lost.
    pub fn unavailable() -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "service.unavailable", "Service momentanément indisponible")
            .detail(
                "Un service dont nous avons besoin ne répond pas. Rien n’est perdu\u{a0}: réessayez dans un instant.",
            )
            .retry_after(5)
    }

    /// 500: tells nothing; the log has the cause under the request's id.
    pub fn unexpected(error: &dyn std::fmt::Display) -> Self {
        tracing::error!(%error, "a request failed for a reason of ours: {error}");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "server.unexpected", "Erreur de notre côté")
            .detail("Une erreur inattendue s’est produite. Elle est enregistrée sous la référence de cette demande.")
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = Body {
            kind: format!("urn:lobster:problem:{}", self.code),
            title: self.title,
            status: self.status.as_u16(),
            detail: self.detail,
            code: self.code,
            instance: trace::current_request().map(|id| format!("urn:uuid:{id}")),
            errors: self.errors,
        };
        let mut response = (self.status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

impl From<PortError> for Problem {
    fn from(error: PortError) -> Self {
        match &error {
            PortError::Transient { retry_after, .. } => {
                tracing::warn!(%error, "a port does not answer: {error}");
                Self::unavailable().retry_after(retry_after.unwrap_or(5))
            }
            PortError::Refused { .. } | PortError::Missing { .. } | PortError::Collision { .. } => {
                Self::unexpected(&error)
            }
        }
    }
}

impl From<sqlx::Error> for Problem {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => {
                tracing::warn!(%error, "the read models do not answer: {error}");
                Self::unavailable()
            }
            _ => Self::unexpected(&error),
        }
    }
}

impl From<CommandError> for Problem {
    fn from(error: CommandError) -> Self {
        match &error {
            CommandError::Conflict { .. } | CommandError::Store(_) => {
                tracing::warn!(%error, "a command was not carried out: {error}");
                Self::unavailable()
            }
            CommandError::Order(_) | CommandError::Report(_) | CommandError::Reconciliation(_) => {
                Self::unexpected(&error)
            }
        }
    }
}
