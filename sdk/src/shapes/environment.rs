//! Crossplane's own kind `EnvironmentConfig` (`apiextensions.crossplane.io/v1beta1`).

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::ObjectMeta;
use super::record::kind;

kind! {
    /// Values that a platform hands to its compositions: cluster-scoped, and of any form.
    pub struct EnvironmentConfig {
        /// `metadata`.
        metadata: ObjectMeta = "metadata",
        /// The values.
        data: Map<String, Value> = "data",
    }
    impl "apiextensions.crossplane.io/v1beta1" "apiextensions.crossplane.io" "v1beta1" "environmentconfigs"
        in Cluster InCluster;
    required &[];
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
