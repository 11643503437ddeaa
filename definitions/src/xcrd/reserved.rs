//! The names of the fields that Crossplane itself puts into `spec` and `status`, where its own replace an author's.

/// In `spec` of composite resources that are not legacy.
pub const SPEC: &[&str] = &["crossplane"];
/// In `spec` of legacy composite resources.
pub const LEGACY_SPEC: &[&str] = &[
    "claimRef",
    "compositionRef",
    "compositionRevisionRef",
    "compositionRevisionSelector",
    "compositionSelector",
    "compositionUpdatePolicy",
    "resourceRefs",
    "writeConnectionSecretToRef",
];
/// In `spec` of claims, and not in that of the legacy composite resources that they stand for.
pub const CLAIM_SPEC: &[&str] = &["compositeDeletePolicy", "resourceRef"];
/// In `status` of composite resources that are not legacy.
pub const STATUS: &[&str] = &["conditions"];
/// In `status` of legacy composite resources and of claims.
pub const LEGACY_STATUS: &[&str] = &["claimConditionTypes", "conditions", "connectionDetails"];

/// Whether an author's field of this name in `spec` would be replaced: in every scope for `crossplane`, which means nothing in legacy composite resources and would mislead;
/// for the others where composite resources are legacy, and some where they are claimed.
pub const fn is_in_spec(name: &str, legacy: bool, claimed: bool) -> bool {
    has(SPEC, name) || legacy && (has(LEGACY_SPEC, name) || claimed && has(CLAIM_SPEC, name))
}

/// Whether a name is in a list, also where constants are made.
const fn has(names: &[&str], name: &str) -> bool {
    let mut rest = names;
    while let [first, others @ ..] = rest {
        if is_same(first.as_bytes(), name.as_bytes()) {
            return true;
        }
        rest = others;
    }
    false
}

const fn is_same(mut one: &[u8], mut other: &[u8]) -> bool {
    while let ([a, rest @ ..], [b, others @ ..]) = (one, other) {
        if *a != *b {
            return false;
        }
        one = rest;
        other = others;
    }
    one.is_empty() && other.is_empty()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::machinery;
    use super::*;
    use crate::xrd::{CompositeDeletePolicy, CompositionUpdatePolicy, XrScope};

    #[test]
    fn the_names_are_those_of_the_fields_that_are_derived() {
        let set = |names: &[&str]| -> BTreeSet<String> { names.iter().map(|name| (*name).to_owned()).collect() };
        for (scope, spec, status) in [
            (XrScope::Namespaced, SPEC, STATUS),
            (XrScope::Cluster, SPEC, STATUS),
            (XrScope::LegacyCluster, LEGACY_SPEC, LEGACY_STATUS),
        ] {
            let derived = machinery::composite_spec(scope, CompositionUpdatePolicy::Automatic);
            assert_eq!(derived.keys().map(ToString::to_string).collect::<BTreeSet<_>>(), set(spec));
            let derived = machinery::status(scope);
            assert_eq!(derived.keys().map(ToString::to_string).collect::<BTreeSet<_>>(), set(status));
        }
        let claim = machinery::claim_spec(CompositeDeletePolicy::Background);
        let more = claim.keys().map(ToString::to_string).filter(|name| !LEGACY_SPEC.contains(&name.as_str()));
        assert_eq!(more.collect::<BTreeSet<_>>(), set(CLAIM_SPEC));
    }

    #[test]
    fn a_name_is_reserved_where_crossplane_has_the_field() {
        assert!(is_in_spec("crossplane", false, false) && is_in_spec("crossplane", true, false));
        assert!(is_in_spec("claimRef", true, false) && !is_in_spec("claimRef", false, false));
        assert!(is_in_spec("resourceRef", true, true) && !is_in_spec("resourceRef", true, false));
        assert!(!is_in_spec("resourceRe", true, true) && !is_in_spec("", true, true));
    }
}
