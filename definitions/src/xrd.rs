//! CompositeResourceDefinition (`apiextensions.crossplane.io`), v1 and v2.
//!
//! Both versions share one type, as they do in a cluster: v2 objects are stored as v1. What differs is the default of
//! the scope, and what [`crate::admission`] refuses.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::crd::{Metadata, Names};

/// `apiVersion` of XRDs that may offer claims.
pub const V1: &str = "apiextensions.crossplane.io/v1";
/// `apiVersion` of XRDs without claims.
pub const V2: &str = "apiextensions.crossplane.io/v2";
/// `kind` of XRDs.
pub const KIND: &str = "CompositeResourceDefinition";

/// A CompositeResourceDefinition. Its `status` is not read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Xrd {
    /// [`V1`] or [`V2`].
    pub api_version: String,
    /// [`KIND`].
    pub kind: String,
    /// Name, labels and annotations. The name must be `<plural>.<group>`.
    #[serde(default)]
    pub metadata: Metadata,
    /// What the definition says.
    pub spec: XrdSpec,
}

/// `spec` of an XRD.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct XrdSpec {
    /// API group of the XR and of its claim.
    pub group: String,
    /// Names of the XR.
    pub names: Names,
    /// Where XRs live; read it through [`Xrd::scope`], which knows the default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<XrScope>,
    /// Names of the claim, if one is offered (v1 with [`XrScope::LegacyCluster`] only).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim_names: Option<Names>,
    /// Keys of the connection secret that the XR publishes (v1 with [`XrScope::LegacyCluster`] only); empty means all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub connection_secret_keys: Vec<String>,
    /// How a claim deletes its XR; `Background` by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_composite_delete_policy: Option<CompositeDeletePolicy>,
    /// The Composition of XRs that select none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_composition_ref: Option<CompositionReference>,
    /// The label selector of the revision of XRs that select none, as it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_composition_revision_selector: Option<Value>,
    /// The Composition that every XR must use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enforced_composition_ref: Option<CompositionReference>,
    /// Whether XRs follow new revisions of their Composition; `Automatic` by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_composition_update_policy: Option<CompositionUpdatePolicy>,
    /// Versions, in the order of the file.
    pub versions: Vec<XrdVersion>,
    /// Conversion between versions, as it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversion: Option<Value>,
    /// Labels and annotations of the derived CRDs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<XrdSpecMetadata>,
}

/// Where the XRs of an XRD live, and which machinery they have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum XrScope {
    /// In a namespace, with the machinery in `spec.crossplane`. The default of v2.
    Namespaced,
    /// In no namespace, with the machinery in `spec.crossplane`.
    Cluster,
    /// In no namespace, with the machinery directly in `spec`; only these XRs have claims. The default of v1.
    LegacyCluster,
}

/// Whether an XR follows new revisions of its Composition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum CompositionUpdatePolicy {
    /// It does. The default.
    #[default]
    Automatic,
    /// It stays at the revision that it names.
    Manual,
}

/// How a claim deletes its XR.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum CompositeDeletePolicy {
    /// The claim goes first. The default.
    #[default]
    Background,
    /// The claim waits until the XR is gone.
    Foreground,
}

/// A Composition, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompositionReference {
    /// Name of the Composition.
    pub name: String,
}

/// `spec.metadata`: what the derived CRDs are labelled and annotated with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct XrdSpecMetadata {
    /// Labels; they win over the XRD's own.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub labels: IndexMap<String, String>,
    /// Annotations; the XRD's own are not passed on.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub annotations: IndexMap<String, String>,
}

/// One version of an XR.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct XrdVersion {
    /// Version, such as `v1beta1`.
    pub name: String,
    /// Whether Compositions refer to this version; exactly one does, and XRs are stored at it.
    pub referenceable: bool,
    /// Whether the API server serves it.
    pub served: bool,
    /// Whether its use draws a warning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deprecated: Option<bool>,
    /// The text of that warning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deprecation_warning: Option<String>,
    /// The schema; Crossplane cannot derive a CRD without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<XrdSchema>,
    /// Printer columns, as they stand; Crossplane's own come after them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub additional_printer_columns: Vec<Value>,
    /// Subresources beside `status`, which every XR has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subresources: Option<XrdSubresources>,
}

/// The wrapper around a version's schema.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct XrdSchema {
    /// The schema as it stands: an XRD takes any object here, and only the derivation reads it.
    #[serde(rename = "openAPIV3Schema", default, skip_serializing_if = "Option::is_none")]
    pub open_api_v3_schema: Option<Value>,
}

/// Subresources of a version.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct XrdSubresources {
    /// The scale subresource, as it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<Value>,
}

impl Xrd {
    /// Where XRs live: what the XRD says, or else the default of its version, as the real control plane applies it
    /// (the official command line takes every XRD for a v1 one).
    pub fn scope(&self) -> XrScope {
        self.spec.scope.unwrap_or(if self.api_version == V2 { XrScope::Namespaced } else { XrScope::LegacyCluster })
    }

    /// The version that Compositions refer to and at which XRs are stored.
    pub fn referenceable_version(&self) -> Option<&XrdVersion> {
        self.spec.versions.iter().find(|v| v.referenceable)
    }

    /// `spec.defaultCompositionUpdatePolicy` with its default.
    pub fn update_policy(&self) -> CompositionUpdatePolicy {
        self.spec.default_composition_update_policy.unwrap_or_default()
    }

    /// `spec.defaultCompositeDeletePolicy` with its default.
    pub fn delete_policy(&self) -> CompositeDeletePolicy {
        self.spec.default_composite_delete_policy.unwrap_or_default()
    }
}
