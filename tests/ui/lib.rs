//! The kinds that the cases in `cases/` and `passes/` compose: those of the sdk's own tests, and a composite resource that
//! lives in no namespace.

#[path = "../../sdk/tests/support/mod.rs"]
mod support;

pub use support::*;

use planewright::generated as rt;

/// A composite resource that lives in no namespace.
#[derive(Clone, Debug, PartialEq, rt::serde::Deserialize)]
#[serde(crate = "planewright::generated::serde")]
pub struct Fleet {
    /// Metadata.
    pub metadata: rt::ObjectMeta,
}

impl rt::Kind for Fleet {
    const GROUP: &'static str = "storage.example.org";
    const VERSION: &'static str = "v1";
    const API_VERSION: &'static str = "storage.example.org/v1";
    const KIND: &'static str = "Fleet";
    const PLURAL: &'static str = "fleets";
    const SCOPE: rt::Scope = rt::Scope::Cluster;
}

impl rt::Composite for Fleet {
    type Status = rt::JsonObject;
    type Place = rt::InCluster;
    const LEGACY: bool = false;
    const SCHEMA: &'static str = r#"{"type": "object"}"#;

    fn set_metadata(&mut self, metadata: rt::ObjectMeta) {
        self.metadata = metadata;
    }
}
