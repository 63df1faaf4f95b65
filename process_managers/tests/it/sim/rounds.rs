//! The rounds of the upkeep: what the clock calls for, until everything is known that can be known.

use process_managers::{
    Work,
    upkeep::{Job, Round},
};

use super::shop::{Next, Shop};

const MINUTE: i64 = 60_000;

impl Shop {
    /// A few calls stand for all: before payments are told, when unpaid orders are old enough to be asked after, and the
    /// night's, an hour after the last page was made.
    pub(super) fn wind_up_the_clock(&mut self) {
        for minute in [1, 2, 4] {
            self.at(minute * MINUTE, Next::Round(Job::RereadNotices));
        }
        for minute in [11, 25] {
            self.at(minute * MINUTE, Next::Round(Job::LookAtPending));
        }
        self.at(120 * MINUTE, Next::Round(Job::Reconcile));
    }

    pub(super) fn round(&mut self, now: i64, job: Job) {
        let at = self.world.lock().time();
        self.call(now, Work::Clock(Round { job, at }));
    }

    /// The clock would call each minute; here it does while there is something to read.
    pub(super) fn ended(&mut self, now: i64, work: &Work) {
        let Work::Clock(round) = work else { return };
        let waits = !self.world.lock().waiting.is_empty();
        if round.job == Job::Reconcile || round.job == Job::RereadNotices && waits {
            self.at(now + 10 * MINUTE, Next::Round(Job::RereadNotices));
        }
    }
}
