//! The closed list of blocks of a study: what each may cite, what it must cite, how long it may be.

use domain::fact::{Fact, FactSheet, ScopeKind};

use indicators::fact_id;

/// What a block is on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// A sentence that claims something, without a full stop.
    Title,
    Lede,
    Text,
    /// « À retenir », three lines at most.
    Keep,
}

impl BlockKind {
    /// The name in the data block.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Title => "titre",
            Self::Lede => "chapeau",
            Self::Text => "texte",
            Self::Keep => "a_retenir",
        }
    }
}

/// A block of a study, whatever the commune.
#[derive(Debug, Clone, Copy)]
pub struct BlockSpec {
    pub id: &'static str,
    pub kind: BlockKind,
    pub page: u32,
    /// Characters once the figures are put in.
    pub max_chars: usize,
    /// Indicators that may be cited, each with its scopes.
    pub facts: &'static [(&'static str, &'static [ScopeKind])],
    /// Of these facts of the commune, the first that is published must be cited.
    pub mandatory: &'static [&'static str],
}

/// A block as it stands for one commune: only what its sheet allows.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    pub spec: &'static BlockSpec,
    /// Facts of the list that the sheet has, published or not.
    pub facts: Vec<&'a Fact>,
    pub mandatory: Vec<&'a str>,
    /// No study asks for this block: there is no list of laws and no layout to judge it by.
    pub open: bool,
    /// Says what somebody could do: duties may be spoken of.
    pub recommends: bool,
}

impl Asked<'_> {
    /// Whether any figure is published here of the nearest territory that the block may speak of, the commune as a rule:
    /// without one there is nothing to ask a writer.
    #[must_use]
    pub fn has_figures(&self) -> bool {
        let nearest = self.facts.iter().map(|fact| fact.scope.kind).min();
        self.facts.iter().any(|fact| Some(fact.scope.kind) == nearest && fact.status.is_citable())
    }
}

/// The blocks of a study for one sheet, all of them, in reading order.
#[must_use]
pub fn asked<'a>(specs: &'static [BlockSpec], sheet: &'a FactSheet) -> Vec<Asked<'a>> {
    specs.iter().map(|spec| resolve(spec, sheet)).collect()
}

fn resolve<'a>(spec: &'static BlockSpec, sheet: &'a FactSheet) -> Asked<'a> {
    let ids = spec.facts.iter().flat_map(|(id, scopes)| {
        scopes.iter().filter_map(|scope| stands_for(*scope, scopes, sheet.lead)).map(|scope| fact_id(id, None, scope))
    });
    let facts: Vec<&Fact> = ids.filter_map(|id| sheet.facts.get(&id)).collect();
    let published = |id: &&'static str| {
        let id = fact_id(id, None, sheet.lead);
        facts.iter().find(|fact| fact.id == id && fact.status.is_citable()).map(|fact| fact.id.as_str())
    };
    let mandatory = spec.mandatory.iter().find_map(published).into_iter().collect();
    Asked { spec, facts, mandatory, open: false, recommends: false }
}

/// The scope that a block may cite for one of its list. A study of the intercommunality puts it in the place of the commune,
/// and has no comparable communes.
fn stands_for(scope: ScopeKind, listed: &[ScopeKind], lead: ScopeKind) -> Option<ScopeKind> {
    match scope {
        _ if lead == ScopeKind::Com => Some(scope),
        ScopeKind::Com => Some(lead),
        ScopeKind::Sim => None,
        // Once is enough.
        _ if scope == lead && listed.contains(&ScopeKind::Com) => None,
        _ => Some(scope),
    }
}
