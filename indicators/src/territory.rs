//! The territory of a report: the commune and the larger ones that it is compared with.

use domain::fact::{Scope, ScopeKind};
use serde::{Deserialize, Serialize};

/// A code and its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub code: String,
    pub nom: String,
}

/// A commune, or an arrondissement of Paris, Lyon or Marseille, and what it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Territory {
    pub commune: Place,
    /// The city of an arrondissement, else the commune itself.
    pub ville: String,
    /// `None` for the islands that belong to no intercommunality.
    pub epci: Option<Place>,
    pub departement: Place,
    pub region: Place,
    /// Inhabitants of the reference geography.
    pub population: i64,
    /// Communes of the EPCI, and of the département.
    pub communes_epci: i64,
    pub communes_departement: i64,
    /// Year of the Code officiel géographique.
    pub cog: i32,
}

impl Territory {
    /// The scope as printed beside a fact.
    #[must_use]
    pub fn scope(&self, kind: ScopeKind) -> Scope {
        let (code, name) = match kind {
            ScopeKind::Com => (self.commune.code.as_str(), self.commune.nom.as_str()),
            ScopeKind::Epci => self.epci.as_ref().map_or(("", "Sans intercommunalité"), |e| (&e.code, &e.nom)),
            ScopeKind::Dep => (self.departement.code.as_str(), self.departement.nom.as_str()),
            ScopeKind::Reg => (self.region.code.as_str(), self.region.nom.as_str()),
            ScopeKind::Fr => ("FR", "France"),
            ScopeKind::Sim => ("SIM", "Communes comparables"),
        };
        Scope { kind, code: code.to_owned(), name: name.to_owned(), cog: self.cog }
    }

    /// Why a scope has no figures of its own for this commune, if so.
    #[must_use]
    pub fn without_scope(&self, kind: ScopeKind) -> Option<&'static str> {
        match kind {
            ScopeKind::Epci if self.epci.is_none() => Some("commune sans intercommunalité"),
            // Paris is a commune and a département: the same figures twice would look like a comparison.
            ScopeKind::Dep if self.communes_departement == 1 && self.ville == self.commune.code => {
                Some("département réduit à la commune")
            }
            _ => None,
        }
    }
}
