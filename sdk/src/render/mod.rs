//! Running compositions in process, the way Crossplane's reconciler runs them.
//!
//! [`render`] takes a composite resource and what is observed, runs a pipeline of steps over it, and answers what
//! Crossplane would apply: the composite resource's status and conditions, the composed resources with their names,
//! labels and owners, and what would be deleted. It follows the reconciler of Crossplane 2.4:
//!
//! * the composite resource is pruned, defaulted and checked against its structural schema, as the API server does;
//! * its label `crossplane.io/composite` defaults to its name, its uid to one that follows from its kind, namespace and
//!   name, the same that `crossplane render` makes up;
//! * steps run in order; each is called again, up to five times more, until it asks for nothing new;
//! * a fatal result stops the pipeline: nothing is applied and nothing is deleted;
//! * names of composed resources follow from the uid and the key, and an observed name stays;
//! * observed resources that are not desired are deleted if the composite resource controls them, otherwise left;
//! * the composite resource refers to what it composes, in `spec.crossplane.resourceRefs`;
//! * readiness and the conditions `Responsive`, `Synced` and `Ready` are Crossplane's, in Crossplane's words.
//!
//! Crossplane's own render engine, which is its reconciler, answers the same: `tests/oracle/engine` in the repository
//! compares them, and lists what differs on purpose, with reasons.
//!
//! Conditions carry the fixed time 2024-01-01T00:00:00Z, so that the same input renders to the same bytes.

mod admission;
mod composed;
mod conditions;
mod error;
mod graph;
mod halt;
mod inputs;
mod names;
mod output;
mod pipeline;
mod references;
mod rendered;

pub use admission::admit;
pub use error::{Fault, Input, RenderError};
pub use graph::GraphFormat;
pub use inputs::Inputs;
pub use output::Format;
pub use pipeline::{Step, render};
pub use rendered::{Deleted, Event, Rendered, RenderedResource, StepResult};
