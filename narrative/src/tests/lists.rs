//! Every entry of every list matters: without it, some sentence slips through.

use super::{objections_with, sheet};
use crate::lexicon::Lexicons;

/// Lists of words that are refused, at least without a claim, and the rule that refuses them.
const REFUSING: &[(&str, &str)] = &[
    ("v05", "V05"),
    ("v06", "V06"),
    ("v07", "V07"),
    ("v08", "V08"),
    ("v09", "V09"),
    ("v11", "V11"),
    ("v12", "V12"),
    ("v16", "V16"),
];

fn count(lexicons: &Lexicons, text: &str, code: &str) -> usize {
    objections_with(lexicons, sheet(), text, &[]).iter().filter(|(found, _)| found == code).count()
}

#[test]
fn without_any_entry_some_sentence_slips_through() {
    let full = Lexicons::shared();
    let mut idle = Vec::new();
    for (list, code) in REFUSING {
        for (index, entry) in full.list(list).entries.iter().enumerate() {
            // These need a claim, a second word or a hedge to matter: `sentences` has them.
            if matches!(entry.tag.as_str(), "petit" | "neutre" | "nuance" | "en" | "sim" | "high+" | "low+") {
                continue;
            }
            let text = if entry.tag == "refuse" {
                // « centre-ville » holds a word for the commune: only with its figure is the place itself what is wrong.
                format!("Le parc de logements dit {} est de {{{{fact:log.n@com}}}}.", entry.phrase.example())
            } else {
                format!("Le parc dit {} vit.", entry.phrase.example())
            };
            let (with, without) = (count(full, &text, code), count(&full.without(list, index), &text, code));
            if with == 0 || without >= with {
                idle.push(format!("{list}: « {} » ({with}, {without} without it)", entry.source));
            }
        }
    }
    assert!(idle.is_empty(), "{}", idle.join("\n"));
}

#[test]
fn a_caution_a_hedge_and_a_verb_each_count() {
    let full = Lexicons::shared();
    let mut idle = Vec::new();
    let mut accepted = |list: &'static str, tag: &str, code: &str, text: &dyn Fn(&str) -> String| {
        for (index, entry) in full.list(list).entries.iter().enumerate().filter(|(_, entry)| entry.tag == tag) {
            let text = text(&entry.phrase.example());
            if count(full, &text, code) > 0 || count(&full.without(list, index), &text, code) == 0 {
                idle.push(format!("{list}: « {} »", entry.source));
            }
        }
    };
    accepted("v10", "faible", "V10", &|caution| {
        format!("Le prix médian des maisons de la commune, {caution}, est de {{{{fact:dvf.med[mais]@com}}}}.")
    });
    accepted("v10", "modele", "V10", &|caution| {
        format!("Le loyer d’annonce des maisons de la commune, {caution}, est de {{{{fact:ani.loyer[maison]@com}}}}.")
    });
    accepted("v10", "provisoire", "V10", &|caution| {
        format!("La construction autorisée de la commune, {caution}, est de {{{{fact:sit.moy5@com}}}}.")
    });
    accepted("v03", "", "V03", &|said| format!("« {{{{label:lov.part2@com}}}} » est {said} dans la commune."));
    accepted("v03", "nie", "V03", &|said| format!("« {{{{label:lov.part2@com}}}} » n’est pas {said} dans la commune."));
    accepted("v11", "nuance", "V11", &|hedge| format!("Le vieillissement {hedge} la cause de la vacance."));
    accepted("v08", "sim", "V08", &|peers| {
        format!("Dans les {peers}, le taux de vacance du parc privé est de {{{{fact:lov.tx@sim}}}}.")
    });
    accepted("v14", "verbe", "V14", &|verb| format!("T:Le parc de la commune {verb} dans le privé"));
    assert!(idle.is_empty(), "{}", idle.join("\n"));
}
