//! A request of Crossplane's function protocol, read where it lies, and its answer, written straight into bytes.
//!
//! A `RunFunctionRequest` is mostly observed state that nobody looks at. [`Request::parse`] notes where each object of the
//! request stands; what is in an object is decoded when a function reads it, and as far as it reads it, through the same codec as JSON
//! (see [`codec`](crate::codec)). The answer takes over as bytes what the function does not speak of: what earlier steps
//! desire, and the context, with fields that are newer than this crate.
//!
//! Messages follow protobuf's rules: of scalars and map entries that come twice the last counts, messages that come twice are
//! merged. `v1` and `v1beta1` of the protocol are the same on the wire.

mod answer;
mod buffer;
mod desired;
mod encoded;
mod index;
mod malformed;
mod protobuf;
mod source;
mod value;
mod writer;

use std::fmt;
use std::rc::Rc;

use bytes::Bytes;

pub use encoded::Encoded;
pub use malformed::Malformed;

use crate::codec::{Reader, WirePath};
use crate::state::{Function, FunctionResult, Place, Response, Severity, Source, Target};
use index::Index;
use protobuf::text;

/// Answers a request: [`Request::parse`] and [`Request::respond`] in one, for bytes that are not shared. They are copied once.
///
/// # Errors
/// When the bytes are no request.
pub fn respond(function: &dyn Function, request: &[u8]) -> Result<Vec<u8>, Malformed> {
    Request::parse(Bytes::copy_from_slice(request)).map(|request| request.respond(function))
}

/// A `RunFunctionRequest` where it lies. `Debug` shows its tag, never its content.
#[derive(Clone)]
pub struct Request(Rc<Index>);

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request").field("tag", &self.tag()).finish_non_exhaustive()
    }
}

impl Request {
    /// Notes where everything stands in the bytes of a `RunFunctionRequest`. They are shared, not copied.
    ///
    /// # Errors
    /// When the bytes are no request, or take more than 4 GiB.
    pub fn parse(request: impl Into<Bytes>) -> Result<Self, Malformed> {
        Index::parse(request.into()).map(|index| Request(Rc::new(index)))
    }

    /// The tag, by which the caller knows the answer. It is in every answer.
    pub fn tag(&self) -> &str {
        text(self.0.buffer.get(self.0.tag)).unwrap_or_default()
    }

    /// The apiVersion and kind of the observed composite resource; `None` where there is none, as in an Operation, or it does not
    /// say them.
    pub fn composite_kind(&self) -> Option<(String, String)> {
        let text = |name: &str| {
            let mut reader = self.0.observed(Place::Composite)?;
            let value = WirePath::names([name]).read(&mut *reader).ok().flatten()?;
            value.as_str().map(str::to_owned)
        };
        text("apiVersion").zip(text("kind"))
    }

    /// The step's input, if the pipeline gives one.
    pub fn input(&self) -> Option<Box<dyn Reader + '_>> {
        self.0.input()
    }

    /// What a function sees.
    pub fn source(&self) -> Rc<dyn Source> {
        self.0.clone()
    }

    /// Runs a function on the request and writes its answer: a `RunFunctionResponse`. The same request has the same answer, byte
    /// for byte, if the function is deterministic.
    ///
    /// An answer that the protocol cannot carry, because of an integer beyond 2^53, say, becomes a fatal result.
    pub fn respond(&self, function: &dyn Function) -> Vec<u8> {
        self.answer(function.run(self.source()))
    }

    /// Writes what a function says as a `RunFunctionResponse`: the request's tag, how long it is good for (60 s if it does not say), the
    /// desired state and the context of earlier steps with what the function changes, and everything else that it says.
    ///
    /// An answer that the protocol cannot carry becomes a fatal result.
    pub fn answer(&self, response: Response) -> Vec<u8> {
        answer::encode(&self.0, response)
    }

    /// An answer that says only that the step failed: Crossplane then neither applies nor deletes anything.
    pub fn fatal(&self, message: impl Into<String>) -> Vec<u8> {
        let (severity, message, target) = (Severity::Fatal, message.into(), Target::Composite);
        let results = vec![FunctionResult { severity, message, reason: None, target }];
        self.answer(Response { results, ..Response::default() })
    }
}
