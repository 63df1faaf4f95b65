//! Figures of a commune that do not go together: ten rules, the same for every commune, each with its threshold and the
//! figures that it looks at. What is not published never fires a rule.

#[cfg(test)]
mod tests;

use domain::fact::{Fact, FactSheet, ScopeKind};
use indicators::{apart, fact_id};
use narrative::Mismatch;
use rust_decimal::Decimal;

/// A rule, and what to do about what it finds.
pub struct Rule {
    pub id: &'static str,
    /// What does not go together, without a figure.
    pub title: &'static str,
    /// When it fires, in words.
    pub threshold: &'static str,
    /// Indicators that it looks at and those that tell more, each with a short name.
    pub evidence: &'static [(&'static str, &'static str)],
    /// `None` where a figure or a group of comparison is not published.
    pub holds: fn(&Look<'_>) -> Option<bool>,
    pub action: Action,
}

/// What somebody may do, in words without a figure.
pub struct Action {
    pub title: &'static str,
    pub text: &'static str,
    pub actor: &'static str,
    pub lever: &'static str,
    pub horizon: &'static str,
}

/// A place among comparable communes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Peers {
    Quarter,
    Median,
    ThreeQuarters,
}

use Peers::{Median, Quarter, ThreeQuarters};

/// The figures of a commune as rules see them.
pub struct Look<'a>(&'a FactSheet);

impl<'a> Look<'a> {
    fn fact(&self, indicator: &str) -> Option<&'a Fact> {
        self.0.facts.get(&fact_id(indicator, None, ScopeKind::Com)).filter(|fact| fact.status.is_citable())
    }

    fn value(&self, indicator: &str) -> Option<Decimal> {
        self.fact(indicator)?.value
    }

    fn limit(&self, indicator: &str, limit: Peers) -> Option<Decimal> {
        let peer = self.fact(indicator)?.peer.as_ref()?;
        Some(match limit {
            Quarter => peer.p25,
            Median => peer.p50,
            ThreeQuarters => peer.p75,
        })
    }

    fn above(&self, indicator: &str, limit: Peers) -> Option<bool> {
        Some(self.value(indicator)? > self.limit(indicator, limit)?)
    }

    fn below(&self, indicator: &str, limit: Peers) -> Option<bool> {
        Some(self.value(indicator)? < self.limit(indicator, limit)?)
    }

    /// Prices that rose faster than those of the département: there are no peers of a change of prices.
    fn dearer(&self) -> Option<bool> {
        let faster = |kind: &str| {
            let wider = self.0.facts.get(&fact_id(&format!("dvf.evol5[{kind}]"), None, ScopeKind::Dep))?;
            Some(self.value(&format!("dvf.evol5[{kind}]"))? > wider.value.filter(|_| wider.status.is_citable())?)
        };
        match (faster("appt"), faster("mais")) {
            (None, None) => None,
            (flats, houses) => Some(flats == Some(true) || houses == Some(true)),
        }
    }
}

/// Both, where one that does not hold settles it.
fn both(one: Option<bool>, other: Option<bool>) -> Option<bool> {
    match (one, other) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (one, other) => Some(one? && other?),
    }
}

/// The zones where demand presses on supply.
const TENSE: [&str; 3] = ["Abis", "A", "B1"];

/// Points between small households and small dwellings.
const FAR_APART: i64 = 15;
/// Square metres within reach of a couple.
const SMALL_FLAT: i64 = 50;
/// Share of the income that a rent takes, in percent.
const HEAVY_RENT: i64 = 33;

/// In the order of the page.
#[rustfmt::skip]
pub const RULES: [Rule; 10] = [
    Rule {
        id: "taille", title: "Petits ménages, grands logements",
        threshold: "écart de 15 points au moins, et dans le quart supérieur des communes comparables",
        evidence: &[("log.ecart_taille", "écart"), ("dem.seul", "ménages d’une personne"), ("log.t1t2", "logements de 1-2 pièces")],
        holds: |look| both(Some(look.value("log.ecart_taille")? >= FAR_APART.into()), look.above("log.ecart_taille", ThreeQuarters)),
        action: Action {
            title: "Diversifier les tailles dans les prochains programmes",
            text: "Les prochaines opérations et le document d’urbanisme peuvent prévoir des petits logements, en accession comme en location.",
            actor: "commune", lever: "plui", horizon: "moyen_terme",
        },
    },
    Rule {
        id: "vacance_construction", title: "Vacance de longue durée et construction soutenue",
        threshold: "vacance de longue durée dans le quart supérieur, construction au-dessus de la médiane des communes comparables",
        evidence: &[("lov.tx2", "vacance de plus de deux ans"), ("sit.tx", "autorisés pour mille logements"), ("lov.vac2", "logements concernés")],
        holds: |look| both(look.above("lov.tx2", ThreeQuarters), look.above("sit.tx", Median)),
        action: Action {
            title: "Remettre en usage les logements vacants avant de construire",
            text: "Un repérage des logements vacants, puis un accompagnement de leurs propriétaires, peuvent précéder l’ouverture de nouvelles zones à construire.",
            actor: "epci", lever: "vacance", horizon: "court_terme",
        },
    },
    Rule {
        id: "vacance_tension", title: "Vacance de longue durée dans une zone tendue",
        threshold: "vacance de longue durée au-dessus de la médiane des communes comparables, zone A bis, A ou B1",
        evidence: &[("lov.tx2", "vacance de plus de deux ans"), ("lov.part2", "part dans la vacance"), ("zon.abc", "zone")],
        holds: |look| both(Some(TENSE.contains(&look.fact("zon.abc")?.text.replace([' ', '\u{a0}'], "").as_str())), look.above("lov.tx2", Median)),
        action: Action {
            title: "Mobiliser les logements vacants de longue durée",
            text: "Un repérage des logements vacants et un accompagnement de leurs propriétaires peuvent être organisés avec l’Anah.",
            actor: "commune", lever: "vacance", horizon: "court_terme",
        },
    },
    Rule {
        id: "construction_population", title: "Construction sans gain de population",
        threshold: "effet démographique nul ou négatif, construction au-dessus de la médiane des communes comparables",
        evidence: &[("bes.effet_demo", "effet démographique"), ("sit.tx", "autorisés pour mille logements"), ("dem.tcam", "variation annuelle de la population")],
        holds: |look| both(Some(look.value("bes.effet_demo")? <= Decimal::ZERO), look.above("sit.tx", Median)),
        action: Action {
            title: "Vérifier à qui servent les logements neufs",
            text: "Un suivi de l’occupation des programmes livrés peut dire qui s’y installe, et quels logements ils libèrent.",
            actor: "epci", lever: "observation", horizon: "court_terme",
        },
    },
    Rule {
        id: "proprietaires_ages", title: "Propriétaires occupants et population vieillissante",
        threshold: "propriétaires occupants et indice de vieillissement dans le quart supérieur des communes comparables",
        evidence: &[("log.proprio", "propriétaires occupants"), ("dem.vieillissement", "indice de vieillissement")],
        holds: |look| both(look.above("log.proprio", ThreeQuarters), look.above("dem.vieillissement", ThreeQuarters)),
        action: Action {
            title: "Aider les propriétaires âgés à adapter leur logement",
            text: "Un programme d’adaptation des logements, et une offre adaptée près des services, peuvent accompagner les propriétaires âgés.",
            actor: "anah", lever: "adaptation", horizon: "moyen_terme",
        },
    },
    Rule {
        id: "social_pauvrete", title: "Offre sociale réduite et pauvreté",
        threshold: "logements sociaux dans le quart inférieur, taux de pauvreté dans le quart supérieur des communes comparables",
        evidence: &[("rpl.tx", "RPLS / résidences principales"), ("fil.tp60", "taux de pauvreté")],
        holds: |look| both(look.below("rpl.tx", Quarter), look.above("fil.tp60", ThreeQuarters)),
        action: Action {
            title: "Développer une offre locative sociale",
            text: "La production neuve, l’achat de logements existants et le conventionnement de logements privés peuvent être étudiés avec les bailleurs sociaux.",
            actor: "bailleurs", lever: "logement_social", horizon: "moyen_terme",
        },
    },
    Rule {
        id: "achat", title: "Achat hors de portée d’un couple au niveau de vie médian",
        threshold: "moins de 50 m² d’appartement finançables",
        evidence: &[("aff.m2[couple]", "surface finançable"), ("dvf.med[appt]", "prix médian"), ("fil.med", "niveau de vie médian")],
        holds: |look| Some(look.value("aff.m2[couple]")? < SMALL_FLAT.into()),
        action: Action {
            title: "Ouvrir l’accession aux ménages au niveau de vie médian",
            text: "L’accession sociale et le bail réel solidaire peuvent être étudiés sur le foncier que la collectivité maîtrise.",
            actor: "epci", lever: "accession", horizon: "moyen_terme",
        },
    },
    Rule {
        id: "loyer", title: "Loyer lourd pour une personne seule",
        threshold: "plus de 33 % du niveau de vie médian",
        evidence: &[("aff.loyer[solo]", "taux d’effort"), ("ani.loyer[t1t2]", "loyer d’annonce"), ("fil.med", "niveau de vie médian")],
        holds: |look| Some(look.value("aff.loyer[solo]")? > HEAVY_RENT.into()),
        action: Action {
            title: "Rendre la location abordable pour les petits ménages",
            text: "Le conventionnement de petits logements privés et l’intermédiation locative peuvent être proposés aux propriétaires bailleurs.",
            actor: "proprietaires", lever: "conventionnement", horizon: "court_terme",
        },
    },
    Rule {
        id: "energie", title: "Parc ancien et énergivore",
        threshold: "diagnostics F ou G et logements d’avant 1971 dans le quart supérieur des communes comparables",
        evidence: &[("dpe.fg", "diagnostics F ou G"), ("log.av1971", "construits avant 1971"), ("log.av1946", "construits avant 1946")],
        holds: |look| both(look.above("dpe.fg", ThreeQuarters), look.above("log.av1971", ThreeQuarters)),
        action: Action {
            title: "Organiser la rénovation énergétique du parc ancien",
            text: "Un accompagnement des ménages et des copropriétés peut être organisé avec l’Anah.",
            actor: "anah", lever: "renovation", horizon: "moyen_terme",
        },
    },
    Rule {
        id: "secondaires", title: "Résidences secondaires et prix en hausse",
        threshold: "résidences secondaires dans le quart supérieur des communes comparables, prix en hausse plus forte que dans le département",
        evidence: &[("log.tx_rs", "résidences secondaires"), ("dvf.evol5[appt]", "prix des appartements, cinq ans"), ("dvf.evol5[mais]", "prix des maisons, cinq ans")],
        holds: |look| both(look.above("log.tx_rs", ThreeQuarters), look.dearer()),
        action: Action {
            title: "Préserver des résidences principales",
            text: "Les règles du document d’urbanisme peuvent être examinées pour garder des logements aux habitants.",
            actor: "commune", lever: "plui", horizon: "moyen_terme",
        },
    },
];

/// Whether a rule fires for a commune; `None` where it cannot be told.
#[must_use]
pub fn fires(rule: &Rule, sheet: &FactSheet) -> Option<bool> {
    (rule.holds)(&Look(sheet))
}

/// The rules that fire, those whose figures set the commune most apart first.
#[must_use]
pub fn found(sheet: &FactSheet) -> Vec<&'static Rule> {
    let mut found: Vec<&Rule> = RULES.iter().filter(|rule| fires(rule, sheet) == Some(true)).collect();
    let gap = |rule: &Rule| evidence(rule, sheet).filter_map(apart).max().unwrap_or_default();
    // Stable: without peers the order of the rules stands.
    found.sort_by_key(|rule| std::cmp::Reverse(gap(rule)));
    found
}

/// The published figures of a rule.
fn evidence<'a>(rule: &'a Rule, sheet: &'a FactSheet) -> impl Iterator<Item = &'a Fact> {
    let look = Look(sheet);
    rule.evidence.iter().filter_map(move |(id, _)| look.fact(id))
}

/// A finding as writers are told of it.
#[must_use]
pub fn mismatch(rule: &Rule, sheet: &FactSheet) -> Mismatch {
    Mismatch { id: rule.id, finding: rule.title, evidence: evidence(rule, sheet).map(|fact| fact.id.clone()).collect() }
}
