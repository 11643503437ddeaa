//! What `render` makes of every scenario is what Crossplane's engine made of it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use engine_oracle::difference::{MEANT, compare};
use engine_oracle::recording;
use engine_oracle::scenario::Scenario;

#[test]
fn render_answers_what_the_engine_answered() {
    let scenarios = Scenario::all().unwrap();
    let (mut wrong, mut used) = (Vec::new(), BTreeSet::new());
    for scenario in &scenarios {
        let recorded = recording::read(scenario).unwrap();
        let rendered = recording::render(scenario).unwrap();
        assert_eq!(recorded.len(), rendered.len(), "{}: as many reconciles", scenario.name);
        for (number, (recorded, rendered)) in recorded.iter().zip(&rendered).enumerate() {
            match compare(recorded, rendered) {
                Ok(differences) => used.extend(differences),
                Err(difference) => wrong.push(format!("{}, reconcile {}:\n{difference}", scenario.name, number + 1)),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for meant in MEANT {
        assert!(used.contains(meant.what), "nothing differs any more in this: {}", meant.what);
        assert!(!meant.why.is_empty());
    }
    assert_eq!(recording::others(&scenarios).unwrap(), [""; 0].map(std::path::PathBuf::from), "recordings of nothing");
}
