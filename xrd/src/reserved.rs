//! Fields that Crossplane has itself: it overwrites those of the author, without a word.

use planewright_definitions::emission::Faults;
use planewright_definitions::xrd::XrScope;
use serde_json::Value;

use crate::place::Place;

/// In `spec` of composite resources that are not legacy.
const SPEC: &[&str] = &["crossplane"];
/// In `spec` of legacy composite resources.
const LEGACY_SPEC: &[&str] = &[
    "claimRef",
    "compositionRef",
    "compositionRevisionRef",
    "compositionRevisionSelector",
    "compositionSelector",
    "compositionUpdatePolicy",
    "crossplane",
    "resourceRefs",
    "writeConnectionSecretToRef",
];
/// In `spec` of claims alone.
const CLAIM_SPEC: &[&str] = &["compositeDeletePolicy", "resourceRef"];
/// In `status`. `crossplane` is not there yet, but Crossplane reserves it.
const STATUS: &[&str] = &["conditions", "crossplane"];
/// In `status` of legacy composite resources and of claims.
const LEGACY_STATUS: &[&str] = &["claimConditionTypes", "conditions", "connectionDetails", "crossplane"];

/// Finds fields of a spec and a status that are not the author's to have.
pub(crate) fn check(
    (spec, status): (&Value, Option<&Value>),
    scope: XrScope,
    is_claimed: bool,
    place: &Place,
    faults: &mut Faults,
) {
    let legacy = scope == XrScope::LegacyCluster;
    let claim = if is_claimed { CLAIM_SPEC } else { &[] };
    let mut refuse = |schema: &Value, section: &str, names: &[&str]| {
        for name in names.iter().filter(|name| schema["properties"].get(**name).is_some()) {
            faults.add(
                place.field(&format!("{section}.{name}")),
                "Crossplane has this field itself, and would overwrite the one declared here",
                "name the field differently",
            );
        }
    };
    refuse(spec, "spec", if legacy { LEGACY_SPEC } else { SPEC });
    refuse(spec, "spec", claim);
    if let Some(status) = status {
        refuse(status, "status", if legacy { LEGACY_STATUS } else { STATUS });
    }
}
