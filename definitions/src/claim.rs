//! What generated claims are made of: the run-time part of a claim-builder crate.

use std::collections::BTreeMap;

#[doc(hidden)]
pub use serde;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::schema::Schema;
use crate::{structural, yaml};

/// A map with free keys.
pub type Map<K, V> = BTreeMap<K, V>;
/// A JSON object.
pub type JsonObject = serde_json::Map<String, serde_json::Value>;
/// A JSON value.
pub type Json = serde_json::Value;
/// A number; integers stay integers.
pub type Number = serde_json::Number;

/// `metadata` of a claim.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Metadata {
    /// Its name.
    pub name: String,
    /// Its namespace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Its labels.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub labels: Map<String, String>,
    /// Its annotations.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub annotations: Map<String, String>,
    /// Whatever else stood there.
    #[serde(flatten)]
    pub other: JsonObject,
}

impl Metadata {
    /// Metadata with a name alone.
    pub fn named(name: impl Into<String>) -> Self {
        Metadata { name: name.into(), ..Metadata::default() }
    }
}

/// Why a claim could not be written or read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ClaimError {
    /// The schema refuses it.
    #[error("the schema refuses the claim:\n{}", .0.join("\n"))]
    Refused(Vec<String>),
    /// The text could not be made or read.
    #[error("{0}")]
    Yaml(String),
}

/// The YAML of a claim, after a check against its schema.
///
/// # Errors
/// When the schema refuses the claim.
pub fn to_yaml<T: Serialize>(claim: &T, schema: &str) -> Result<String, ClaimError> {
    let object = serde_json::to_value(claim).map_err(|e| ClaimError::Yaml(e.to_string()))?;
    let schema: Schema = serde_json::from_str(schema).map_err(|e| ClaimError::Yaml(e.to_string()))?;
    // Only the verdict is wanted: what goes to Git is what was set, without defaults.
    let violations = structural::admit(&mut object.clone(), &schema, structural::Status::Subresource);
    if !violations.is_empty() {
        return Err(ClaimError::Refused(violations.iter().map(|violation| format!("  {violation}")).collect()));
    }
    yaml::to_string(&object).map_err(|e| ClaimError::Yaml(e.to_string()))
}

/// Reads a claim.
///
/// # Errors
/// When the text is not YAML, or not a claim of this kind.
pub fn from_yaml<T: DeserializeOwned + Send>(text: &str) -> Result<T, ClaimError> {
    yaml::from_str(text, "claim").map_err(|e| ClaimError::Yaml(e.to_string()))
}
