//! What a composition function sees and what it answers, in plain terms: no protobuf, no transport.
//!
//! The words are those of Crossplane's function protocol. What a function sees lies behind [`Source`], so that it can
//! be read where it is: in JSON values ([`Request`], used by render, tests and plans) or in the bytes of a request. What a
//! function answers ([`Response`]) says only what the step changes: whoever runs it hands on the rest.

mod dependencies;
mod desired;
mod object;
mod request;
mod response;
mod secret;

pub use dependencies::{DEPENDENCIES_CAPABILITY, Dependency, dependencies};
pub use desired::{Composed, Desired, Ready};
pub use object::Object;
pub use request::{Observed, Request, ResourceMatch, ResourceSelector, SchemaSelector, Source};
pub use response::{
    ConditionStatus, Edge, FunctionResult, Requirements, Response, Severity, Target, TargetedCondition, Wait, Waiting,
};
pub use secret::ConnectionDetails;

use std::rc::Rc;

/// One step of a composition pipeline.
pub trait Function {
    /// Answers one request. A step that fails says so with a [fatal](Severity::Fatal) result.
    fn run(&self, source: Rc<dyn Source>) -> Response;
}

/// Which object of a state is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place<'a> {
    /// The composite resource.
    Composite,
    /// The composed resource with this key (its composition resource name).
    Composed(&'a str),
}
