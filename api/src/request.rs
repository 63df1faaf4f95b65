//! What a request carries beside its body: path segments, query, and where it comes from.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::{ConnectInfo, FromRequestParts, Path, Query},
    http::{HeaderMap, StatusCode, request::Parts},
};
use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// The only variable segment of a path, as text; handlers decide what it may be.
pub struct Segment(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Segment {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(text) = Path::<String>::from_request_parts(parts, state).await.map_err(|_| no_route())?;
        Ok(Self(text))
    }
}

/// 404 for an address that nothing answers.
pub fn no_route() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "route.unknown", "Adresse inconnue")
        .detail("Aucune ressource à cette adresse. Les adresses existantes sont décrites dans /api/openapi.json.")
}

/// Query parameters of type `T`, whose fields are optional texts: handlers check the values.
pub struct Params<T>(pub T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Query(params) = Query::try_from_uri(&parts.uri).map_err(|_| {
            Problem::new(StatusCode::BAD_REQUEST, "request.malformed", "Demande illisible")
                .detail("Les paramètres de l’adresse ne sont pas lisibles, ou l’un d’eux est donné deux fois.")
        })?;
        Ok(Self(params))
    }
}

/// Where a request comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Client {
    /// The customer's address; `None` when it cannot be known.
    pub ip: Option<IpAddr>,
    /// Straight from this machine, through no proxy.
    pub local: bool,
}

impl<S: Send + Sync> FromRequestParts<S> for Client {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let peer = ConnectInfo::<SocketAddr>::from_request_parts(parts, state).await.ok();
        Ok(client(peer.map(|ConnectInfo(address)| address.ip()), &parts.headers))
    }
}

/// Only our proxy, which runs on this machine, may say for whom it asks; anybody else's word is ignored.
fn client(peer: Option<IpAddr>, headers: &HeaderMap) -> Client {
    let Some(peer) = peer else { return Client { ip: None, local: false } };
    let forwarded = headers.get_all("x-forwarded-for").iter().next_back();
    match forwarded {
        Some(value) if peer.is_loopback() => {
            let last = value.to_str().ok().and_then(|list| list.rsplit(',').next()).map(str::trim);
            Client { ip: last.and_then(|text| text.parse().ok()), local: false }
        }
        _ => Client { ip: Some(peer), local: peer.is_loopback() },
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn asked_by(peer: &str, forwarded: Option<&str>) -> Client {
        let mut headers = HeaderMap::new();
        if let Some(value) = forwarded {
            headers.insert("x-forwarded-for", HeaderValue::from_str(value).unwrap());
        }
        client(Some(peer.parse().unwrap()), &headers)
    }

    #[test]
    fn the_proxy_on_this_machine_is_believed() {
        let ip = "198.51.100.7".parse().ok();
        assert_eq!(asked_by("127.0.0.1", Some("203.0.113.9, 198.51.100.7")), Client { ip, local: false });
    }

    #[test]
    fn a_stranger_cannot_forge_an_address() {
        let ip = "203.0.113.9".parse().ok();
        assert_eq!(asked_by("203.0.113.9", Some("127.0.0.1")), Client { ip, local: false });
    }

    #[test]
    fn only_a_direct_local_call_is_local() {
        assert!(asked_by("127.0.0.1", None).local);
        assert!(asked_by("::1", None).local);
        assert!(!asked_by("203.0.113.9", None).local);
        assert!(!client(None, &HeaderMap::new()).local);
    }
}
