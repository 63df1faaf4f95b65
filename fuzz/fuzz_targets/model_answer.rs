//! What a model answers: any text is judged, and a sheet without facts lets no figure through.

#![no_main]

use std::collections::BTreeMap;

use domain::fact::FactSheet;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let study = studies::find("LOG-01").expect("LOG-01 is sold");
    let sheet = FactSheet {
        study: "LOG-01".to_owned(),
        commune: "44109".to_owned(),
        reference_version: 1,
        facts: BTreeMap::new(),
        exhibits: BTreeMap::new(),
    };
    let _ = study.judge(&sheet, text);
    let _ = study.check(&sheet, text);
});
