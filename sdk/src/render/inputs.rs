//! What a render starts from.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value};

use crate::state::{ConnectionDetails, ResourceMatch, ResourceSelector};

/// What a render starts from, besides the composite resource. Everything is optional. `Debug` shows how much there is and
/// what it is called, never its content.
#[derive(Clone, Default)]
pub struct Inputs {
    /// Observed composed resources. Each names its key in the annotation `crossplane.io/composition-resource-name`.
    pub observed: Vec<Value>,
    /// Observed connection details of composed resources by key.
    pub connection: BTreeMap<String, ConnectionDetails>,
    /// Objects that requirements may ask for.
    pub required: Vec<Value>,
    /// The input of the composition's own step. Where a platform has several compositions for the kind, it does not choose among them here.
    pub input: Option<Value>,
    /// The context that the first step sees.
    pub context: Map<String, Value>,
    /// Credentials of every step by name.
    pub credentials: BTreeMap<String, ConnectionDetails>,
    /// OpenAPI schemas that requirements may ask for, by apiVersion and kind.
    pub schemas: BTreeMap<(String, String), Value>,
}

impl fmt::Debug for Inputs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inputs")
            .field("observed", &self.observed.len())
            .field("connection", &self.connection)
            .field("required", &self.required.len())
            .field("input", &self.input.is_some())
            .field("context", &self.context.keys().collect::<Vec<_>>())
            .field("credentials", &self.credentials)
            .field("schemas", &self.schemas.keys().collect::<Vec<_>>())
            .finish()
    }
}

impl Inputs {
    /// The objects that a selector asks for, sorted by namespace and name as Crossplane sorts them. The composite resource
    /// and its composed resources exist too, unless `required` says otherwise what they are.
    pub(crate) fn find(&self, selector: &ResourceSelector, composed: &[Value]) -> Vec<Value> {
        let identity = |object: &Value| {
            ["/apiVersion", "/kind", "/metadata/namespace", "/metadata/name"]
                .map(|pointer| object.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned())
        };
        let mut found: Vec<&Value> = self.required.iter().filter(|object| selects(selector, object)).collect();
        let composed = composed.iter().filter(|object| selects(selector, object));
        let others = composed.filter(|object| self.required.iter().all(|known| identity(known) != identity(object)));
        found.extend(others);
        found.sort_by_key(|object| {
            let text = |pointer| object.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
            format!("{}/{}", text("/metadata/namespace"), text("/metadata/name"))
        });
        found.into_iter().cloned().collect()
    }
}

fn selects(selector: &ResourceSelector, object: &Value) -> bool {
    let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    if (text("/apiVersion"), text("/kind")) != (&selector.api_version, &selector.kind) {
        return false;
    }
    let in_namespace = selector.namespace.as_deref().is_none_or(|namespace| text("/metadata/namespace") == namespace);
    match &selector.matching {
        ResourceMatch::All => in_namespace,
        // By name, an unset namespace means a cluster-scoped object, not any namespace.
        ResourceMatch::Name(name) => {
            text("/metadata/name") == name
                && text("/metadata/namespace") == selector.namespace.as_deref().unwrap_or_default()
        }
        ResourceMatch::Labels(labels) => {
            let has = object.pointer("/metadata/labels");
            in_namespace
                && labels
                    .iter()
                    .all(|(key, value)| has.and_then(|has| has.get(key)).and_then(Value::as_str) == Some(value))
        }
    }
}
