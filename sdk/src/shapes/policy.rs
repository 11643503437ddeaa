//! How a reference is resolved, and what a provider may do with an external resource.

use super::record::{record, word};

record! {
    /// When and how strictly a provider resolves a reference or selector.
    pub struct Policy {
        /// Whether the reference must resolve; `Required` when unset.
        resolution: Resolution = "resolution",
        /// When it is resolved; `IfNotPresent` when unset.
        resolve: Resolve = "resolve",
    }
}

word! {
    /// Whether a reference must resolve.
    pub enum Resolution {
        /// The reconcile fails while the reference does not resolve.
        Required = "Required",
        /// A reference that does not resolve is passed over.
        Optional = "Optional",
    }
}

word! {
    /// When a reference is resolved.
    pub enum Resolve {
        /// Only while the field it fills is empty.
        IfNotPresent = "IfNotPresent",
        /// On every reconcile.
        Always = "Always",
    }
}

word! {
    /// One thing that Crossplane may do with an external resource (`spec.managementPolicies`).
    pub enum ManagementPolicy {
        /// Everything.
        All = "*",
        /// Read it.
        Observe = "Observe",
        /// Create it.
        Create = "Create",
        /// Update it.
        Update = "Update",
        /// Delete it when the managed resource is deleted.
        Delete = "Delete",
        /// Fill unset fields from what the provider chose.
        LateInitialize = "LateInitialize",
    }
}

word! {
    /// What becomes of the external resource of a cluster-scoped managed resource that is deleted (`spec.deletionPolicy`).
    pub enum DeletionPolicy {
        /// It is deleted too.
        Delete = "Delete",
        /// It stays.
        Orphan = "Orphan",
    }
}
