//! Deletion protection: Crossplane's own kinds `Usage` and `ClusterUsage` (`protection.crossplane.io/v1beta1`).

use std::collections::BTreeMap;

use super::record::{kind, record};
use super::{Condition, ObjectMeta};
use crate::resource::Requirement;

const OF: Requirement = Requirement::new("spec.of");

kind! {
    /// Says that a resource is in use, so that the API server refuses to delete it: both lie in the namespace of the
    /// `Usage`, unless [`of`](UsageSpec::of) names another.
    pub struct Usage {
        /// `metadata`.
        metadata: ObjectMeta = "metadata",
        /// `spec`.
        spec: UsageSpec = "spec" as required,
        /// `status`.
        status: UsageStatus = "status",
    }
    impl "protection.crossplane.io/v1beta1" "protection.crossplane.io" "v1beta1" "usages" in Namespaced InNamespace;
    required &[OF];
}

kind! {
    /// Says that a cluster-scoped resource is in use, so that the API server refuses to delete it.
    pub struct ClusterUsage {
        /// `metadata`.
        metadata: ObjectMeta = "metadata",
        /// `spec`. Its references have no namespace.
        spec: UsageSpec = "spec" as required,
        /// `status`.
        status: UsageStatus = "status",
    }
    impl "protection.crossplane.io/v1beta1" "protection.crossplane.io" "v1beta1" "clusterusages" in Cluster InCluster;
    required &[OF];
}

record! {
    /// Which resource is in use, and by what or why: one of `by` and `reason` must be set.
    pub struct UsageSpec {
        /// The resource that uses the other. Without it nothing may delete the resource in use.
        by: UsageResource = "by",
        /// The resource in use. It may lie in another namespace only if `by` is set.
        of: UsageResource = "of" as required,
        /// Why the resource must not be deleted.
        reason: String = "reason",
        /// Whether a deletion that was refused happens as soon as the usage is gone; `false` when unset.
        replay_deletion: bool = "replayDeletion",
    }
}

record! {
    /// A resource of a usage, by name or by selector.
    pub struct UsageResource {
        /// Its apiVersion.
        api_version: String = "apiVersion",
        /// Its kind.
        kind: String = "kind",
        /// Its name. It wins over the selector.
        resource_ref: UsageResourceReference = "resourceRef",
        /// What to select it by.
        resource_selector: UsageResourceSelector = "resourceSelector",
    }
}

record! {
    /// The name of a resource of a usage.
    pub struct UsageResourceReference {
        /// Its name.
        name: String = "name" as required,
        /// Its namespace, where it is not that of the usage: only in `of`, and only of a `Usage`.
        namespace: String = "namespace",
    }
}

record! {
    /// What a resource of a usage is selected by.
    pub struct UsageResourceSelector {
        /// Selects those that the same composite resource controls.
        match_controller_ref: bool = "matchControllerRef",
        /// Selects those with all these labels.
        match_labels: BTreeMap<String, String> = "matchLabels",
        /// The namespace to select in, where it is not that of the usage: only in `of`, and only of a `Usage`.
        namespace: String = "namespace",
    }
}

record! {
    /// `status` of a usage.
    pub struct UsageStatus {
        /// `Ready` says whether the protection holds.
        conditions: Vec<Condition> = "conditions" as keyed(&["type"]),
    }
}
