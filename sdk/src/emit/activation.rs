//! Which managed resources the cluster serves.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Platform;
use super::names::Names;
use crate::resource::PinnedKind;

/// The ManagedResourceActivationPolicy for exactly the managed resources that the platform composes, if there are any.
///
/// Activation is a union and cannot be taken back: it saves something only where Crossplane's default policy, which activates
/// everything, is switched off (`provider.defaultActivations` of its Helm chart).
pub(super) fn policy(platform: &Platform<'_>, names: &Names) -> Option<Value> {
    let kinds = kinds(platform);
    let activate: BTreeSet<String> =
        kinds.iter().filter(|kind| kind.managed).map(|kind| format!("{}.{}", kind.plural, kind.group)).collect();
    if activate.is_empty() {
        return None;
    }
    Some(json!({
        "apiVersion": "apiextensions.crossplane.io/v1alpha1",
        "kind": "ManagedResourceActivationPolicy",
        "metadata": { "name": names.platform },
        "spec": { "activate": activate },
    }))
}

/// Every kind that the platform composes.
pub(super) fn kinds(platform: &Platform<'_>) -> BTreeSet<PinnedKind> {
    let pinned = platform.compositions.iter().flat_map(|composition| composition.kind().pinned);
    pinned.chain(&platform.package.composes).copied().collect()
}
