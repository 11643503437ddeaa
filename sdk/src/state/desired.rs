//! Desired state: the fully specified intent that a pipeline hands from step to step.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value};

use super::{ConnectionDetails, Object, Response};

/// Whether a resource is ready, as a function says it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ready {
    /// Nobody has said. Crossplane counts it as not ready.
    #[default]
    Unspecified,
    /// Ready.
    True,
    /// Not ready.
    False,
}

impl Ready {
    /// The word of the protocol: `Unspecified`, `True` or `False`.
    pub fn as_str(self) -> &'static str {
        match self {
            Ready::Unspecified => "Unspecified",
            Ready::True => "True",
            Ready::False => "False",
        }
    }
}

impl From<bool> for Ready {
    fn from(ready: bool) -> Self {
        if ready { Ready::True } else { Ready::False }
    }
}

/// A desired composed resource. `Debug` shows its kind, never its content.
#[derive(Clone, Default, PartialEq)]
pub struct Composed {
    /// The object: apiVersion, kind, metadata and whatever else is intended; never a status.
    pub resource: Object,
    /// Whether it is ready.
    pub ready: Ready,
}

impl fmt::Debug for Composed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.resource.get("kind").and_then(Value::as_str).unwrap_or_default();
        write!(f, "Composed({kind}, ready {})", self.ready.as_str())
    }
}

/// What a pipeline desires so far. `Debug` shows what there is by name, never its content.
#[derive(Clone, Default)]
pub struct Desired {
    /// The composite resource's desired status, if any step set some.
    pub status: Map<String, Value>,
    /// Whether the composite resource is ready, where a step overrides what follows from its composed resources.
    pub ready: Ready,
    /// The composite resource's desired connection details (scope `LegacyCluster` only; others compose a Secret).
    pub connection: ConnectionDetails,
    /// Composed resources by key.
    pub composed: BTreeMap<String, Composed>,
}

impl fmt::Debug for Desired {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desired")
            .field("status", &self.status.keys().collect::<Vec<_>>())
            .field("ready", &self.ready)
            .field("connection", &self.connection)
            .field("composed", &self.composed)
            .finish()
    }
}

impl Desired {
    /// Takes over what a step answered; what it did not speak of stays as it is.
    pub fn apply(&mut self, response: &mut Response) {
        if let Some(status) = response.status.take() {
            self.status = status;
        }
        if let Some(ready) = response.composite_ready {
            self.ready = ready;
        }
        self.connection.extend(std::mem::take(&mut response.connection));
        for key in &response.dropped {
            self.composed.remove(key);
        }
        self.composed.append(&mut response.composed);
        for (key, ready) in &response.ready {
            if let Some(composed) = self.composed.get_mut(key) {
                composed.ready = *ready;
            }
        }
    }
}
