//! Crossplane's own kind `EnvironmentConfig` (`apiextensions.crossplane.io/v1beta1`).

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::ObjectMeta;
use super::record::record;
use crate::resource::{InCluster, Kind, Requirement, Resource, Scope};

record! {
    /// Values that a platform hands to its compositions: cluster-scoped, and of any form.
    pub struct EnvironmentConfig {
        /// `metadata`.
        metadata: ObjectMeta = "metadata",
        /// The values.
        data: Map<String, Value> = "data",
    }
}

impl EnvironmentConfig {
    /// The values as a `T`; a config without data counts as an empty object.
    ///
    /// # Errors
    /// When they are not a `T`.
    pub fn data_as<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        T::deserialize(Value::Object(self.data.clone().unwrap_or_default()))
    }
}

impl Kind for EnvironmentConfig {
    const GROUP: &'static str = "apiextensions.crossplane.io";
    const VERSION: &'static str = "v1beta1";
    const API_VERSION: &'static str = "apiextensions.crossplane.io/v1beta1";
    const KIND: &'static str = "EnvironmentConfig";
    const PLURAL: &'static str = "environmentconfigs";
    const SCOPE: Scope = Scope::Cluster;
}

impl Resource for EnvironmentConfig {
    type Place = InCluster;
    const REQUIRED: &'static [Requirement] = &[];
}
