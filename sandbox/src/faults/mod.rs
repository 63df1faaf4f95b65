//! Faults on demand: which call is hit, and how.

mod effect;
mod mistake;

pub use effect::{Effect, Failure};

use serde::{Deserialize, Serialize};

use crate::call::Service;
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

/// An armed fault and its number.
#[derive(Clone, Debug, Serialize)]
pub struct Armed {
    pub id: u64,
    #[serde(flatten)]
    pub fault: Fault,
}

/// The armed faults, in the order they were armed.
#[derive(Default)]
pub struct Faults {
    armed: Vec<Armed>,
    last: u64,
}

impl Faults {
    /// Arms a fault; returns its number.
    pub fn arm(&mut self, fault: Fault) -> u64 {
        self.last += 1;
        self.armed.push(Armed { id: self.last, fault });
        self.last
    }

    /// Removes a fault; `false` when it is not there (any more).
    pub fn disarm(&mut self, id: u64) -> bool {
        let before = self.armed.len();
        self.armed.retain(|armed| armed.id != id);
        self.armed.len() < before
    }

    /// What is armed now.
    pub fn list(&self) -> &[Armed] {
        &self.armed
    }

    /// The effect that hits this call: of the first armed fault that matches and whose turn it is.
    pub fn strike(&mut self, service: Service, operation: &str, dice: &mut Dice) -> Option<Effect> {
        let hit = self.armed.iter_mut().find_map(|armed| {
            let fault = &mut armed.fault;
            if fault.service != service || !(fault.operation == "*" || fault.operation == operation) {
                return None;
            }
            if fault.after > 0 {
                fault.after -= 1;
                return None;
            }
            if fault.probability < 1.0 && dice.chance() >= fault.probability {
                return None;
            }
            if let Some(times) = &mut fault.times {
                *times = times.saturating_sub(1);
            }
            Some(fault.effect.clone())
        });
        self.armed.retain(|armed| armed.fault.times != Some(0));
        hit
    }

    /// The profile `storm`: 3 % of 5xx, 2 % of 429, 1 % of resets, 5 % of slow answers, on every service.
    pub fn arm_storm(&mut self) {
        let status = |status| Effect::Status(Failure { status, headers: None, body: None });
        for service in [Service::Stripe, Service::Anthropic, Service::Brevo, Service::Ademe, Service::S3] {
            for (probability, effect) in [
                (0.03, status(503)),
                (0.02, status(429)),
                (0.01, Effect::Reset { after_bytes: None }),
                (0.05, Effect::Latency { ms: 400, jitter_ms: 1_200 }),
            ] {
                self.arm(Fault { service, operation: any_operation(), after: 0, times: None, probability, effect });
            }
        }
    }
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
        faults.arm(fault(
            r#"{"service":"stripe","operation":"refunds.create","after":1,"times":2,
            "effect":{"kind":"status","status":503}}"#,
        ));
        let hits: Vec<bool> = (0..4).map(|_| strike(&mut faults, "refunds.create")).collect();
        assert_eq!(hits, [false, true, true, false]);
        assert!(faults.list().is_empty());
    }

    #[test]
    fn another_operation_or_service_is_not_hit() {
        let mut faults = Faults::default();
        faults.arm(fault(r#"{"service":"brevo","effect":{"kind":"hang","ms":5}}"#));
        faults.arm(fault(r#"{"service":"stripe","operation":"refunds.create","effect":{"kind":"hang","ms":5}}"#));
        assert!(!strike(&mut faults, "checkout.sessions.create"));
        assert_eq!(faults.list().len(), 2);
    }

    #[test]
    fn null_times_stays_until_removed() {
        let mut faults = Faults::default();
        let id = faults.arm(fault(r#"{"service":"stripe","times":null,"effect":{"kind":"latency","ms":1}}"#));
        assert!((0..50).all(|_| strike(&mut faults, "anything")));
        assert!(faults.disarm(id) && !strike(&mut faults, "anything"));
    }

    #[test]
    fn chance_is_decided_by_the_seed() {
        let hits = |seed| {
            let mut faults = Faults::default();
            faults.arm(fault(r#"{"service":"stripe","times":null,"probability":0.5,"effect":{"kind":"hang","ms":1}}"#));
            let mut dice = Dice::new(seed);
            (0..64).map(|_| faults.strike(Service::Stripe, "x", &mut dice).is_some()).collect::<Vec<_>>()
        };
        assert_eq!(hits(7), hits(7));
        assert_ne!(hits(7), hits(8));
        assert!(hits(7).contains(&true) && hits(7).contains(&false));
    }
}
