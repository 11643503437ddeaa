//! What the rest of the crate asks of a generated type.

use serde::de::DeserializeOwned;

use crate::codec::{Record, Slot};
use crate::shapes::{ManagementPolicy, ObjectMeta};

/// Where objects of a kind live.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// In a namespace.
    #[default]
    Namespaced,
    /// In no namespace.
    Cluster,
}

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
#[non_exhaustive]
pub struct Requirement {
    /// The path in the object, such as `spec.forProvider.region`; `[]` stands for every item of a list.
    pub path: &'static str,
    /// Whether a CEL rule says it, which lifts it for resources that are only observed.
    pub by_rule: bool,
    /// Whether the same parameter under `spec.initProvider` will do as well.
    pub or_init_provider: bool,
    /// Whether it must only be set where the object around it is.
    pub when_present: bool,
    whole: u64,
    initially: u64,
    around: [u64; DEPTH],
    depth: usize,
}

/// How deep a required field is at most. Of a deeper one the outer objects count.
const DEPTH: usize = 14;

impl Requirement {
    /// A field that the schema requires, and with it all objects around it.
    pub const fn new(path: &'static str) -> Self {
        let mut around = [0; DEPTH];
        let (mut depth, mut at) = (0, 0);
        let bytes = path.as_bytes();
        let mut hash = BASIS;
        while at < bytes.len() {
            if matches!(bytes[at], b'.' | b'[') && depth < DEPTH {
                around[depth] = hash;
                depth += 1;
            }
            (hash, at) = step(hash, bytes, at);
        }
        Requirement {
            path,
            by_rule: false,
            or_init_provider: false,
            when_present: false,
            whole: hash,
            initially: 0,
            around,
            depth,
        }
    }

    /// The same, asked for by a CEL rule of the provider.
    #[must_use]
    pub const fn by_rule(self) -> Self {
        Requirement { by_rule: true, ..self }
    }

    /// The same, where `spec.initProvider` will do as well.
    #[must_use]
    pub const fn or_init_provider(self) -> Self {
        let mut hash = fingerprint("spec.initProvider");
        let bytes = self.path.as_bytes();
        let mut at = "spec.forProvider".len();
        while at < bytes.len() {
            (hash, at) = step(hash, bytes, at);
        }
        Requirement { or_init_provider: true, initially: hash, ..self }
    }

    /// The same, only asked for where the object around it is there.
    #[must_use]
    pub const fn when_present(self) -> Self {
        Requirement { when_present: true, ..self }
    }

    /// The fingerprints of its path, of the same parameter under `spec.initProvider`, and of the objects around it, the
    /// outermost first.
    pub(crate) const fn fingerprints(&self) -> (u64, u64, &[u64]) {
        (self.whole, self.initially, self.around.split_at(self.depth).0)
    }
}

const BASIS: u64 = 0xcbf2_9ce4_8422_2325;

/// A number for a path, the same for its Rust names and for those in the object: the 64-bit FNV-1a hash of its letters and
/// digits in lower case, its dots, and a `[` for every index.
pub const fn fingerprint(path: &str) -> u64 {
    let bytes = path.as_bytes();
    let (mut hash, mut at) = (BASIS, 0);
    while at < bytes.len() {
        (hash, at) = step(hash, bytes, at);
    }
    hash
}

/// Takes in what stands at a place of a path, and says where to go on.
const fn step(hash: u64, path: &[u8], at: usize) -> (u64, usize) {
    let byte = path[at].to_ascii_lowercase();
    let mut next = at + 1;
    if byte == b'[' {
        while next < path.len() && path[next - 1] != b']' {
            next += 1;
        }
    } else if byte != b'.' && !byte.is_ascii_alphanumeric() {
        return (hash, next);
    }
    ((hash ^ byte as u64).wrapping_mul(0x100_0000_01b3), next)
}

/// A generated composite resource (XR), as the API server hands it over: defaulted and validated. It is deserialised from
/// its `spec` alone (without `crossplane`, unless it is [legacy](Composite::LEGACY)), with an empty `metadata`;
/// [`set_metadata`](Composite::set_metadata) then gives it its own.
pub trait Composite: Kind + DeserializeOwned {
    /// Its status, which a composition writes: every field optional.
    type Status: Slot + Default;
    /// Where objects live: [`InNamespace`] or [`InCluster`].
    type Place;
    /// Whether it keeps Crossplane's machinery directly in `spec` (scope `LegacyCluster`) rather than in `spec.crossplane`.
    const LEGACY: bool;
    /// The structural schema of whole objects, as JSON: what defaulting and validation outside a cluster go by.
    const SCHEMA: &'static str;
    /// The definition (XRD) that it was generated from, as JSON. A type that was written by hand has none, and then nothing can be
    /// emitted for it.
    const DEFINITION: Option<&'static str> = None;
    /// The provider kinds that the platform pins, and so composes.
    const PINNED: &'static [PinnedKind] = &[];
    /// Sets its metadata, which is read apart from the rest: `metadata` is an empty object where the type is deserialized for a
    /// composition.
    fn set_metadata(&mut self, metadata: ObjectMeta);
}

/// A kind that a platform pins in `schemas/`, and so composes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct PinnedKind {
    /// API group; empty for the core group.
    pub group: &'static str,
    /// Version, such as `v1beta1`.
    pub version: &'static str,
    /// Kind, such as `Bucket`.
    pub kind: &'static str,
    /// Plural, such as `buckets`.
    pub plural: &'static str,
    /// Whether objects live in a namespace.
    pub scope: Scope,
    /// Whether it is a managed resource, which Crossplane v2 serves only where a policy activates it.
    pub managed: bool,
}

impl PinnedKind {
    /// A kind that is no managed resource.
    pub const fn new(
        group: &'static str,
        version: &'static str,
        kind: &'static str,
        plural: &'static str,
        scope: Scope,
    ) -> Self {
        PinnedKind { group, version, kind, plural, scope, managed: false }
    }

    /// The same kind as a managed resource.
    #[must_use]
    pub const fn managed(self) -> Self {
        PinnedKind { managed: true, ..self }
    }

    /// The kind of a type.
    pub const fn of<K: Kind>() -> Self {
        PinnedKind::new(K::GROUP, K::VERSION, K::KIND, K::PLURAL, K::SCOPE)
    }
}
