//! The catalogue's answers about a commune, kept for a few minutes: reading them from the open data takes long, and they
//! only change with an import.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use domain::{
    eligibility::Eligibility,
    ports::{Catalogue, KeyFigures, PortError, SourceNote, Specimen, StudySheet},
};
use tokio::{sync::OnceCell, time::Instant};

/// How long after an import a screen may still show what was before. Reports always read afresh.
const KEPT: Duration = Duration::from_secs(5 * 60);
/// Communes remembered at once: some kilobytes each, outlines not included.
const MOST: usize = 1_000;

/// A catalogue that does not ask twice. Those who ask at the same time wait for one answer; a failure is not kept.
pub struct Remembering {
    catalogue: Arc<dyn Catalogue>,
    figures: Memory<KeyFigures>,
    specimens: Memory<Vec<Specimen>>,
    eligibility: Memory<Vec<Eligibility>>,
}

impl Remembering {
    /// Around `catalogue`, with nothing remembered yet.
    pub fn new(catalogue: Arc<dyn Catalogue>) -> Self {
        Self { catalogue, figures: Memory::default(), specimens: Memory::default(), eligibility: Memory::default() }
    }
}

#[async_trait]
impl Catalogue for Remembering {
    async fn studies(&self) -> Result<Vec<StudySheet>, PortError> {
        self.catalogue.studies().await
    }

    async fn sources(&self, study: &str) -> Result<Vec<SourceNote>, PortError> {
        self.catalogue.sources(study).await
    }

    async fn specimens(&self, study: &str) -> Result<Vec<Specimen>, PortError> {
        self.specimens.recall(study, self.catalogue.specimens(study)).await
    }

    async fn eligibility(&self, commune: &str) -> Result<Vec<Eligibility>, PortError> {
        self.eligibility.recall(commune, self.catalogue.eligibility(commune)).await
    }

    async fn key_figures(&self, commune: &str) -> Result<KeyFigures, PortError> {
        self.figures.recall(commune, self.catalogue.key_figures(commune)).await
    }
}

/// Answers by commune.
struct Memory<T>(Mutex<HashMap<String, Slot<T>>>);

struct Slot<T> {
    until: Instant,
    answer: Arc<OnceCell<T>>,
}

impl<T> Default for Memory<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> Memory<T> {
    async fn recall(&self, commune: &str, ask: impl Future<Output = Result<T, PortError>>) -> Result<T, PortError> {
        let answer = self.slot(commune, Instant::now());
        answer.get_or_try_init(|| ask).await.cloned()
    }

    /// The place of a commune's answer, empty or not.
    fn slot(&self, commune: &str, now: Instant) -> Arc<OnceCell<T>> {
        let mut slots = self.slots();
        if let Some(slot) = slots.get(commune).filter(|slot| now < slot.until) {
            return Arc::clone(&slot.answer);
        }
        if slots.len() >= MOST {
            slots.retain(|_, slot| now < slot.until);
        }
        if slots.len() >= MOST {
            slots.clear();
        }
        let answer = Arc::new(OnceCell::new());
        slots.insert(commune.to_owned(), Slot { until: now + KEPT, answer: Arc::clone(&answer) });
        answer
    }

    fn slots(&self) -> MutexGuard<'_, HashMap<String, Slot<T>>> {
        // Nothing in here can be left half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn answer(value: u32) -> Result<u32, PortError> {
        Ok(value)
    }

    async fn failure() -> Result<u32, PortError> {
        Err(PortError::Transient { service: "open data", message: "down".to_owned(), retry_after: None })
    }

    #[tokio::test]
    async fn the_first_answer_is_kept_and_a_failure_is_not() {
        let memory = Memory::<u32>::default();
        assert!(memory.recall("44109", failure()).await.is_err());
        assert_eq!(memory.recall("44109", answer(1)).await.unwrap(), 1);
        assert_eq!(memory.recall("44109", answer(2)).await.unwrap(), 1);
        assert_eq!(memory.recall("44110", answer(3)).await.unwrap(), 3);
    }

    #[test]
    fn an_answer_is_forgotten_in_time() {
        let memory = Memory::<u32>::default();
        let now = Instant::now();
        let first = memory.slot("44109", now);
        assert!(Arc::ptr_eq(&first, &memory.slot("44109", now + KEPT - Duration::from_secs(1))));
        assert!(!Arc::ptr_eq(&first, &memory.slot("44109", now + KEPT)));
    }

    #[test]
    fn a_crawler_does_not_fill_the_memory() {
        let memory = Memory::<u32>::default();
        let now = Instant::now();
        for commune in 0..3 * MOST {
            memory.slot(&commune.to_string(), now);
        }
        assert!(memory.slots().len() <= MOST);
    }
}
