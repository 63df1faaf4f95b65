//! Addresses registered at a vendor, besides the configured one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Post, Target, Vendor};

/// One registered address.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Endpoint {
    pub id: String,
    pub vendor: Vendor,
    pub url: String,
    pub secret: String,
    /// Events it wants: names, `charge.*`, or `*`.
    pub kinds: Vec<String>,
    /// Version its events are written in.
    pub api_version: Option<String>,
    pub enabled: bool,
    pub description: Option<String>,
    pub metadata: BTreeMap<String, String>,
    /// Seconds since 1970.
    pub created: i64,
}

impl Endpoint {
    /// Whether an event of this name goes there.
    pub fn wants(&self, kind: &str) -> bool {
        self.enabled && self.kinds.iter().any(|pattern| names(pattern, kind))
    }

    /// Where, and signed with what.
    pub fn target(&self) -> Target {
        Target { url: self.url.clone(), secret: self.secret.clone() }
    }
}

/// Whether `pattern` (`a.b`, `a.*` or `*`) names an event.
pub fn names(pattern: &str, kind: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == kind, |start| kind.starts_with(start))
}

impl Post {
    /// The registered addresses of a vendor, oldest first.
    pub fn endpoints(&self, vendor: Vendor) -> Vec<Endpoint> {
        let endpoints = self.endpoints.lock();
        endpoints.iter().map(|(_, endpoint)| endpoint).filter(|endpoint| endpoint.vendor == vendor).cloned().collect()
    }

    /// One registered address.
    pub fn endpoint(&self, id: &str) -> Option<Endpoint> {
        self.endpoints.lock().get(id).cloned()
    }

    /// Registers an address, or changes it.
    pub fn add_endpoint(&self, endpoint: Endpoint) {
        self.endpoints.lock().put(&endpoint.id.clone(), endpoint);
    }

    /// Forgets an address; what waits for it is not delivered any more.
    pub fn remove_endpoint(&self, id: &str) {
        self.endpoints.lock().remove(id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_names_events() {
        assert!(names("*", "charge.refunded") && names("charge.*", "charge.refunded"));
        assert!(names("charge.refunded", "charge.refunded"));
        assert!(!names("charge.*", "refund.created") && !names("charge", "charge.refunded"));
    }
}
