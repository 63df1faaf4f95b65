//! Every boundary between us and what outlives us, on the way of an order that is paid twice and of one that is given up; and
//! which of them `make test` tries.

use crate::{points::POINTS, sim::fault::Fault};

/// What a boundary belongs to: the sample hits each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Requests: a customer's and the payment vendor's.
    Door,
    /// Sealing, signing, copying.
    Log,
    ReadModels,
    Policies,
    /// What a job reads before it acts, and the end of a job.
    Jobs,
    Facts,
    /// What is paid for.
    Model,
    Printing,
    Delivery,
    Money,
}

use Group::{Delivery, Door, Facts, Jobs, Log, Model, Money, Policies, Printing, ReadModels};

pub const GROUPS: [Group; 10] = [Door, Log, ReadModels, Policies, Jobs, Facts, Model, Printing, Delivery, Money];

/// Places where a process can end: before and after each.
pub const BOUNDARIES: [(Group, &str); 49] = [
    (Door, "keep contact"),
    (Door, "append"),
    (Door, "append Place"),
    (Door, "open"),
    (Door, "append OpenCheckout"),
    (Door, "inbox row"),
    (Door, "inbox ConfirmPayment"),
    (Door, "append Cancel"),
    (Log, "seal"),
    (Log, "sign head"),
    (Log, "put heads"),
    (ReadModels, "commit order_summary"),
    (ReadModels, "commit order_timeline"),
    (ReadModels, "commit support_case"),
    (Policies, "enqueue fulfilment"),
    (Policies, "commit fulfilment"),
    (Policies, "enqueue payments"),
    (Policies, "commit payments"),
    (Policies, "enqueue watchdog"),
    (Policies, "commit watchdog"),
    (Jobs, "job"),
    (Jobs, "load order"),
    (Jobs, "load report"),
    (Jobs, "get"),
    (Facts, "append Request"),
    (Facts, "certificates"),
    (Facts, "put artefacts"),
    (Facts, "append RecordFacts"),
    (Model, "model"),
    (Model, "put answers"),
    (Model, "append RecordAnswer"),
    (Model, "append AcceptNarrative"),
    (Printing, "print"),
    (Printing, "append RecordRendering"),
    (Printing, "put reports"),
    (Printing, "append RecordStorage"),
    (Delivery, "append Deliver"),
    (Delivery, "link"),
    (Delivery, "append IssueDownloadLink"),
    (Delivery, "contact"),
    (Delivery, "head"),
    (Delivery, "mail"),
    (Delivery, "append RecordEmailSent"),
    (Money, "append RequestRefund"),
    (Money, "refunds"),
    (Money, "refund"),
    (Money, "append RecordRefund"),
    (Money, "close"),
    (Money, "append ExpireCheckout"),
];

pub const SAMPLE: usize = 24;

/// What a shaky world does beside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    Clean,
    DuplicateWebhook,
    StorageDown,
}

const CONDITIONS: [Condition; 3] = [Condition::Clean, Condition::DuplicateWebhook, Condition::StorageDown];
const SIDES: [Fault; 2] = [Fault::CrashBefore, Fault::CrashAfter];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Case {
    pub place: &'static str,
    pub fault: Fault,
    pub condition: Condition,
}

/// Between the keeping of a paid answer and its record: the only places where a second asking cannot be excused.
const TELLING: [Case; 2] = [
    Case { place: "put answers", fault: Fault::CrashAfter, condition: Condition::Clean },
    Case { place: "append RecordAnswer", fault: Fault::CrashBefore, condition: Condition::DuplicateWebhook },
];

/// Every boundary, on both sides, under every condition.
pub fn all() -> Vec<Case> {
    let sides = |place| SIDES.map(|fault| (place, fault));
    let places: Vec<_> = BOUNDARIES.iter().flat_map(|(_, place)| sides(*place)).collect();
    CONDITIONS
        .iter()
        .flat_map(|condition| places.iter().map(|&(place, fault)| Case { place, fault, condition: *condition }))
        .collect()
}

/// As many of each group as of any other, sides and conditions by turns; and what tells whether an answer is paid twice.
pub fn sample() -> Vec<Case> {
    let mut chosen = TELLING.to_vec();
    for round in 0.. {
        for (number, group) in GROUPS.iter().enumerate() {
            if chosen.len() == SAMPLE {
                return chosen;
            }
            let places: Vec<&str> = BOUNDARIES.iter().filter(|(of, _)| of == group).map(|(_, place)| *place).collect();
            let case = Case {
                // Last first: what is nearest to the group's end was reached through all the rest.
                place: places[places.len() - 1 - round % places.len()],
                fault: SIDES[(round + number) % SIDES.len()],
                condition: CONDITIONS[(round + number) % CONDITIONS.len()],
            };
            if !chosen.contains(&case) {
                chosen.push(case);
            }
        }
    }
    chosen
}

#[test]
fn the_sample_hits_every_group_on_both_sides_and_where_an_answer_may_be_paid_twice() {
    let sample = sample();
    assert_eq!(sample.len(), SAMPLE);
    for group in GROUPS {
        let hit = sample.iter().filter(|case| BOUNDARIES.contains(&(group, case.place))).count();
        assert!(hit >= 2, "{group:?} is hit {hit} times by {sample:?}");
    }
    assert!(SIDES.iter().all(|side| sample.iter().any(|case| case.fault == *side)));
    assert!(CONDITIONS.iter().all(|condition| sample.iter().any(|case| case.condition == *condition)));
    assert!(TELLING.iter().all(|case| sample.contains(case)));
    assert!(POINTS.iter().all(|point| BOUNDARIES.iter().any(|(_, place)| place == point)), "a point is never tried");
    assert!(all().len() >= 144);
}
