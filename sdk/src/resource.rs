//! What the rest of the crate asks of a generated type.

use serde::de::DeserializeOwned;

pub use planewright_definitions::crd::Scope;

use crate::codec::{Record, Slot};
use crate::shapes::{ManagementPolicy, ObjectMeta};

/// A Kubernetes kind at one version.
pub trait Kind {
    /// API group; empty for the core group.
    const GROUP: &'static str;
    /// Version, such as `v1beta1`.
    const VERSION: &'static str;
    /// `GROUP/VERSION`, or the version alone in the core group.
    const API_VERSION: &'static str;
    /// Kind, such as `Bucket`.
    const KIND: &'static str;
    /// Plural, such as `buckets`.
    const PLURAL: &'static str;
    /// Whether objects live in a namespace.
    const SCOPE: Scope;
}

/// A generated provider type: what a composition composes and observes. Every field is optional.
pub trait Resource: Kind + Record + 'static {
    /// Where objects live: [`InNamespace`] or [`InCluster`].
    type Place;
    /// The fields that must be set when the resource is to be created or updated.
    const REQUIRED: &'static [Requirement];
}

/// A managed resource: a [`Resource`] with the parts of `spec` that all providers share. Objects along the way are made.
pub trait Managed: Resource {
    /// Its parameters: `spec.forProvider`.
    type Parameters;
    /// How it names its provider config.
    type ProviderConfig;
    /// `metadata`.
    fn metadata(&mut self) -> &mut Option<ObjectMeta>;
    /// `spec.forProvider`.
    fn for_provider(&mut self) -> &mut Option<Self::Parameters>;
    /// `spec.managementPolicies`.
    fn management_policies(&mut self) -> &mut Option<Vec<ManagementPolicy>>;
    /// `spec.providerConfigRef`.
    fn provider_config_ref(&mut self) -> &mut Option<Self::ProviderConfig>;
}

/// Objects live in a namespace, said as a type ([`Kind::SCOPE`] says it as a value).
#[derive(Clone, Copy, Debug)]
pub enum InNamespace {}

/// Objects live in no namespace, said as a type.
#[derive(Clone, Copy, Debug)]
pub enum InCluster {}

/// A composite resource that lives at the place `Self` can compose kinds that live at `Place`.
///
/// Crossplane refuses to apply a cluster-scoped resource for a composite resource in a namespace, whose access rights end
/// there. Everything else it can compose.
#[diagnostic::on_unimplemented(
    message = "a composite resource in a namespace cannot compose a cluster-scoped kind",
    label = "the kind that is composed here is cluster-scoped, and Crossplane would refuse to apply it",
    note = "compose the provider's namespaced kind (its group has `.m.`), or give the composite resource the scope `Cluster` in its definition"
)]
pub trait Composes<Place> {}

impl Composes<InNamespace> for InNamespace {}
impl<Place> Composes<Place> for InCluster {}

/// A composite resource that lives at the place `Self` can compose kinds that live at `Place` without naming a namespace.
///
/// Crossplane puts what a namespaced composite resource composes into its own namespace; a cluster-scoped one has none.
#[diagnostic::on_unimplemented(
    message = "a cluster-scoped composite resource must say the namespace of a namespaced resource",
    label = "the kind that is composed here lives in a namespace, and the literal does not say in which",
    note = "add `metadata.namespace: …` to the literal"
)]
pub trait ComposesUnplaced<Place> {}

// Whether it can be composed at all is for `Composes` to say, so that there is one message for it.
impl<Place> ComposesUnplaced<Place> for InNamespace {}
impl ComposesUnplaced<InCluster> for InCluster {}

/// A field that must be set, and who says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// The path in the object, such as `spec.forProvider.region`; `[]` stands for every item of a list.
    pub path: &'static str,
    /// Whether a CEL rule says it, which lifts it for resources that are only observed.
    pub by_rule: bool,
    /// Whether the same parameter under `spec.initProvider` will do as well.
    pub or_init_provider: bool,
    /// Whether it must only be set where the object around it is.
    pub when_present: bool,
}

/// A generated composite resource (XR), as the API server hands it over: defaulted and validated.
pub trait Composite: Kind + DeserializeOwned {
    /// Its status, which a composition writes: every field optional.
    type Status: Slot + Default;
    /// Where objects live: [`InNamespace`] or [`InCluster`].
    type Place;
    /// Whether it keeps Crossplane's machinery directly in `spec` (scope `LegacyCluster`) rather than in `spec.crossplane`.
    const LEGACY: bool;
    /// The structural schema of whole objects, as JSON: what defaulting and validation outside a cluster go by.
    const SCHEMA: &'static str;
}
