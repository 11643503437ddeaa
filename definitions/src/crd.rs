//! CustomResourceDefinition (`apiextensions.k8s.io/v1`), as far as a platform needs it.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::schema::Schema;

/// `apiVersion` of CustomResourceDefinitions.
pub const API_VERSION: &str = "apiextensions.k8s.io/v1";
/// `kind` of CustomResourceDefinitions.
pub const KIND: &str = "CustomResourceDefinition";

/// A CustomResourceDefinition. Its `status` is not read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Crd {
    /// `apiextensions.k8s.io/v1`.
    pub api_version: String,
    /// `CustomResourceDefinition`.
    pub kind: String,
    /// Name, labels, annotations and owners.
    pub metadata: Metadata,
    /// What the definition says.
    pub spec: CrdSpec,
}

/// The object metadata that definitions carry.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Metadata {
    /// `metadata.name`.
    pub name: String,
    /// `metadata.labels`.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub labels: IndexMap<String, String>,
    /// `metadata.annotations`.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub annotations: IndexMap<String, String>,
    /// `metadata.ownerReferences`, as they stand.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub owner_references: Vec<Value>,
}

/// `spec` of a CustomResourceDefinition.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CrdSpec {
    /// API group.
    pub group: String,
    /// Names of the kind.
    pub names: Names,
    /// Whether objects live in a namespace.
    pub scope: Scope,
    /// Versions, in the order of the file.
    pub versions: Vec<CrdVersion>,
    /// Conversion between versions, as it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversion: Option<Value>,
}

/// Names of a kind.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Names {
    /// Plural, lower case.
    pub plural: String,
    /// Singular, lower case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub singular: Option<String>,
    /// Short names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub short_names: Vec<String>,
    /// Kind.
    pub kind: String,
    /// Kind of lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list_kind: Option<String>,
    /// Categories.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<String>,
}

/// Where objects of a kind live.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Scope {
    /// In a namespace.
    #[default]
    Namespaced,
    /// In no namespace.
    Cluster,
}

/// One version of a CustomResourceDefinition.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CrdVersion {
    /// Version, such as `v1beta1`.
    pub name: String,
    /// Whether the API server serves it.
    pub served: bool,
    /// Whether objects are stored at it.
    pub storage: bool,
    /// Whether its use draws a warning.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub deprecated: bool,
    /// The text of that warning.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deprecation_warning: Option<String>,
    /// The schema; a version without one is refused by the API server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<VersionSchema>,
    /// `subresources`, as they stand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subresources: Option<Value>,
    /// Printer columns, as they stand.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub additional_printer_columns: Vec<Value>,
    /// `selectableFields`, as they stand.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub selectable_fields: Vec<Value>,
}

/// The wrapper around a version's schema.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct VersionSchema {
    /// The structural schema of whole objects.
    #[serde(rename = "openAPIV3Schema", default, skip_serializing_if = "Option::is_none")]
    pub open_api_v3_schema: Option<Schema>,
}

impl Crd {
    /// The version at which objects are stored, or the first one where none says so.
    pub fn storage_version(&self) -> Option<&CrdVersion> {
        self.spec.versions.iter().find(|v| v.storage).or_else(|| self.spec.versions.first())
    }
}

impl CrdVersion {
    /// The structural schema of whole objects at this version.
    pub fn schema(&self) -> Option<&Schema> {
        self.schema.as_ref().and_then(|s| s.open_api_v3_schema.as_ref())
    }
}
