//! ManagedResourceDefinition (`apiextensions.crossplane.io/v1alpha1`): how Crossplane v2 keeps a provider's CRDs that
//! may not be active.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::crd::{self, Crd, CrdSpec, CrdVersion, Metadata, Names, Scope};

/// `apiVersion` of ManagedResourceDefinitions.
pub const API_VERSION: &str = "apiextensions.crossplane.io/v1alpha1";
/// `kind` of ManagedResourceDefinitions.
pub const KIND: &str = "ManagedResourceDefinition";

/// A ManagedResourceDefinition. Its `status` is not read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Mrd {
    /// [`API_VERSION`].
    pub api_version: String,
    /// [`KIND`].
    pub kind: String,
    /// Name, labels and annotations.
    #[serde(default)]
    pub metadata: Metadata,
    /// The CRD's spec, and what Crossplane adds to it.
    pub spec: MrdSpec,
}

/// `spec` of a ManagedResourceDefinition: that of a CRD and two fields more.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MrdSpec {
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
    /// Keys of the connection secret.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub connection_details: Vec<ConnectionDetail>,
    /// Whether the CRD exists in the cluster.
    #[serde(default)]
    pub state: MrdState,
}

/// One key of a managed resource's connection secret.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ConnectionDetail {
    /// The key.
    pub name: String,
    /// What it holds.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
}

/// Whether the CRD of a ManagedResourceDefinition exists. The way is one-way: nothing becomes inactive again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum MrdState {
    /// It does.
    Active,
    /// It does not, until an activation policy names it. The default.
    #[default]
    Inactive,
}

impl Mrd {
    /// The CRD that Crossplane creates once the definition is active, whether it is or not: same name, same spec, and
    /// neither labels nor annotations. The owner that it gets is left out.
    pub fn into_crd(self) -> Crd {
        let MrdSpec { group, names, scope, versions, conversion, .. } = self.spec;
        Crd {
            api_version: crd::API_VERSION.to_owned(),
            kind: crd::KIND.to_owned(),
            metadata: Metadata { name: self.metadata.name, ..Metadata::default() },
            spec: CrdSpec { group, names, scope, versions, conversion },
        }
    }
}
