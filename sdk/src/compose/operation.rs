//! Operations: functions that Crossplane runs once, on a schedule or when an object changes, and not for a composite resource.

use std::fmt;
use std::rc::Rc;

use serde::Serialize;

use super::body::IntoBody;
use super::ledger::Ledger;
use super::{RequiredAny, Result};
use crate::codec::json::encode;
use crate::resource::Scope;
use crate::state::{Function, FunctionResult, Response, Severity, Source, Target};

/// The requirement under which a WatchOperation hands over the object that changed.
const WATCHED: &str = "ops.crossplane.io/watched-resource";

/// What an operation sees and says in one run.
///
/// There is no composite resource, so nothing is observed, nothing becomes ready, and Crossplane deletes nothing: what is
/// [declared](OperationCx::resource) is applied, by its name, and stays. The package of such a function says that it has the
/// capability `operation`.
pub struct OperationCx {
    pub(super) ledger: Rc<Ledger>,
}

impl fmt::Debug for OperationCx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OperationCx")
    }
}

impl OperationCx {
    /// The object whose change started a WatchOperation: `op.watched().first::<Bucket>()`. None in other operations.
    pub fn watched(&self) -> RequiredAny {
        RequiredAny::new(WATCHED, self.ledger.clone())
    }

    /// Applies an object, which must have a name. Crossplane applies it with server-side apply and takes over the fields
    /// that are set; the key only tells it apart from the others in this run.
    ///
    /// `value` is what [`Cx::resource`](super::Cx::resource) takes. An object without a name, a key used twice and a status
    /// that is set end the step with a fatal result.
    pub fn resource<M, V: IntoBody<M>>(&self, key: impl AsRef<str>, value: V) -> &Self {
        let key = key.as_ref();
        match value.into_body(self.ledger.encoding(key)) {
            Ok(body) => {
                self.ledger.declare(key, body, Vec::new());
                if self.ledger.declared_name(key).is_none_or(|name| name.is_empty()) {
                    self.ledger.fault(format!(
                        "resource {key:?}: it has no metadata.name; an Operation applies objects by their names: set it"
                    ));
                }
            }
            Err(error) => self.ledger.undeclarable(key, &error),
        }
        self
    }

    /// What the step leaves in the Operation's `status.pipeline[].output`. What is said last counts.
    ///
    /// # Errors
    /// When it does not serialise to a JSON object, or holds an integer beyond 2^53.
    pub fn output(&self, output: impl Serialize) -> Result<()> {
        let output = encode(&serde_json::to_value(output)?)?;
        if !output.is_object() {
            return Err(super::Error::new("the output of an Operation is an object; give it a struct or a map"));
        }
        self.ledger.respond(|response| response.output = Some(output));
        Ok(())
    }

    /// Says something that becomes a normal event.
    pub fn normal(&self, message: impl Into<String>) -> &Self {
        self.result(Severity::Normal, message.into(), None)
    }

    /// Says something that becomes a warning event.
    pub fn warning(&self, message: impl Into<String>) -> &Self {
        self.result(Severity::Warning, message.into(), None)
    }

    /// Fails the Operation: nothing is applied. Crossplane runs it again as often as its `retryLimit` says.
    pub fn fatal(&self, message: impl Into<String>) -> &Self {
        self.result(Severity::Fatal, message.into(), None)
    }

    /// Says something with a reason, one CamelCase word.
    pub fn result(&self, severity: Severity, message: String, reason: Option<String>) -> &Self {
        let target = Target::Composite;
        self.ledger.respond(|response| response.results.push(FunctionResult { severity, message, reason, target }));
        self
    }
}

/// An operation as a step of a pipeline.
pub struct Operator<F>(F);

impl<F: Fn(&mut OperationCx) -> Result<()>> Operator<F> {
    /// The step that runs `operate`.
    pub fn new(operate: F) -> Self {
        Operator(operate)
    }
}

impl<F: Fn(&mut OperationCx) -> Result<()>> Function for Operator<F> {
    fn run(&self, source: Rc<dyn Source>) -> Response {
        // An Operation is cluster-scoped, so it may apply whatever there is.
        let ledger = Rc::new(Ledger::new(source, "Operation", Scope::Cluster));
        let outcome = (self.0)(&mut OperationCx { ledger: ledger.clone() });
        ledger.finish(outcome)
    }
}
