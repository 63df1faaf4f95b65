//! A desk at which one paid report is written: the real study, the real client, the model's double on a free port.

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use domain::{
    eligibility::Eligibility,
    fact::FactSheet,
    identity,
    log::Event,
    ports::{Commands, EnergyCertificates, Log as _, Storage as _},
    report::{Author, ReportEvent},
};
use infra::{
    anthropic::{AnthropicConfig, AnthropicWriter},
    clock::SystemClock,
    event_store::PgLog,
    http::Secret,
};
use narrative::{Mismatch, Narrative, Prompt, Told, asked, judge_block, judge_recommendation};
use process_managers::Ports;
use sandbox::{Running, SandboxConfig};
use serde_json::{Value, json};
use sqlx::PgPool;
use studies::{Study, StudyError, StudyInfo, pages::Edition};

use crate::{
    sim::{fault::Weather, state::Shared},
    specimen::carry_out,
    world::{ORDER, World},
};

/// TER-01 with the figures of its sample, and two of them that do not go together.
pub struct Sampled {
    /// Whether names and labels try to be more than that.
    hostile: bool,
}

pub static PLAIN: Sampled = Sampled { hostile: false };
pub static HOSTILE: Sampled = Sampled { hostile: true };

fn portrait() -> &'static dyn Study {
    studies::find("TER-01").unwrap()
}

impl Sampled {
    fn finder(&self) -> fn(&str) -> Option<&'static dyn Study> {
        if self.hostile { |_| Some(&HOSTILE) } else { |_| Some(&PLAIN) }
    }

    fn figures(&self) -> FactSheet {
        static SAMPLE: OnceLock<FactSheet> = OnceLock::new();
        let read = || serde_json::from_str(include_str!("../../../../studies/src/ter_01/sample.json")).unwrap();
        let mut sheet = SAMPLE.get_or_init(read).clone();
        if self.hostile {
            for (fact, attack) in sheet.facts.values_mut().zip(attacks().iter().cycle()) {
                fact.label.clone_from(attack);
                fact.scope.name.clone_from(attack);
            }
        }
        sheet
    }
}

/// Fifty strings that try to be instructions, markup or links.
pub fn attacks() -> Vec<String> {
    let lines = include_str!("../../../../narrative/tests/hostile.jsonl").lines();
    lines.map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[async_trait]
impl Study for Sampled {
    fn sheet(&self) -> &'static StudyInfo {
        portrait().sheet()
    }

    async fn eligibility(&self, _: &PgPool, _: &str) -> Result<Eligibility, StudyError> {
        panic!("nothing is sold here")
    }

    async fn collect(&self, _: &PgPool, _: &str, _: &dyn EnergyCertificates) -> Result<FactSheet, StudyError> {
        Ok(self.figures())
    }

    async fn collect_public(&self, _: &PgPool, _: &str) -> Result<FactSheet, StudyError> {
        panic!("nothing is shown here")
    }

    fn key_facts(&self) -> &'static [&'static str] {
        portrait().key_facts()
    }

    fn prompt(&self) -> &'static Prompt {
        portrait().prompt()
    }

    fn mismatches(&self, _: &FactSheet) -> Vec<Mismatch> {
        let evidence = ["log.tx_vac@com", "lov.tx2@com"].map(str::to_owned).into();
        vec![Mismatch { id: "vacance", finding: "des logements vacants de longue date", evidence }]
    }

    fn by_rules(&self, sheet: &FactSheet) -> Narrative {
        portrait().by_rules(sheet)
    }

    fn template_version(&self) -> String {
        portrait().template_version()
    }

    fn render(&self, sheet: &FactSheet, narrative: &Narrative, edition: &Edition) -> Result<String, StudyError> {
        portrait().render(sheet, narrative, edition)
    }
}

static STARTED: AtomicU32 = AtomicU32::new(0);

/// A paid order, and the double that its report is written with.
pub struct Desk {
    pub world: World,
    double: Running,
    http: reqwest::Client,
    study: &'static Sampled,
    budget_cents: u32,
}

impl Desk {
    pub async fn open(study: &'static Sampled, budget_cents: u32) -> Self {
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        let any = "127.0.0.1:0".parse().unwrap();
        let config = SandboxConfig {
            http: any,
            s3: any,
            s3_dir: std::env::temp_dir().join(format!("lobster-desk-{}-{number}", std::process::id())),
            stripe_webhook_url: String::new(),
            brevo_webhook_url: String::new(),
            ..SandboxConfig::default()
        };
        let double = sandbox::start(config).await.unwrap();
        let world = World::new().await;
        world.place(ORDER, "cs_1").await;
        world.pay(ORDER, "cs_1").await;
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { world, double, http, study, budget_cents }
    }

    /// Arms an effect for so many questions; for all when there is no number.
    pub async fn arm(&self, effect: &Value, times: Option<u32>) {
        let fault = json!({"service": "anthropic", "operation": "messages.create", "times": times, "effect": effect});
        let url = format!("http://{}/_sandbox/faults", self.double.http);
        let armed = self.http.post(url).body(fault.to_string()).send().await.unwrap();
        assert!(armed.status().is_success(), "{fault}: {}", armed.text().await.unwrap());
    }

    /// Bodies of the questions that reached the model.
    pub async fn questions(&self) -> Vec<Value> {
        let url = format!("http://{}/_sandbox/requests?service=anthropic&operation=messages.create", self.double.http);
        let told = self.http.get(url).send().await.unwrap().bytes().await.unwrap();
        let told: Value = serde_json::from_slice(&told).unwrap();
        told["requests"].as_array().unwrap().iter().map(|request| request["body"].clone()).collect()
    }

    pub fn ports(&self, commands: Arc<dyn Commands>) -> Ports {
        let calm = Arc::new(Shared::new(1, Weather::Seeded(0)));
        let config = AnthropicConfig {
            base_url: format!("http://{}/anthropic", self.double.http),
            api_key: Secret::new("sk-ant-desk"),
            model: "claude-sonnet-4-6".to_owned(),
            price: None,
            stream: true,
            budget_cents: self.budget_cents,
            deadline: Duration::from_secs(6),
        };
        Ports {
            writer: Arc::new(AnthropicWriter::new(config, Arc::new(SystemClock)).unwrap()),
            printer: Arc::clone(&calm) as _,
            certificates: calm,
            study: self.study.finder(),
            ..self.world.ports_with(commands)
        }
    }

    /// Does all there is to do, and tells what came of it.
    pub async fn write(&self) -> Written {
        self.write_with(Arc::clone(&self.world.commands)).await
    }

    pub async fn write_with(&self, commands: Arc<dyn Commands>) -> Written {
        carry_out(&self.world, &self.ports(commands)).await;
        let story = self.world.story(ORDER).await;
        assert!(story.contains(&"OrderDelivered") && story.contains(&"DeliveryEmailSent"), "{story:?}");
        let id = identity::report_id(ORDER, 1);
        let log = PgLog::new(self.world.projector.clone()).read_after(0, 1_000).await.unwrap();
        let events: Vec<ReportEvent> = log
            .into_iter()
            .filter_map(|recorded| match recorded.event {
                Event::Report(event) if recorded.aggregate_id == id => Some(event),
                _ => None,
            })
            .collect();
        let report = self.world.commands.load_report(id).await.unwrap();
        let narrative = self.stored(&identity::artefact_key(report.narrative_sha256.as_ref().unwrap())).await;
        let narrative: Narrative = serde_json::from_slice(&narrative).unwrap();
        let page = String::from_utf8(self.stored(report.stored_key.as_ref().unwrap()).await).unwrap();
        let written = Written { events, narrative, page };
        written.is_clean(self.study);
        written
    }

    async fn stored(&self, key: &str) -> Vec<u8> {
        self.world.shelf.get(key).await.unwrap()
    }
}

/// What was delivered, and what is told of its making.
pub struct Written {
    pub events: Vec<ReportEvent>,
    pub narrative: Narrative,
    /// The page as the browser would print it.
    pub page: String,
}

impl Written {
    /// Every block that could cite a figure passes the judge, no sentence is told twice, nothing but words was let in.
    fn is_clean(&self, study: &Sampled) {
        let sheet = study.figures();
        let mut told = Told::default();
        for block in asked(study.prompt().specs, &sheet).into_iter().filter(narrative::Asked::has_figures) {
            let written = &self.narrative.blocks[block.spec.id];
            assert_eq!(
                judge_block(&sheet, &block, &written.text, &written.claims),
                [],
                "{}: {written:?}",
                block.spec.id
            );
            assert_eq!(told.repeated(&sheet, &block, &written.text), None, "{written:?}");
            told.remember(&sheet, &block, &written.text);
        }
        let mismatches = study.mismatches(&sheet);
        for given in &self.narrative.recommendations {
            let mismatch = mismatches.iter().find(|mismatch| mismatch.id == given.id).unwrap();
            assert_eq!(judge_recommendation(&sheet, mismatch, given), [], "{given:?}");
        }
        assert!(!self.page.contains("<script"), "no script");
        // A hostile name may hold braces, which are printed as such.
        assert!(study.hostile || !self.page.contains("{{"), "every placeholder has its figure");
    }

    /// Names of the events of the writing, with what distinguishes them.
    pub fn story(&self) -> Vec<String> {
        let told = self.events.iter().filter_map(|event| match event {
            ReportEvent::NarrativeReceived { stop_reason, .. } => Some(format!("received {stop_reason}")),
            ReportEvent::NarrativeRejected { .. } => Some("rejected".to_owned()),
            ReportEvent::StepFailed { step, class, attempt } => {
                Some(format!("{step:?} failed, {class:?}, {attempt}").to_lowercase())
            }
            ReportEvent::NarrativeAccepted { .. } => Some("accepted".to_owned()),
            _ => None,
        });
        told.collect()
    }

    /// Errors of the rejections, in order.
    pub fn errors(&self) -> Vec<Vec<String>> {
        let told = self.events.iter().filter_map(|event| match event {
            ReportEvent::NarrativeRejected { errors, .. } => Some(errors.clone()),
            _ => None,
        });
        told.collect()
    }

    /// Blocks by the rules, and all, as the event tells.
    pub fn by_rules(&self) -> (usize, usize) {
        let by_block = self.events.iter().find_map(|event| match event {
            ReportEvent::NarrativeAccepted { by_block, .. } => Some(by_block),
            _ => None,
        });
        let by_block = by_block.expect("an accepted narrative");
        assert_eq!(*by_block, self.narrative.by_block());
        (by_block.values().filter(|author| **author == Author::Rules).count(), by_block.len())
    }

    /// Millionths of a dollar, as told.
    pub fn cost_micro_usd(&self) -> i64 {
        let costs = self.events.iter().filter_map(|event| match event {
            ReportEvent::NarrativeReceived { cost_micro_usd, .. } => Some(*cost_micro_usd),
            _ => None,
        });
        costs.sum()
    }
}
