//! One formula, applied to every scope and to every peer.

use std::collections::BTreeSet;

use domain::fact::{FactStatus, Peer, ScopeKind};
use rust_decimal::Decimal;

use crate::themes::raw::{Raw, Row, Table};
use indicators::sha256;
use indicators::{Figure, Moment, Origin, SheetBuilder, indicator, median_of, scope_order, standing};

/// Share of a territory that must be present before its sum may stand for it: a commune created after the vintage
/// does not hide a whole region, a missing town does.
pub const NEARLY_ALL: Decimal = Decimal::from_parts(995, 0, 0, false, 3);

/// A table with its sources, ready to be asked scope by scope.
pub struct Sheet<'a, T> {
    pub raw: &'a Raw,
    pub table: &'a Table<T>,
    /// Least share of the territory that its rows must stand for.
    pub least: Decimal,
    /// Why a level above the commune may have no row.
    pub absent_above: &'static str,
}

const ABSENT: &str = "absent du fichier du producteur";

impl<'a, T: Row> Sheet<'a, T> {
    pub fn new(raw: &'a Raw, table: &'a Table<T>) -> Self {
        Self { raw, table, least: NEARLY_ALL, absent_above: ABSENT }
    }

    /// The row of a scope and year, or the figure that says why there is none.
    pub fn row(&self, kind: ScopeKind, wanted: impl Fn(&T) -> bool) -> Result<&'a T, Figure> {
        let territory = &self.raw.territory;
        if let Some(reason) = territory.without_scope(kind) {
            return Err(Figure::withheld(FactStatus::NotApplicable, reason));
        }
        if let Some(reason) = not_covered(self.table.dataset, kind, &territory.departement.code) {
            return Err(Figure::withheld(FactStatus::NotApplicable, reason));
        }
        if !self.raw.coverage.is_loaded(self.table.dataset, kind) {
            return Err(Figure::missing(not_loaded(kind, territory)));
        }
        let Some(row) = self.table.of(kind).find(|row| wanted(row)) else {
            return Err(Figure::missing(if kind == ScopeKind::Com { ABSENT } else { self.absent_above }));
        };
        if kind != ScopeKind::Com && row.share() < self.least {
            return Err(Figure::missing("données incomplètes sur ce territoire"));
        }
        Ok(row)
    }

    /// Provenance of a row, or of the whole table where there is none.
    pub fn origin(&self, row: Option<&T>) -> Origin {
        let ids: BTreeSet<i32> = match row {
            Some(row) => row.sources().iter().copied().collect(),
            None => self.table.rows.iter().flat_map(|row| row.sources().iter().copied()).collect(),
        };
        let sources: Vec<_> = ids.iter().filter_map(|id| self.raw.sources.get(id)).collect();
        let join = |texts: BTreeSet<String>| texts.into_iter().collect::<Vec<_>>().join(", ");
        Origin {
            dataset: self.table.dataset.to_owned(),
            producteur: join(sources.iter().map(|source| source.producteur.clone()).collect()),
            vintage: join(sources.iter().map(|source| source.millesime.clone()).collect()),
            load: ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(","),
            query: self.table.query,
            query_sha256: sha256(self.table.sql.as_bytes()),
            synthetic: sources.iter().any(|source| source.synthetique),
        }
    }

    /// Adds an indicator at the given scopes. A rate (`with_peers`) is placed among the peers, whose median is `@sim`.
    pub fn add(
        &self,
        sheet: &mut SheetBuilder<'_>,
        id: &str,
        scopes: &[ScopeKind],
        moment: &Moment,
        wanted: impl Fn(&T) -> bool,
        formula: impl Fn(&T) -> Figure,
    ) {
        let Some(line) = indicator(id) else { return };
        let with_peers = scopes.contains(&ScopeKind::Sim);
        let own = self.row(ScopeKind::Com, &wanted).map_or_else(|withheld| withheld, &formula);
        let peer = if with_peers { self.standing(&wanted, &formula, &own) } else { None };
        for kind in scopes.iter().copied() {
            if kind == ScopeKind::Sim {
                let origin = self.peers_origin();
                sheet.put(line, kind, median_of(peer.as_ref()), &origin, moment, None);
                continue;
            }
            // A figure withheld for want of a row rests on no file: it does not make the document a specimen.
            let (figure, origin) = match self.row(kind, &wanted) {
                Ok(row) => (formula(row), self.origin(Some(row))),
                Err(withheld) => (withheld, Origin { synthetic: false, ..self.origin(None) }),
            };
            let peer = peer.clone().filter(|_| kind == ScopeKind::Com && figure.status.is_citable());
            sheet.put(line, kind, figure, &origin, moment, peer);
        }
    }

    fn standing(&self, wanted: &impl Fn(&T) -> bool, formula: &impl Fn(&T) -> Figure, own: &Figure) -> Option<Peer> {
        let values: Vec<Decimal> = self
            .table
            .peers
            .iter()
            .filter(|row| wanted(row))
            .map(formula)
            .filter(|figure| figure.status.is_citable())
            .filter_map(|figure| figure.value)
            .collect();
        standing(values, own.value)
    }

    fn peers_origin(&self) -> Origin {
        let ids: BTreeSet<i32> = self.table.peers.iter().flat_map(|row| row.sources().iter().copied()).collect();
        let load = ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        let synthetic = ids.iter().filter_map(|id| self.raw.sources.get(id)).any(|source| source.synthetique);
        Origin { load, synthetic, ..self.origin(None) }
    }
}

/// All six scopes.
pub fn all_scopes() -> [ScopeKind; 6] {
    scope_order()
}

/// The five scopes that have figures of their own.
pub const OWN: [ScopeKind; 5] = [ScopeKind::Com, ScopeKind::Epci, ScopeKind::Dep, ScopeKind::Reg, ScopeKind::Fr];

/// Départements that a producer does not cover: no figure there is not a figure of zero.
const NOT_COVERED: &[(&str, &[&str], &str)] = &[
    ("dvf", &["57", "67", "68", "976"], "ventes non publiées dans ce département (livre foncier)"),
    ("rp_housing", &["976"], "Mayotte n’est pas dans ce fichier du recensement"),
    ("rp_demographics", &["976"], "Mayotte n’est pas dans ce fichier du recensement"),
    ("lovac", &["976"], "Mayotte n’est pas dans ce fichier"),
    ("filosofi", &["971", "973", "976"], "département non couvert par la source"),
];

fn not_covered(dataset: &str, kind: ScopeKind, departement: &str) -> Option<&'static str> {
    let local = matches!(kind, ScopeKind::Com | ScopeKind::Epci | ScopeKind::Dep);
    let line = NOT_COVERED.iter().find(|(name, places, _)| *name == dataset && places.contains(&departement));
    line.filter(|_| local).map(|(_, _, reason)| *reason)
}

fn not_loaded(kind: ScopeKind, territory: &indicators::territory::Territory) -> String {
    match kind {
        ScopeKind::Com => "commune non chargée".to_owned(),
        ScopeKind::Epci => "intercommunalité non chargée en entier".to_owned(),
        ScopeKind::Dep => format!("département non chargé en entier ({})", territory.departement.code),
        ScopeKind::Reg => "région non chargée en entier".to_owned(),
        ScopeKind::Fr | ScopeKind::Sim => "France entière non chargée".to_owned(),
    }
}
