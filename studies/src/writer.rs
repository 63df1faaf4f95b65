//! The writer that needs no model: sentences made of what the dictionary knows of an indicator, from the fullest to the
//! barest; the first that the judge accepts is printed. Wording turns with the commune and the block, so that neighbours
//! do not read alike.

mod article;

use domain::fact::{Fact, FactSheet, FactStatus, ScopeKind};
use domain::report::Author;
use narrative::{Asked, Block, BlockKind, BlockSpec, Narrative, Told, asked, judge_block};

use article::Named;
use indicators::{fact_id, indicator};

/// Every block of the study, written by rules. `subject` says what a page is about, with its article: « les revenus ».
#[must_use]
pub fn by_rules(specs: &'static [BlockSpec], sheet: &FactSheet, subject: impl Fn(u32) -> &'static str) -> Narrative {
    let mut narrative = Narrative::default();
    let mut told = Told::default();
    for block in asked(specs, sheet) {
        let text = write(sheet, &block, &told, subject(block.spec.page));
        told.remember(sheet, &block, &text);
        narrative.blocks.insert(block.spec.id.to_owned(), Block { text, claims: vec![], author: Author::Rules });
    }
    narrative
}

fn write(sheet: &FactSheet, block: &Asked<'_>, told: &Told, subject: &str) -> String {
    said(sheet, block, told).unwrap_or_else(|| unpublished(block.spec.kind, subject))
}

/// The fullest text that the judge accepts and that the report does not say already; `None` when there is none.
#[must_use]
pub fn said(sheet: &FactSheet, block: &Asked<'_>, told: &Told) -> Option<String> {
    let say = Say { block };
    let fits =
        |text: &String| told.repeated(sheet, block, text).is_none() && judge_block(sheet, block, text, &[]).is_empty();
    let turn = seed(&sheet.commune, block.spec.id);
    let ranks = say.ranks();
    // A turn within each rank of fullness, never a barer sentence before a fuller one.
    let turned = ranks.iter().flat_map(|rank| {
        let start = if rank.is_empty() { 0 } else { turn % rank.len() };
        rank.iter().cycle().skip(start).take(rank.len())
    });
    turned.map(|text| say.with_caution(text)).find(fits)
}

/// A number that depends on the commune and the block alone.
fn seed(commune: &str, block: &str) -> usize {
    let digest = indicators::sha256(format!("{commune}/{block}").as_bytes());
    usize::from_str_radix(digest.get(..4).unwrap_or("0"), 16).unwrap_or_default()
}

/// What is said where no figure of the block is published.
fn unpublished(kind: BlockKind, subject: &str) -> String {
    match kind {
        BlockKind::Title => format!("Les données sur {subject} ne sont pas publiées"),
        BlockKind::Lede => {
            format!(
                "À ce périmètre, les données sur {subject} ne sont pas publiées ; les limites du rapport disent pourquoi."
            )
        }
        BlockKind::Text => format!("Le détail sur {subject} n’est pas publié à ce périmètre."),
        BlockKind::Keep => format!("Sur {subject}, le motif de l’absence est donné à la dernière page."),
    }
}

/// Sentences of one block for one sheet.
struct Say<'a> {
    block: &'a Asked<'a>,
}

/// A published indicator of the commune, ready to be said.
struct Subject {
    name: Named,
    /// The placeholder of the commune's figure.
    own: String,
    /// The same beside the nearest territories that publish it.
    beside: String,
    /// The same beside the median of comparable communes, where there is one.
    peers: Option<String>,
}

impl Say<'_> {
    /// The published indicators of the block, mandatory ones first, then in the order of the list.
    fn subjects(&self) -> Vec<Subject> {
        let first = self.block.mandatory.first().copied().unwrap_or_default();
        let mut ids: Vec<&str> = self.block.spec.facts.iter().map(|(id, _)| *id).collect();
        ids.sort_by_key(|id| fact_id(id, None, ScopeKind::Com) != first);
        ids.into_iter().filter_map(|id| self.subject(id)).collect()
    }

    fn subject(&self, id: &str) -> Option<Subject> {
        let name = indicator(id)?.anchors.iter().find_map(|anchor| Named::of(anchor))?;
        let own = self.at(id, ScopeKind::Com)?;
        let near = [(ScopeKind::Epci, "dans l’intercommunalité"), (ScopeKind::Dep, "dans le département")];
        let others: Vec<String> = near
            .iter()
            .filter_map(|(kind, place)| self.at(id, *kind).map(|figure| format!("{figure} {place}")))
            .collect();
        let beside = if others.is_empty() { own.clone() } else { format!("{own}, contre {}", others.join(" et ")) };
        let peers = self
            .at(id, ScopeKind::Sim)
            .map(|median| format!("{own}, pour une médiane de {median} dans les communes comparables"));
        Some(Subject { name, own, beside, peers })
    }

    /// The figure's placeholder, where the block may cite it and it is published.
    fn at(&self, indicator: &str, scope: ScopeKind) -> Option<String> {
        let id = fact_id(indicator, None, scope);
        let fact = self.block.facts.iter().find(|fact| fact.id == id)?;
        fact.status.is_citable().then(|| format!("{{{{fact:{id}}}}}"))
    }

    /// Ranks of wordings, the fullest first; within a rank all say as much.
    fn ranks(&self) -> Vec<Vec<String>> {
        let subjects = self.subjects();
        match self.block.spec.kind {
            BlockKind::Title => subjects.iter().map(title).collect(),
            BlockKind::Lede => paired(&subjects, lede),
            BlockKind::Text => paired(&subjects, comment),
            BlockKind::Keep => kept(&subjects),
        }
    }

    /// A caution in the block whenever a cited figure needs one.
    fn with_caution(&self, text: &str) -> String {
        let cited = |fact: &&&Fact| text.contains(&format!("{{{{fact:{}}}}}", fact.id));
        let cited: Vec<&&Fact> = self.block.facts.iter().filter(cited).collect();
        let unsure = cited.iter().any(|fact| matches!(fact.status, FactStatus::LowN | FactStatus::Modelled));
        let provisional = cited.iter().any(|fact| fact.provisional);
        let caution = match (unsure, provisional) {
            (false, false) => return text.to_owned(),
            (true, false) => "À titre indicatif",
            (false, true) => "À titre provisoire",
            (true, true) => "À titre indicatif et provisoire",
        };
        format!("{caution}, {}", lower_first(text))
    }
}

fn title(subject: &Subject) -> Vec<String> {
    let Subject { name, own, .. } = subject;
    let (the, cap) = (name.lower(), name.upper());
    vec![
        format!("Dans la commune, {the} est de {own}"),
        format!("{cap} s’établit à {own} dans la commune"),
        format!("{cap} de la commune est de {own}"),
        format!("À l’échelle de la commune, {the} est de {own}"),
    ]
}

/// For each subject in turn, beside each other one, then alone.
fn paired(subjects: &[Subject], say: fn(&Subject, Option<&Subject>) -> Vec<String>) -> Vec<Vec<String>> {
    let mut ranks = vec![];
    for (at, first) in subjects.iter().enumerate() {
        let others = subjects.iter().enumerate().filter(|(other, _)| *other != at);
        ranks.extend(others.map(|(_, second)| say(first, Some(second))));
        ranks.push(say(first, None));
    }
    ranks
}

fn lede(first: &Subject, second: Option<&Subject>) -> Vec<String> {
    let (the, cap, figures) = (first.name.lower(), first.name.upper(), &first.beside);
    let then = second.map_or_else(String::new, |other| format!(" {} y est de {}.", other.name.upper(), other.own));
    vec![
        format!("Dans la commune, {the} est de {figures}.{then}"),
        format!("{cap} de la commune est de {figures}.{then}"),
        format!("{cap} s’établit dans la commune à {figures}.{then}"),
        format!("Les données publiées situent {the} de la commune à {figures}.{then}"),
        format!("Pour la commune, {the} ressort à {figures}.{then}"),
    ]
}

fn comment(first: &Subject, second: Option<&Subject>) -> Vec<String> {
    let (the, cap) = (first.name.lower(), first.name.upper());
    let figures = first.peers.as_ref().unwrap_or(&first.beside);
    let then = second.map_or_else(String::new, |other| {
        let figures = other.peers.as_ref().unwrap_or(&other.own);
        format!(" {} de la commune s’établit à {figures}.", other.name.upper())
    });
    vec![
        format!("À l’échelle communale, {the} est de {figures}.{then}"),
        format!("{cap} {} dans la commune est de {figures}.{then}", first.name.measured()),
        format!("Pour la commune, {the} s’établit à {figures}.{then}"),
    ]
}

/// The first three in one sentence, or fewer.
fn kept(subjects: &[Subject]) -> Vec<Vec<String>> {
    let listed = |count: usize| {
        let parts: Vec<String> = subjects
            .iter()
            .take(count)
            .enumerate()
            .map(|(at, subject)| {
                let verb = if at == 0 { " est" } else { "" };
                format!("{}{verb} de {}", subject.name.lower(), subject.own)
            })
            .collect();
        let (last, first) = parts.split_last()?;
        let list = if first.is_empty() { last.clone() } else { format!("{} et {last}", first.join(", ")) };
        Some(vec![
            format!("En bref, à l’échelle de la commune, {list}."),
            format!("Repères communaux : {list}."),
            format!("Pour la commune, retenir que {list}."),
        ])
    };
    [3, 2, 1].into_iter().filter_map(listed).collect()
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

#[cfg(test)]
mod tests;
