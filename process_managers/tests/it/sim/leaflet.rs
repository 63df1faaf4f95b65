//! A study of one sentence: the policies do not care what a report says.

use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::{
    eligibility::Eligibility,
    fact::{FactSheet, ScopeKind},
    ports::{EnergyCertificates, Question},
    report::Author,
};
use narrative::{Block, Judgement, Narrative, Objection, Prompt};
use sqlx::PgPool;
use studies::{Study, StudyError, StudyInfo, pages::Edition};

pub const CODE: &str = "SIM-01";

static INFO: StudyInfo = StudyInfo {
    code: CODE,
    title: "Feuillet",
    promise: "",
    audience: "",
    questions: &[],
    contents: &[],
    limits: &[],
    figures: &[],
    datasets: &[],
    least_population: 0,
};

struct Leaflet;

/// The only study of the simulated shop.
pub fn find(code: &str) -> Option<&'static dyn Study> {
    (code == CODE).then_some(&Leaflet as &dyn Study)
}

fn told(text: &str, author: Author) -> BTreeMap<String, Block> {
    BTreeMap::from([("p1.lede".to_owned(), Block { text: text.to_owned(), claims: vec![], author })])
}

#[async_trait]
impl Study for Leaflet {
    fn sheet(&self) -> &'static StudyInfo {
        &INFO
    }

    async fn eligibility(&self, _: &PgPool, _: &str) -> Result<Eligibility, StudyError> {
        panic!("policies sell nothing")
    }

    async fn collect(&self, _: &PgPool, commune: &str, dpe: &dyn EnergyCertificates) -> Result<FactSheet, StudyError> {
        // An outage drops a page, never the order.
        let counted = dpe.by_label(&[commune.to_owned()]).await.is_ok();
        Ok(FactSheet {
            study: CODE.to_owned(),
            commune: commune.to_owned(),
            lead: ScopeKind::Com,
            reference_version: i64::from(counted),
            facts: BTreeMap::new(),
            exhibits: BTreeMap::new(),
        })
    }

    async fn collect_public(&self, _: &PgPool, _: &str) -> Result<FactSheet, StudyError> {
        panic!("policies show nothing")
    }

    fn key_facts(&self) -> &'static [&'static str] {
        &[]
    }

    fn prompt(&self) -> &'static Prompt {
        static PROMPT: Prompt = Prompt { system: "", specs: &[], max_tokens: 1 };
        &PROMPT
    }

    fn question(&self, sheet: &FactSheet, before: &Judgement, subject: &str) -> Question {
        Question {
            user: sheet.commune.clone(),
            max_tokens: 1,
            prompt_sha256: format!("prompt-{}-{}", sheet.reference_version, before.objections.len()),
            subject: subject.to_owned(),
            ..Question::default()
        }
    }

    /// What the model gets wrong is refused, and may be mended.
    fn judge(&self, _: &FactSheet, _: Judgement, answer: &str) -> Judgement {
        if !answer.contains("wrong") {
            return Judgement { accepted: told(answer, Author::Model), ..Judgement::default() };
        }
        let (code, pointer) = ("V01".to_owned(), "p1.lede/text".to_owned());
        let objection = Objection { code, pointer, excerpt: answer.to_owned(), expected: String::new() };
        let refused = BTreeMap::from([("p1.lede".to_owned(), answer.to_owned())]);
        Judgement { refused, objections: vec![objection], ..Judgement::default() }
    }

    fn by_rules(&self, _: &FactSheet) -> Narrative {
        Narrative { blocks: told("by rules", Author::Rules), ..Narrative::default() }
    }

    fn template_version(&self) -> String {
        "1".to_owned()
    }

    fn render(&self, sheet: &FactSheet, narrative: &Narrative, edition: &Edition) -> Result<String, StudyError> {
        Ok(format!("<p>{} {} {:?}</p>", sheet.commune, edition.report_number, narrative.blocks))
    }
}
