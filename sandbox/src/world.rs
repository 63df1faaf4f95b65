//! Everything the doubles share: clock, ids, dice, faults, recorded calls, and each service's own state.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::clock::Clock;
use crate::config::{Profile, SandboxConfig};
use crate::faults::Faults;
use crate::ids::Ids;
use crate::recorder::Recorder;
use crate::{ademe, anthropic, brevo, s3, stripe, webhooks};

/// One running sandbox.
pub struct World {
    pub config: SandboxConfig,
    /// Address that redirects and pages use, without a final slash.
    pub base_url: String,
    pub clock: Clock,
    pub ids: Ids,
    pub dice: Shared<Dice>,
    /// What everything generated comes from: the configured seed, or that of the last reset.
    pub seed: AtomicU64,
    pub faults: Shared<Faults>,
    pub calls: Shared<Recorder>,
    pub webhooks: webhooks::Post,
    pub stripe: Shared<stripe::Store>,
    pub anthropic: Shared<anthropic::Store>,
    pub brevo: Shared<brevo::Store>,
    pub ademe: Shared<ademe::Store>,
    /// Background work: deliveries, expiry, connections.
    pub tasks: TaskTracker,
    /// Cancelled once, when the sandbox stops.
    pub stop: CancellationToken,
}

impl World {
    /// Builds the state, with what a previous run left in `state_dir`.
    ///
    /// # Errors
    /// The state folder cannot be used.
    pub fn new(config: SandboxConfig, base_url: String) -> anyhow::Result<Self> {
        let dir = config.state_dir.as_deref();
        let mut faults = Faults::open(dir)?;
        let mut behaviour = webhooks::Behaviour::default();
        if let Some(file) = &config.faults_file {
            faults.arm_file(file)?;
        }
        if config.profile == Profile::Storm {
            faults.arm_storm();
            behaviour = webhooks::Behaviour::storm();
        }
        Ok(Self {
            base_url,
            clock: Clock::open(dir)?,
            ids: Ids::default(),
            dice: Shared::new(Dice::new(config.seed)),
            seed: AtomicU64::new(config.seed),
            faults: Shared::new(faults),
            calls: Shared::new(Recorder::default()),
            webhooks: webhooks::Post::open(&config, behaviour)?,
            stripe: Shared::new(stripe::Store::open(dir)?),
            anthropic: Shared::new(anthropic::Store::default()),
            brevo: Shared::new(brevo::Store::open(dir)?),
            ademe: Shared::new(ademe::Store::default()),
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
            config,
        })
    }

    /// Forgets state, stored objects, faults and recorded calls; the clock shows real time again.
    ///
    /// # Errors
    /// Stored objects cannot be removed.
    pub fn reset(&self, seed: Option<u64>) -> anyhow::Result<()> {
        self.clock.right();
        let seed = seed.unwrap_or(self.config.seed);
        self.seed.store(seed, Ordering::SeqCst);
        *self.dice.lock() = Dice::new(seed);
        self.faults.lock().clear();
        *self.calls.lock() = Recorder::default();
        self.webhooks.reset();
        self.stripe.lock().clear();
        *self.anthropic.lock() = anthropic::Store::default();
        self.brevo.lock().clear();
        *self.ademe.lock() = ademe::Store::default();
        s3::empty(self)
    }
}

/// A mutex that outlives a panic of one caller: a double that stops answering hides the first error behind others.
pub struct Shared<T>(Mutex<T>);

impl<T> Shared<T> {
    pub fn new(value: T) -> Self {
        Self(Mutex::new(value))
    }

    pub fn lock(&self) -> MutexGuard<'_, T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Random numbers from one seed (`SplitMix64`): the same seed gives the same storm.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Any 64 bits.
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number in `[0, 1)`.
    pub fn chance(&mut self) -> f64 {
        let bits = u32::try_from(self.roll() >> 32).unwrap_or(0);
        f64::from(bits) / (f64::from(u32::MAX) + 1.0)
    }

    /// A number in `0..bound`; 0 when `bound` is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        if bound == 0 { 0 } else { self.roll() % bound }
    }
}
