//! What a function answers.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::Duration;

use serde_json::{Map, Value};

use super::{Composed, ConnectionDetails, Ready, ResourceSelector, SchemaSelector};

pub use crate::shapes::ConditionStatus;

/// What one step says. It speaks only of what the step changes: [`Desired::apply`](super::Desired::apply) takes it over.
/// `Debug` shows what people are told, and everything else by name, never its content.
#[derive(Clone, Default)]
pub struct Response {
    /// The composite resource's whole desired status, if the step set some: already merged into that of earlier steps.
    pub status: Option<Map<String, Value>>,
    /// The composite resource's readiness, if the step said so.
    pub composite_ready: Option<Ready>,
    /// The composite resource's connection details that the step set.
    pub connection: ConnectionDetails,
    /// The composed resources that the step declared: already merged into what earlier steps desired of them.
    pub composed: BTreeMap<String, Composed>,
    /// What the step says of the readiness of resources that it did not declare.
    pub ready: BTreeMap<String, Ready>,
    /// The keys that the step takes out of the desired state, in so many words.
    pub dropped: BTreeSet<String>,
    /// Results, in the order in which they were said.
    pub results: Vec<FunctionResult>,
    /// Conditions of the composite resource, and of its claim.
    pub conditions: Vec<TargetedCondition>,
    /// Entries of the pipeline's context that the step set.
    pub context: Map<String, Value>,
    /// What the step needs besides: asked for in every run, found or not.
    pub requirements: Requirements,
    /// How long the answer is good for; `None` leaves it to Crossplane.
    pub ttl: Option<Duration>,
    /// The output of an Operation.
    pub output: Option<Value>,
    /// Which resources are held back, or kept as they are, until something is known. It is not part of the protocol.
    pub waiting: Vec<Waiting>,
    /// Which resources read what from which others; empty unless the source [asks](super::Source::wants_edges) for it.
    pub edges: BTreeSet<Edge>,
    /// The kinds of the resources that are held back altogether, by key; told together with the edges.
    pub held_back: BTreeMap<String, String>,
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("composed", &self.composed)
            .field("ready", &self.ready)
            .field("dropped", &self.dropped)
            .field("connection", &self.connection)
            .field("context", &self.context.keys().collect::<Vec<_>>())
            .field("results", &self.results)
            .field("conditions", &self.conditions)
            .field("requirements", &self.requirements)
            .field("waiting", &self.waiting)
            .finish_non_exhaustive()
    }
}

impl Response {
    /// An answer that says only that the step failed: Crossplane then neither applies nor deletes anything.
    pub fn fatally(message: impl Into<String>) -> Self {
        let (severity, message, target) = (Severity::Fatal, message.into(), Target::Composite);
        let results = vec![FunctionResult { severity, message, reason: None, target }];
        Response { results, ..Response::default() }
    }

    /// The first fatal result, at which the pipeline stops.
    pub fn fatal(&self) -> Option<&FunctionResult> {
        self.results.iter().find(|result| result.severity == Severity::Fatal)
    }
}

/// What a step needs besides the composite resource and what it composes, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requirements {
    /// Objects.
    pub resources: BTreeMap<String, ResourceSelector>,
    /// Schemas of kinds.
    pub schemas: BTreeMap<String, SchemaSelector>,
}

impl Requirements {
    /// Whether nothing is needed.
    pub fn is_empty(&self) -> bool {
        self.resources.is_empty() && self.schemas.is_empty()
    }
}

/// Something a step has to say: Crossplane makes an event of it, or stops.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionResult {
    /// How bad it is.
    pub severity: Severity,
    /// What it is.
    pub message: String,
    /// Why, in one CamelCase word; `ComposeResources` when unset.
    pub reason: Option<String>,
    /// Whom it concerns.
    pub target: Target,
}

/// How bad a result is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The pipeline stops; nothing is applied and nothing is deleted.
    Fatal,
    /// A warning event.
    Warning,
    /// A normal event.
    Normal,
}

impl Severity {
    /// The word of the protocol.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Fatal => "Fatal",
            Severity::Warning => "Warning",
            Severity::Normal => "Normal",
        }
    }
}

/// Whom a result or condition concerns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Target {
    /// The composite resource.
    #[default]
    Composite,
    /// The composite resource and its claim.
    CompositeAndClaim,
}

impl Target {
    /// The word of the protocol.
    pub fn as_str(self) -> &'static str {
        match self {
            Target::Composite => "Composite",
            Target::CompositeAndClaim => "CompositeAndClaim",
        }
    }
}

/// A condition of the composite resource. Crossplane's own types (`Ready`, `Synced`, …) are not for functions to set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetedCondition {
    /// Its type, such as `DatabaseReady`.
    pub r#type: String,
    /// Whether it holds.
    pub status: ConditionStatus,
    /// Why, in one CamelCase word.
    pub reason: String,
    /// What is the matter, for people.
    pub message: Option<String>,
    /// Whom it concerns.
    pub target: Target,
}

/// A value that is not known yet: which composed resource must show what.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Wait {
    /// The key of the composed resource.
    pub key: String,
    /// The path in it, as it stands in the object.
    pub path: String,
}

impl fmt::Display for Wait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.key, self.path)
    }
}

/// A field of a composed resource whose value is read from another one, or will be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edge {
    /// The key of the resource that reads.
    pub key: String,
    /// Its field, as it stands in the object.
    pub field: String,
    /// What is read.
    pub on: Wait,
}

impl fmt::Display for Edge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} from {}", self.key, self.field, self.on)
    }
}

/// A composed resource some of whose fields are not known yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Its key.
    pub key: String,
    /// The field that is not known.
    pub field: String,
    /// What it waits for.
    pub on: Vec<Wait>,
    /// Whether the resource stays desired and the field keeps what it has (`true`): what was observed, or what an earlier
    /// step said. Otherwise the resource is held back altogether (`false`).
    pub kept: bool,
}

impl fmt::Display for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = if self.kept { "is kept as it is" } else { "is held back" };
        write!(f, "{} {verb}: {} waits for ", self.key, self.field)?;
        for (index, wait) in self.on.iter().enumerate() {
            write!(f, "{}{wait}", if index == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}
