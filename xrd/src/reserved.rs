//! Fields that Crossplane has itself: it overwrites those of the author, without a word.

use planewright_definitions::emission::Faults;
use planewright_definitions::xcrd::reserved::{LEGACY_STATUS, STATUS, is_in_spec};
use planewright_definitions::xrd::XrScope;
use serde_json::Value;

use crate::place::Place;

/// In `status`: not there yet, but Crossplane reserves it.
const RESERVED: &str = "crossplane";

/// Finds fields of a spec and a status that are not the author's to have.
pub(crate) fn check(
    (spec, status): (&Value, Option<&Value>),
    scope: XrScope,
    is_claimed: bool,
    place: &Place,
    faults: &mut Faults,
) {
    let legacy = scope == XrScope::LegacyCluster;
    let mut refuse = |schema: &Value, section: &str, is_reserved: &dyn Fn(&str) -> bool| {
        let names = schema["properties"].as_object().into_iter().flat_map(|fields| fields.keys());
        for name in names.filter(|name| is_reserved(name)) {
            faults.add(
                place.field(&format!("{section}.{name}")),
                "Crossplane has this field itself, and would overwrite the one declared here",
                "name the field differently",
            );
        }
    };
    refuse(spec, "spec", &|name| is_in_spec(name, legacy, is_claimed));
    if let Some(status) = status {
        let names = if legacy { LEGACY_STATUS } else { STATUS };
        refuse(status, "status", &|name| names.contains(&name) || name == RESERVED);
    }
}
