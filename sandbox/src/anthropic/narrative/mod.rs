//! Writes the blocks of a report in French from its facts.
//!
//! Figures appear as `{{fact:…}}` only, so no digit is ever typed; nothing is explained or promised, and what is compared
//! or ranked is what the data say may be claimed. It is the prose of a cautious analyst, varied by the digest of the data
//! so that two communes, two pages of one report, or a text and its repair do not read alike.

mod claimed;
mod sentence;
mod words;

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::prompt::{Block, Data, Fact, Mismatch};
use sentence::Style;

/// A written block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    pub id: String,
    pub kind: String,
    pub text: String,
    /// In the order of the sentences.
    pub claims: Vec<Value>,
    /// What a recommendation has beside.
    pub fields: Map<String, Value>,
}

/// Writes every block of `data`, in order. `attempt` counts the answers before this one: a repair is worded differently.
pub fn write(data: &Data, attempt: u64) -> Vec<Written> {
    let mut used = BTreeSet::new();
    let mut written: Vec<Written> = data
        .blocks
        .iter()
        .map(|block| {
            let turn = data.digest ^ super::prompt::digest(&block.id).wrapping_add(attempt);
            let (text, claims) = compose(data, block, turn, &mut used);
            Written { id: block.id.clone(), kind: block.kind.clone(), text, claims, ..Written::default() }
        })
        .collect();
    written.extend(data.mismatches.iter().filter_map(|mismatch| recommend(data, mismatch)));
    written
}

/// What could be done about a mismatch, with the figures that it may rest on.
fn recommend(data: &Data, mismatch: &Mismatch) -> Option<Written> {
    let own = |fact: &&Fact| fact.scope() == "com" && words::is_number(fact) && fact.citable();
    let fact = mismatch.evidence.iter().filter_map(|id| data.fact(id)).find(own)?;
    let name = words::name(fact);
    let is = words::is(fact, &name);
    let text = format!(
        "La commune peut mettre ce constat à l’ordre du jour\u{a0}: {} y {is} {{{{fact:{}}}}}.",
        name.text, fact.id
    );
    let fields = [
        ("title".to_owned(), json!("Mettre le constat à l’ordre du jour")),
        ("evidence".to_owned(), json!(mismatch.evidence)),
    ];
    Some(Written {
        id: mismatch.id.clone(),
        kind: "recommandation".into(),
        text,
        claims: Vec::new(),
        fields: fields.into_iter().collect(),
    })
}

/// Facts of one indicator, the commune first.
struct Subject<'a> {
    facts: Vec<&'a Fact>,
    mandatory: bool,
}

impl<'a> Subject<'a> {
    /// The facts that must be said, or the first where none must.
    fn mandatory_facts(&self, block: &Block) -> Vec<&'a Fact> {
        let must: Vec<&Fact> = self.facts.iter().copied().filter(|fact| block.mandatory.contains(&fact.id)).collect();
        if must.is_empty() { self.facts.iter().copied().take(1).collect() } else { must }
    }
}

fn compose(data: &Data, block: &Block, turn: u64, used: &mut BTreeSet<String>) -> (String, Vec<Value>) {
    let style = Style::of(&block.kind, block.max_chars);
    let subjects = subjects(data, block);
    let unpublished = unpublished(data, block);
    let measure = |sentence: &str| printed(data, sentence);
    let mut sentences: Vec<String> = Vec::new();
    let mut claims: Vec<Value> = Vec::new();
    let mut length = 0;
    for (index, subject) in subjects.iter().enumerate() {
        let beyond = sentences.len() >= style.sentences();
        if beyond && !subject.mandatory {
            continue;
        }
        let room = block.max_chars.saturating_sub(length);
        let turn = turn.wrapping_add(index as u64 * 7);
        // A title says one figure; elsewhere the comparison is left out first when room is short.
        let least = subject.mandatory_facts(block);
        if style != Style::Title
            && !turn.is_multiple_of(4)
            && let Some((sentence, claim)) = sentence::claiming(&subject.facts, &least, turn, room, &measure, used)
        {
            length += measure(&sentence) + 1;
            sentences.push(sentence);
            claims.push(claim);
            continue;
        }
        let choices =
            if style == Style::Title { vec![least.clone()] } else { vec![subject.facts.clone(), least.clone()] };
        let fitting = choices.iter().find_map(|facts| sentence::about(facts, turn, room, &measure, used));
        let said = fitting.or_else(|| if subject.mandatory { sentence::shortest(&least, used) } else { None });
        let Some(sentence) = said else { continue };
        length += measure(&sentence) + 1;
        sentences.push(sentence);
    }
    for (index, fact) in unpublished.iter().enumerate() {
        if style != Style::Title || sentences.is_empty() {
            sentences.push(sentence::unpublished(&fact.id, turn.wrapping_add(index as u64), used));
        }
    }
    if sentences.is_empty() {
        sentences.push(sentence::neutral(style, turn, used));
    }
    let text = sentences.join(" ");
    (if style == Style::Title { text.trim_end_matches('.').to_owned() } else { text }, claims)
}

/// What the block may say, in its own order: mandatory indicators first.
fn subjects<'a>(data: &'a Data, block: &Block) -> Vec<Subject<'a>> {
    let mut subjects: Vec<Subject<'a>> = Vec::new();
    let mandatory = block.mandatory.iter().map(|id| (id, true));
    let allowed = block.facts.iter().map(|id| (id, false));
    for (id, mandatory) in mandatory.chain(allowed) {
        let Some(fact) = data.fact(id).filter(|fact| fact.citable()) else { continue };
        match subjects.iter_mut().find(|subject| subject.facts[0].indicator() == fact.indicator()) {
            Some(subject) => {
                subject.mandatory |= mandatory;
                if !subject.facts.iter().any(|known| known.id == fact.id) {
                    subject.facts.push(fact);
                }
            }
            None => subjects.push(Subject { facts: vec![fact], mandatory }),
        }
    }
    for subject in &mut subjects {
        let is_mandatory = |fact: &Fact| block.mandatory.contains(&fact.id);
        // Three figures make a sentence; mandatory ones are never the ones left out.
        subject.facts.sort_by_key(|fact| (!is_mandatory(fact), words::rank(fact.scope())));
        let most = subject.facts.iter().filter(|fact| is_mandatory(fact)).count().max(3);
        subject.facts.truncate(most);
        subject.facts.sort_by_key(|fact| words::rank(fact.scope()));
    }
    subjects
}

/// Mandatory facts that have no figure to print.
fn unpublished<'a>(data: &'a Data, block: &Block) -> Vec<&'a Fact> {
    block.mandatory.iter().filter_map(|id| data.fact(id)).filter(|fact| !fact.citable()).collect()
}

/// Length as printed, with each placeholder replaced by its figure.
fn printed(data: &Data, sentence: &str) -> usize {
    let mut rest = sentence;
    let mut length = 0;
    while let Some((before, after)) = rest.split_once("{{") {
        length += before.chars().count();
        let Some((placeholder, tail)) = after.split_once("}}") else { break };
        let fact = placeholder.split_once(':').and_then(|(_, id)| data.fact(id));
        length += fact.map_or(0, |fact| {
            if placeholder.starts_with("label") { fact.label.chars().count() } else { fact.text.chars().count() }
        });
        rest = tail;
    }
    length + rest.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn data(facts: &Value, blocks: &Value) -> Data {
        Data::read(&format!("<donnees>{}</donnees>", json!({ "facts": facts, "blocks": blocks }))).unwrap()
    }

    fn vacancy(status: &str) -> Value {
        json!([
            { "id": "log.tx_vac@com", "label": "Taux de vacance", "text": "6,3 %", "status": status, "unit": "pct", "anchors": ["taux de vacance"],
              "claims": ["gt log.tx_vac@epci", "rank high marked"] },
            { "id": "log.tx_vac@epci", "label": "Taux de vacance", "text": "5,1 %", "status": "ok", "unit": "pct", "anchors": ["taux de vacance"] },
            { "id": "zon.abc@com", "label": "Zonage ABC", "text": "A", "status": "ok", "unit": "", "anchors": ["zonage"] },
            { "id": "log.vac@com", "label": "Logements vacants", "text": "11 400", "status": "ok", "unit": "logements", "anchors": ["logements vacants"] },
        ])
    }

    fn block(id: &str, kind: &str, max_chars: usize) -> Value {
        json!({ "id": id, "kind": kind, "max_chars": max_chars, "mandatory": ["log.tx_vac@com"],
            "facts": ["log.tx_vac@com", "log.tx_vac@epci", "zon.abc@com", "log.vac@com"] })
    }

    #[test]
    fn mandatory_facts_are_cited_and_no_digit_is_typed() {
        for attempt in 0..40 {
            let data = data(&vacancy("ok"), &json!([block("p4.titre", "title", 90), block("p4.lede", "lede", 280)]));
            for written in write(&data, attempt) {
                assert!(written.text.contains("{{fact:log.tx_vac@com}}"), "{written:?}");
                assert!(!written.text.chars().any(char::is_numeric), "{written:?}");
                assert!(!written.text.contains("  ") && !written.text.contains(".."), "{written:?}");
            }
        }
    }

    #[test]
    fn a_scope_is_named_exactly_where_its_figure_is() {
        for attempt in 0..40 {
            let data = data(&vacancy("ok"), &json!([block("p4.lede", "lede", 600)]));
            for sentence in write(&data, attempt)[0].text.split_inclusive(". ") {
                assert_eq!(sentence.contains("intercommunalité"), sentence.contains("@epci"), "{sentence}");
                if sentence.to_lowercase().contains("commune") {
                    assert!(sentence.contains("@com"), "{sentence}");
                }
            }
        }
    }

    #[test]
    fn a_fragile_figure_comes_with_its_caution() {
        let data = data(&vacancy("low_n"), &json!([block("p4.lede", "lede", 280), block("p4.titre", "title", 90)]));
        for written in write(&data, 0) {
            assert!(written.text.contains("à titre indicatif"), "{written:?}");
        }
    }

    #[test]
    fn what_is_claimed_is_what_the_data_allow() {
        let mut kinds = BTreeSet::new();
        for attempt in 0..40 {
            let data = data(&vacancy("ok"), &json!([block("p4.lede", "lede", 400)]));
            for Written { text, claims, .. } in write(&data, attempt) {
                let is_compared = text.contains("supérieur") && text.contains("{{fact:log.tx_vac@epci}}");
                let gt = json!({ "op": "gt", "a": "log.tx_vac@com", "b": "log.tx_vac@epci" });
                assert_eq!(is_compared, claims.contains(&gt), "{text}");
                assert_eq!(
                    text.contains("un niveau élevé"),
                    claims.iter().any(|claim| claim["op"] == "rank"),
                    "{text}"
                );
                assert!(!text.contains("inférieur") && !text.contains("faible"), "{text}");
                kinds.extend(claims.iter().map(|claim| claim["op"].to_string()));
            }
        }
        assert_eq!(kinds.len(), 2, "both claims are made some time: {kinds:?}");
    }

    #[test]
    fn a_mismatch_gets_a_recommendation_that_rests_on_its_figures() {
        let mut value = json!({ "facts": vacancy("ok"), "blocks": [] });
        value["mismatches"] = json!([{ "id": "vacance", "finding": "…", "facts": ["log.tx_vac@com", "log.vac@com"],
                                       "evidence": ["log.tx_vac@com", "log.vac@com"] }]);
        let data = Data::read(&format!("<donnees>{value}</donnees>")).unwrap();
        let written = write(&data, 0);
        assert_eq!(written[0].fields["evidence"], json!(["log.tx_vac@com", "log.vac@com"]));
        assert!(written[0].text.contains("le taux de vacance y est de {{fact:log.tx_vac@com}}"), "{written:?}");
    }

    #[test]
    fn a_secret_figure_is_named_and_never_cited() {
        let data = data(&vacancy("secret"), &json!([block("p4.lede", "lede", 280)]));
        let text = &write(&data, 0)[0].text;
        assert!(!text.contains("{{fact:log.tx_vac@com}}") && text.contains("{{label:log.tx_vac@com}}"), "{text}");
    }

    #[test]
    fn a_text_fits_its_block_once_printed() {
        for max_chars in [120, 160, 220, 280] {
            let data = data(&vacancy("ok"), &json!([block("p4.lede", "lede", max_chars)]));
            let text = &write(&data, 0)[0].text;
            assert!(printed(&data, text) <= max_chars, "{max_chars}: {text}");
        }
    }

    #[test]
    fn no_sentence_is_said_twice() {
        let blocks: Vec<Value> = (0..12).map(|n| block(&format!("p{n}.lede"), "lede", 400)).collect();
        let data = data(&vacancy("ok"), &json!(blocks));
        let mut seen = BTreeSet::new();
        for written in write(&data, 0) {
            for sentence in written.text.split_inclusive(". ") {
                assert!(seen.insert(sentence::skeleton(sentence)), "said twice: {sentence}");
            }
        }
    }

    #[test]
    fn titles_fit_and_two_communes_do_not_read_alike() {
        let title = |text: String| {
            let mut facts = vacancy("ok");
            facts[0]["text"] = json!(text);
            let data = data(&facts, &json!([block("p4.titre", "title", 90)]));
            let title = write(&data, 0)[0].text.clone();
            assert!(printed(&data, &title) <= 90 && !title.ends_with('.'), "{title}");
            title
        };
        let different: BTreeSet<String> = (0..30).map(|n| title(format!("{n},0 %"))).collect();
        assert!(different.len() > 2, "{different:?}");
    }
}
