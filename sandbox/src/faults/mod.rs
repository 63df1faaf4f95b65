//! Faults on demand: which call is hit, and how.

mod effect;
mod mistake;

pub use effect::{Effect, Failure};
pub use mistake::scenarios;

use std::path::Path;

use anyhow::Context;
use serde::{Deserialize, Serialize};

use crate::call::Service;
use crate::journal::Table;
use crate::world::Dice;

/// A fault as it is asked for.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    pub service: Service,
    /// An operation, or `*` for all of the service.
    #[serde(default = "any_operation")]
    pub operation: String,
    /// Matching calls that pass before the first one is hit.
    #[serde(default)]
    pub after: u32,
    /// Calls still to hit; `null` until removed.
    #[serde(default = "once")]
    pub times: Option<u32>,
    /// Chance that a matching call is hit, from 0 to 1.
    #[serde(default = "certain")]
    pub probability: f64,
    pub effect: Effect,
}

fn any_operation() -> String {
    "*".into()
}

#[expect(clippy::unnecessary_wraps, reason = "the type of the field: absent means once, null means for ever")]
fn once() -> Option<u32> {
    Some(1)
}

fn certain() -> f64 {
    1.0
}

/// Who armed a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// The control API or the page: saved with the state.
    Asked,
    /// The file given at the start.
    File,
    /// The profile given at the start.
    Profile,
}

/// An armed fault and its number.
#[derive(Clone, Debug, Serialize)]
pub struct Armed {
    pub id: u64,
    pub origin: Origin,
    #[serde(flatten)]
    pub fault: Fault,
}

/// The armed faults, in the order they were armed.
#[derive(Default)]
pub struct Faults {
    armed: Vec<Armed>,
    last: u64,
    /// Those asked for, by number.
    saved: Table<Fault>,
}

impl Faults {
    /// Opens the registry, with what a previous run was asked for and did not use up.
    ///
    /// # Errors
    /// The state folder cannot be used.
    pub fn open(dir: Option<&Path>) -> anyhow::Result<Self> {
        let saved: Table<Fault> = Table::open(dir, "faults")?;
        let armed: Vec<Armed> = saved
            .iter()
            .filter_map(|(id, fault)| Some(Armed { id: id.parse().ok()?, origin: Origin::Asked, fault: fault.clone() }))
            .collect();
        Ok(Self { last: armed.iter().map(|armed| armed.id).max().unwrap_or(0), armed, saved })
    }

    /// Arms a fault; returns its number.
    pub fn arm(&mut self, fault: Fault, origin: Origin) -> u64 {
        self.last += 1;
        if origin == Origin::Asked {
            self.saved.put(&key(self.last), fault.clone());
        }
        self.armed.push(Armed { id: self.last, origin, fault });
        self.last
    }

    /// Removes a fault; `false` when it is not there (any more).
    pub fn disarm(&mut self, id: u64) -> bool {
        let before = self.armed.len();
        self.armed.retain(|armed| armed.id != id);
        self.saved.remove(&key(id));
        self.armed.len() < before
    }

    /// Removes all faults.
    pub fn clear(&mut self) {
        self.armed.clear();
        self.saved.clear();
    }

    /// What is armed now.
    pub fn list(&self) -> &[Armed] {
        &self.armed
    }

    /// The effect that hits this call: of the first armed fault that matches and whose turn it is.
    pub fn strike(&mut self, service: Service, operation: &str, dice: &mut Dice) -> Option<Effect> {
        let mut effect = None;
        for armed in &mut self.armed {
            let fault = &mut armed.fault;
            if fault.service != service || !(fault.operation == "*" || fault.operation == operation) {
                continue;
            }
            let passed = fault.after > 0;
            fault.after = fault.after.saturating_sub(1);
            let hit = !passed && (fault.probability >= 1.0 || dice.chance() < fault.probability);
            if hit {
                effect = Some(fault.effect.clone());
                fault.times = fault.times.map(|times| times.saturating_sub(1));
            }
            if armed.origin == Origin::Asked && (passed || (hit && fault.times.is_some())) {
                match fault.times {
                    Some(0) => {
                        self.saved.remove(&key(armed.id));
                    }
                    _ => self.saved.put(&key(armed.id), fault.clone()),
                }
            }
            if hit {
                break;
            }
        }
        self.armed.retain(|armed| armed.fault.times != Some(0));
        effect
    }

    /// Arms the faults of a file: a JSON list of what `POST /_sandbox/faults` takes.
    ///
    /// # Errors
    /// Names the file and the fault that cannot be armed.
    pub fn arm_file(&mut self, path: &Path) -> anyhow::Result<()> {
        let file = path.display();
        let text = std::fs::read(path).with_context(|| format!("cannot read the faults file {file}"))?;
        let faults: Vec<Fault> = serde_json::from_slice(&text)
            .with_context(|| format!("{file} is not a JSON list of faults such as [{{\"service\": \"ademe\", \"effect\": {{\"kind\": \"reset\"}}}}]"))?;
        for (number, fault) in (1..).zip(faults) {
            fault.check().with_context(|| format!("fault {number} of {file}"))?;
            self.arm(fault, Origin::File);
        }
        Ok(())
    }

    /// The profile `storm`: 3 % of 5xx, 2 % of 429, 1 % of resets, 5 % of slow answers, on every service.
    pub fn arm_storm(&mut self) {
        let status = |status| Effect::Status(Failure { status, headers: None, body: None });
        for service in Service::ALL {
            for (probability, effect) in [
                (0.03, status(503)),
                (0.02, status(429)),
                (0.01, Effect::Reset { after_bytes: None }),
                (0.05, Effect::Latency { ms: 400, jitter_ms: 1_200 }),
            ] {
                let fault = Fault { service, operation: any_operation(), after: 0, times: None, probability, effect };
                self.arm(fault, Origin::Profile);
            }
        }
    }
}

/// Numbers in order of text.
fn key(id: u64) -> String {
    format!("{id:012}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(json: &str) -> Fault {
        serde_json::from_str(json).unwrap()
    }

    fn strike(faults: &mut Faults, operation: &str) -> bool {
        faults.strike(Service::Stripe, operation, &mut Dice::new(1)).is_some()
    }

    #[test]
    fn a_fault_waits_its_turn_hits_its_number_of_times_and_is_gone() {
        let mut faults = Faults::default();
        faults.arm(
            fault(
                r#"{"service":"stripe","operation":"refunds.create","after":1,"times":2,
            "effect":{"kind":"status","status":503}}"#,
            ),
            Origin::Asked,
        );
        let hits: Vec<bool> = (0..4).map(|_| strike(&mut faults, "refunds.create")).collect();
        assert_eq!(hits, [false, true, true, false]);
        assert!(faults.list().is_empty());
    }

    #[test]
    fn another_operation_or_service_is_not_hit() {
        let mut faults = Faults::default();
        faults.arm(fault(r#"{"service":"brevo","effect":{"kind":"hang","ms":5}}"#), Origin::Asked);
        faults.arm(
            fault(r#"{"service":"stripe","operation":"refunds.create","effect":{"kind":"hang","ms":5}}"#),
            Origin::Asked,
        );
        assert!(!strike(&mut faults, "checkout.sessions.create"));
        assert_eq!(faults.list().len(), 2);
    }

    #[test]
    fn null_times_stays_until_removed() {
        let mut faults = Faults::default();
        let id =
            faults.arm(fault(r#"{"service":"stripe","times":null,"effect":{"kind":"latency","ms":1}}"#), Origin::Asked);
        assert!((0..50).all(|_| strike(&mut faults, "anything")));
        assert!(faults.disarm(id) && !strike(&mut faults, "anything"));
    }

    #[test]
    fn chance_is_decided_by_the_seed() {
        let hits = |seed| {
            let mut faults = Faults::default();
            faults.arm(
                fault(r#"{"service":"stripe","times":null,"probability":0.5,"effect":{"kind":"hang","ms":1}}"#),
                Origin::Asked,
            );
            let mut dice = Dice::new(seed);
            (0..64).map(|_| faults.strike(Service::Stripe, "x", &mut dice).is_some()).collect::<Vec<_>>()
        };
        assert_eq!(hits(7), hits(7));
        assert_ne!(hits(7), hits(8));
        assert!(hits(7).contains(&true) && hits(7).contains(&false));
    }

    #[test]
    fn the_first_armed_fault_that_matches_is_used() {
        let mut faults = Faults::default();
        for ms in [1, 2] {
            faults
                .arm(fault(&format!(r#"{{"service":"stripe","effect":{{"kind":"hang","ms":{ms}}}}}"#)), Origin::Asked);
        }
        let hit = |faults: &mut Faults| match faults.strike(Service::Stripe, "x", &mut Dice::new(1)) {
            Some(Effect::Hang { ms }) => ms,
            other => panic!("{other:?}"),
        };
        assert_eq!((hit(&mut faults), hit(&mut faults)), (1, 2));
    }

    #[test]
    fn what_was_asked_for_survives_a_restart_as_far_as_it_was_not_used_up() {
        let dir = std::env::temp_dir().join(format!("sandbox-faults-{}", std::process::id()));
        let mut faults = Faults::open(Some(&dir)).unwrap();
        faults.arm(fault(r#"{"service":"stripe","times":3,"effect":{"kind":"hang","ms":1}}"#), Origin::Asked);
        faults.arm(fault(r#"{"service":"stripe","times":1,"effect":{"kind":"hang","ms":2}}"#), Origin::Asked);
        let gone = faults.arm(fault(r#"{"service":"s3","effect":{"kind":"hang","ms":3}}"#), Origin::Asked);
        faults.arm_storm();
        faults.disarm(gone);
        assert!(strike(&mut faults, "x"));
        let again = Faults::open(Some(&dir)).unwrap();
        let times: Vec<_> = again.list().iter().map(|armed| armed.fault.times).collect();
        assert_eq!(times, [Some(2), Some(1)]);
        std::fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn the_storm_has_the_shares_of_the_sheet() {
        let mut faults = Faults::default();
        faults.arm_storm();
        let mut dice = Dice::new(3);
        let mut seen = std::collections::BTreeMap::<String, u32>::new();
        for _ in 0..20_000 {
            if let Some(effect) = faults.strike(Service::Brevo, "smtp.email.send", &mut dice) {
                *seen.entry(effect.kind()).or_default() += 1;
            }
        }
        for (kind, low, high) in
            [("status 503", 500, 700), ("status 429", 310, 480), ("reset", 130, 260), ("latency", 800, 1_100)]
        {
            assert!((low..high).contains(&seen[kind]), "{kind}: {seen:?}");
        }
    }
}
