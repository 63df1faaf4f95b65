//! Fail points within `infra` and `projections`: places that no decorator reaches, because a transaction is open there.
//!
//! They are one per program, trials run beside each other: each thread knows to which trial's process it belongs.

use std::{cell::RefCell, sync::Once};

use crate::sim::{fault::Fault, state::Shared};

/// Each has a point before and one after it.
pub const POINTS: [&str; 11] = [
    "keep contact",
    "append",
    "inbox row",
    "seal",
    "sign head",
    "commit order_summary",
    "commit order_timeline",
    "commit support_case",
    "commit fulfilment",
    "commit payments",
    "commit watchdog",
];

thread_local! {
    static WORLD: RefCell<Option<Shared>> = const { RefCell::new(None) };
}

/// What this thread does from now on happens in that world.
pub fn belong_to(world: &Shared) {
    static ARMED: Once = Once::new();
    ARMED.call_once(arm);
    WORLD.with_borrow_mut(|known| *known = Some(world.clone()));
}

fn arm() {
    for place in POINTS {
        for (side, fault) in [("before", Fault::CrashBefore), ("after", Fault::CrashAfter)] {
            fail::cfg_callback(format!("{side} {place}"), move || pass(place, fault)).expect("a fail point");
        }
    }
}

/// The task ends here, and takes its connections with it, when this is where the trial's process ends.
fn pass(place: &str, fault: Fault) {
    let ends = WORLD.with_borrow(|world| world.as_ref().is_some_and(|world| world.ends_at(place, fault)));
    if ends {
        // Not a panic: nobody is told.
        std::panic::resume_unwind(Box::new("the process ended here"));
    }
}
