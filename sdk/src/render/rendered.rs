//! What a render answers.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::Duration;

use serde_json::{Map, Value};

use crate::state::{ConnectionDetails, Edge, FunctionResult, Ready, Requirements, Waiting};

/// What Crossplane would make of a composite resource now.
#[derive(Clone, Default)]
pub struct Rendered {
    /// The composite resource: apiVersion, kind, name, namespace, its desired status with its conditions, and, unless
    /// composing failed, in `spec.crossplane.resourceRefs` (scope `LegacyCluster`: `spec.resourceRefs`) its references to
    /// its composed resources.
    pub composite: Value,
    /// The composed resources that would be applied, by key.
    pub resources: BTreeMap<String, RenderedResource>,
    /// The observed composed resources that would be deleted, sorted by key.
    pub deleted: Vec<Deleted>,
    /// The composite resource's connection details.
    pub connection: ConnectionDetails,
    /// What the steps said, in order.
    pub results: Vec<StepResult>,
    /// The composite resource's conditions, as they stand in its status.
    pub conditions: Vec<Value>,
    /// What the steps asked for, by step.
    pub requirements: BTreeMap<String, Requirements>,
    /// Which resources wait for what.
    pub waiting: Vec<Waiting>,
    /// Which composed resources read what from which others.
    pub edges: BTreeSet<Edge>,
    /// The kinds of the composed resources that are held back altogether, by key.
    pub held_back: BTreeMap<String, String>,
    /// The pipeline's context after its last step.
    pub context: Map<String, Value>,
    /// The events that Crossplane would emit.
    pub events: Vec<Event>,
    /// How long the answer is good for: the shortest that any step said.
    pub ttl: Option<Duration>,
    /// Why the pipeline stopped, if it did: then nothing is applied and nothing deleted.
    pub fatal: Option<String>,
}

/// A composed resource that would be applied.
#[derive(Clone, Default)]
pub struct RenderedResource {
    /// The object, with all that Crossplane adds.
    pub resource: Value,
    /// What the pipeline says of its readiness.
    pub ready: Ready,
}

/// An observed composed resource that is not desired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deleted {
    /// Its key.
    pub key: String,
    /// Its apiVersion.
    pub api_version: String,
    /// Its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
}

/// A result and the step that it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepResult {
    /// The step.
    pub step: String,
    /// What it said.
    pub result: FunctionResult,
}

/// An event about the composite resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Whether it is a warning.
    pub warning: bool,
    /// Why, in one CamelCase word.
    pub reason: String,
    /// What.
    pub message: String,
}

/// Shows keys and messages, never contents: what was composed may be a Secret.
impl fmt::Debug for Rendered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rendered")
            .field("resources", &self.resources.keys().collect::<Vec<_>>())
            .field("deleted", &self.deleted)
            .field("connection", &self.connection)
            .field("results", &self.results)
            .field("waiting", &self.waiting)
            .field("fatal", &self.fatal)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for RenderedResource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.resource.get("kind").and_then(Value::as_str).unwrap_or_default();
        write!(f, "RenderedResource({kind}, ready {})", self.ready.as_str())
    }
}
