//! Requests that are none.

use std::fmt;

use super::protobuf::Broken;

/// Bytes that are no `RunFunctionRequest`: where they go wrong, and why.
///
/// Only what holds the request together is looked at when it is parsed: its maps, and what stands around objects. An object that
/// is broken inside is an error of the step that reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    place: String,
    broken: Broken,
}

impl Malformed {
    pub(super) fn at(place: impl Into<String>, broken: Broken) -> Self {
        Malformed { place: place.into(), broken }
    }

    /// The field that is broken, such as `observed.resources["vpc"]`; empty for the request as a whole.
    pub fn place(&self) -> &str {
        &self.place
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("malformed RunFunctionRequest: ")?;
        if !self.place.is_empty() {
            write!(f, "{}: ", self.place)?;
        }
        write!(f, "{}; call the function from Crossplane, or with a message of apiextensions.fn.proto.v1", self.broken)
    }
}

impl std::error::Error for Malformed {}
