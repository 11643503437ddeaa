//! What every step of a pipeline can ask for and say, whether it composes or operates.

use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::error::without_value;
use super::{Cx, Error, OperationCx, RequiredAny, Result};
use crate::codec::Reader;
use crate::codec::json::{encode, read_value};
use crate::resource::Composite;
use crate::state::{ConnectionDetails, ResourceSelector, SchemaSelector};

/// The methods are each type's own, so that nobody has to import a trait to call them.
macro_rules! pipeline {
    ($(#[$title:meta])* impl $([$parameter:ident: $bound:ident])? for $type:ty) => {
        $(#[$title])*
        impl $(<$parameter: $bound>)? $type {
            /// The step's input, if the pipeline gives one.
            ///
            /// # Errors
            /// When it is not a `T`.
            pub fn input<T: DeserializeOwned>(&self) -> Result<Option<T>> {
                deserialize(self.ledger.source.input(), "the step's input")
            }

            /// The step's typed input, if the pipeline gives the step one.
            ///
            /// # Errors
            /// When it is of another kind, or not a `T`.
            #[cfg(feature = "schema")]
            pub fn step_input<T: super::StepInput>(&self) -> Result<Option<T>> {
                super::input::typed(&*self.ledger.source)
            }

            /// A value of the pipeline's context.
            ///
            /// # Errors
            /// When it is not a `T`.
            pub fn context<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>> {
                deserialize(self.ledger.source.context(key), key)
            }

            /// Sets a value of the pipeline's context, for later steps.
            ///
            /// # Errors
            /// When it does not serialise to JSON, or holds an integer beyond 2^53.
            pub fn set_context(&self, key: impl Into<String>, value: impl Serialize) -> Result<()> {
                let value = encode(&serde_json::to_value(value)?)?;
                self.ledger.respond(|response| response.context.insert(key.into(), value));
                Ok(())
            }

            /// Asks for objects of a kind that has no type here. Ask the same in every run, whether they were found or not; the rules
            /// are those of [`Cx::require`].
            pub fn require_any(&self, name: &str, selector: ResourceSelector) -> RequiredAny {
                self.ledger.require(name, selector);
                RequiredAny::new(name, self.ledger.clone())
            }

            /// Asks for the OpenAPI schema of a kind (Crossplane v2.2 and later); `None` while Crossplane has not looked.
            pub fn require_schema(&self, name: &str, selector: SchemaSelector) -> Option<Value> {
                self.ledger.require_schema(name, selector);
                let mut reader = self.ledger.source.schema(name)?;
                read_value(&mut *reader).ok()
            }

            /// Credentials that the pipeline gives the step.
            pub fn credentials(&self, name: &str) -> Option<&ConnectionDetails> {
                self.ledger.source.credentials(name)
            }

            /// Whether Crossplane says that it can do something, such as `REQUIRED_SCHEMAS`. Versions before v2.2 never say.
            pub fn has_capability(&self, name: &str) -> bool {
                self.ledger.source.has_capability(name)
            }

            /// How long the answer is good for. The shortest of the pipeline counts.
            pub fn ttl(&self, ttl: Duration) -> &Self {
                self.ledger.respond(|response| response.ttl = Some(ttl));
                self
            }
        }
    };
}

pipeline! {
    /// # The pipeline
    impl[X: Composite] for Cx<X>
}
pipeline! {
    /// # The pipeline
    impl for OperationCx
}

/// What a request carries for the step as a `T`.
pub(super) fn deserialize<T: DeserializeOwned>(reader: Option<Box<dyn Reader + '_>>, what: &str) -> Result<Option<T>> {
    let Some(mut reader) = reader else { return Ok(None) };
    let value = read_value(&mut *reader)?;
    T::deserialize(value).map(Some).map_err(|error| Error::new(format!("{what}: {}", without_value(&error))))
}
