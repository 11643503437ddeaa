//! Object metadata.

use std::collections::BTreeMap;

use super::record::record;

record! {
    /// `metadata` of an object. A composition sets labels, annotations and, at most, a name; the rest is observed.
    pub struct ObjectMeta {
        /// Name. Left unset, Crossplane gives a composed resource a name that stays the same.
        name: String = "name",
        /// Prefix of a name that is made up.
        generate_name: String = "generateName",
        /// Namespace. Crossplane gives the resources of a namespaced composite resource that resource's.
        namespace: String = "namespace",
        /// Labels.
        labels: BTreeMap<String, String> = "labels",
        /// Annotations.
        annotations: BTreeMap<String, String> = "annotations",
        /// Owners.
        owner_references: Vec<OwnerReference> = "ownerReferences" as keyed(&["uid"]),
        /// Finalizers that hold back a deletion.
        finalizers: Vec<String> = "finalizers",
        /// The object's identity in time.
        uid: String = "uid",
        /// Changes with every write.
        resource_version: String = "resourceVersion",
        /// Changes with every write of the spec.
        generation: i64 = "generation",
        /// When it was created, RFC 3339.
        creation_timestamp: String = "creationTimestamp",
        /// When it was deleted, RFC 3339; it then only waits for its finalizers.
        deletion_timestamp: String = "deletionTimestamp",
        /// Seconds that the deletion may take.
        deletion_grace_period_seconds: i64 = "deletionGracePeriodSeconds",
    }
}

impl ObjectMeta {
    /// The annotation `key`.
    pub fn annotation(&self, key: &str) -> Option<&str> {
        self.annotations.as_ref()?.get(key).map(String::as_str)
    }

    /// The label `key`.
    pub fn label(&self, key: &str) -> Option<&str> {
        self.labels.as_ref()?.get(key).map(String::as_str)
    }

    /// The name of the external resource (annotation `crossplane.io/external-name`).
    pub fn external_name(&self) -> Option<&str> {
        self.annotation("crossplane.io/external-name")
    }

    /// The same metadata with one more label.
    #[must_use]
    pub fn with_label(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.labels.get_or_insert_default().insert(key.into(), value.into());
        self
    }

    /// The same metadata with one more annotation.
    #[must_use]
    pub fn with_annotation(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.annotations.get_or_insert_default().insert(key.into(), value.into());
        self
    }
}

record! {
    /// An owner of an object.
    pub struct OwnerReference {
        /// Its apiVersion.
        api_version: String = "apiVersion" as required,
        /// Whether the owner cannot be deleted in the foreground before this object.
        block_owner_deletion: bool = "blockOwnerDeletion",
        /// Whether it is the one controlling owner.
        controller: bool = "controller",
        /// Its kind.
        kind: String = "kind" as required,
        /// Its name.
        name: String = "name" as required,
        /// Its uid.
        uid: String = "uid" as required,
    }
}
