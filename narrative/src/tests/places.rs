//! Names of the report in their computed forms, and in no other.

use domain::fact::{FactSheet, ScopeKind};

use super::{objections_with, sheet};
use crate::lexicon::Lexicons;
use crate::place::Name;

fn named(scope: ScopeKind, name: &str) -> FactSheet {
    let mut sheet = sheet().clone();
    for fact in sheet.facts.values_mut().filter(|fact| fact.scope.kind == scope) {
        fact.scope.name = name.to_owned();
    }
    sheet
}

/// Name, « de », « à ».
const COMMUNES: &[(&str, &str, &str)] = &[
    ("Nantes", "de Nantes", "à Nantes"),
    ("Le Havre", "du Havre", "au Havre"),
    ("Le Mans", "du Mans", "au Mans"),
    ("Le Touquet-Paris-Plage", "du Touquet-Paris-Plage", "au Touquet-Paris-Plage"),
    ("La Rochelle", "de La Rochelle", "à La Rochelle"),
    ("Les Abymes", "des Abymes", "aux Abymes"),
    ("L'Haÿ-les-Roses", "de L'Haÿ-les-Roses", "à L'Haÿ-les-Roses"),
    ("L’Isle-Adam", "de L’Isle-Adam", "à L’Isle-Adam"),
    ("Amiens", "d’Amiens", "à Amiens"),
    ("Évreux", "d’Évreux", "à Évreux"),
    ("Hyères", "d’Hyères", "à Hyères"),
    ("Haguenau", "de Haguenau", "à Haguenau"),
    ("Yvetot", "d’Yvetot", "à Yvetot"),
    ("Yerres", "de Yerres", "à Yerres"),
    ("Y", "d’Y", "à Y"),
    ("Us", "d’Us", "à Us"),
    ("Eu", "d’Eu", "à Eu"),
    ("Ars", "d’Ars", "à Ars"),
    ("Sers", "de Sers", "à Sers"),
    ("Rue", "de Rue", "à Rue"),
    ("Bois", "de Bois", "à Bois"),
    ("Œuilly", "d’Œuilly", "à Œuilly"),
    ("Sept-Saulx", "de Sept-Saulx", "à Sept-Saulx"),
    ("Deux-Évailles", "de Deux-Évailles", "à Deux-Évailles"),
    ("Saint-Herblain", "de Saint-Herblain", "à Saint-Herblain"),
    ("Paris 12e Arrondissement", "de Paris 12e Arrondissement", "à Paris 12e Arrondissement"),
];

const WIDE: &[(&str, &str, &str)] = &[
    ("Loire-Atlantique", "de la Loire-Atlantique", "en Loire-Atlantique"),
    ("Nord", "du Nord", "dans le Nord"),
    ("Ain", "de l’Ain", "dans l’Ain"),
    ("Côtes-d'Armor", "des Côtes-d'Armor", "dans les Côtes-d'Armor"),
    ("Hauts-de-France", "des Hauts-de-France", "dans les Hauts-de-France"),
    ("Île-de-France", "d’Île-de-France", "en Île-de-France"),
    ("La Réunion", "de La Réunion", "à La Réunion"),
    ("Mayotte", "de Mayotte", "à Mayotte"),
    ("Pays de la Loire", "des Pays de la Loire", "dans les Pays de la Loire"),
    ("Somme", "de la Somme", "dans la Somme"),
    ("Val-d'Oise", "du Val-d'Oise", "dans le Val-d'Oise"),
    ("Paris", "de Paris", "à Paris"),
];

const GROUPS: &[(&str, &str, &str)] = &[
    ("Nantes Métropole", "de Nantes Métropole", "à Nantes Métropole"),
    ("CC du Pays de Dol", "de la communauté de communes du Pays de Dol", "à la communauté de communes du Pays de Dol"),
    ("Métropole du Grand Paris", "de la Métropole du Grand Paris", "à la Métropole du Grand Paris"),
    ("Amiens Métropole", "d’Amiens Métropole", "à Amiens Métropole"),
];

#[test]
fn names_take_the_preposition_that_people_say() {
    let mut wrong = Vec::new();
    for (scope, table) in [(ScopeKind::Com, COMMUNES), (ScopeKind::Dep, WIDE), (ScopeKind::Epci, GROUPS)] {
        for (name, de, a) in table {
            let found = Name::find(&named(scope, name), scope).unwrap();
            if (found.de().as_str(), found.a().as_str()) != (*de, *a) {
                wrong.push(format!("{name}: {} {}", found.de(), found.a()));
            }
        }
    }
    assert_eq!(wrong, [] as [String; 0]);
}

#[test]
fn computed_forms_may_be_typed() {
    let mut wrong = Vec::new();
    for (scope, id, table) in
        [(ScopeKind::Com, "com", COMMUNES), (ScopeKind::Dep, "dep", WIDE), (ScopeKind::Epci, "epci", GROUPS)]
    {
        for (name, de, a) in table {
            let sheet = named(scope, name);
            for text in [
                format!("Le taux de vacance du parc privé {de} est de {{{{fact:lov.tx@{id}}}}}."),
                format!("Le taux de vacance du parc privé s’établit {a} à {{{{fact:lov.tx@{id}}}}}."),
                format!("Le taux de vacance du parc privé {{{{geo:{id}|de}}}} est de {{{{fact:lov.tx@{id}}}}}."),
            ] {
                let found = objections_with(Lexicons::shared(), &sheet, &text, &[]);
                if !found.is_empty() {
                    wrong.push(format!("{text} {found:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn other_forms_and_other_names_are_refused() {
    let mut slips = Vec::new();
    for (name, forms) in [
        (
            "Le Havre",
            &[
                "de Le Havre",
                "à Le Havre",
                "de le Havre",
                "du Le Havre",
                "d’Le Havre",
                "de Havre",
                "des Havre",
                "du havre",
                "de {{geo:com}}",
                "de {{geo:com|de}}",
                "à {{geo:com}}",
                "au {{geo:com}}",
            ][..],
        ),
        (
            "Les Abymes",
            &["de Les Abymes", "à Les Abymes", "de les Abymes", "aux les Abymes", "d’Abymes", "de {{geo:com}}"],
        ),
        (
            "Amiens",
            &[
                "de Amiens",
                "du Amiens",
                "d’amiens",
                "à amiens",
                "au Amiens",
                "des Amiens",
                "de {{geo:com}}",
                "d’Amiens-Nord",
            ],
        ),
        ("La Rochelle", &["de la Rochelle", "à la Rochelle", "de Rochelle", "d’La Rochelle", "du La Rochelle"]),
        ("Nantes", &["de nantes", "du Nantes", "d’Nantes", "à Rennes", "de Nantes-Sud", "au Nantes"]),
    ] {
        let sheet = named(ScopeKind::Com, name);
        for form in forms {
            let text = format!("Le taux de vacance du parc privé {form} est de {{{{fact:lov.tx@com}}}}.");
            if !objections_with(Lexicons::shared(), &sheet, &text, &[]).iter().any(|(code, _)| code == "V12") {
                slips.push(text);
            }
        }
    }
    assert_eq!(slips, [] as [String; 0]);
}
