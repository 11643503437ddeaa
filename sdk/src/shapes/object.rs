//! Whole objects of kinds that have no type here.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::codec::{CodecError, Mask, Reader, Slot, Writer};

/// A Kubernetes object as it stands: an embedded resource in a field, or a composed resource without a generated type.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AnyResource(pub Map<String, Value>);

impl AnyResource {
    /// An object of a kind, with nothing else yet.
    pub fn new(api_version: impl Into<String>, kind: impl Into<String>) -> Self {
        let mut map = Map::new();
        map.insert("apiVersion".to_owned(), Value::String(api_version.into()));
        map.insert("kind".to_owned(), Value::String(kind.into()));
        AnyResource(map)
    }

    /// The same object with one more top-level field, such as `spec` or `data`.
    ///
    /// # Errors
    /// When the value does not serialise to JSON.
    pub fn with(mut self, field: impl Into<String>, value: impl Serialize) -> Result<Self, serde_json::Error> {
        self.0.insert(field.into(), serde_json::to_value(value)?);
        Ok(self)
    }
}

/// Shows what it is and its name, never its content, which may be a secret's.
impl fmt::Debug for AnyResource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
        let name = text(self.0.get("metadata").and_then(|metadata| metadata.get("name")));
        write!(f, "AnyResource({} {} {name})", text(self.0.get("apiVersion")), text(self.0.get("kind")))
    }
}

impl From<Map<String, Value>> for AnyResource {
    fn from(map: Map<String, Value>) -> Self {
        AnyResource(map)
    }
}

impl Slot for AnyResource {
    fn write(&self, writer: &mut dyn Writer) -> Result<(), CodecError> {
        self.0.write(writer)
    }

    fn read(&mut self, reader: &mut dyn Reader, mask: Mask<'_>) -> Result<(), CodecError> {
        self.0.read(reader, mask)
    }
}
