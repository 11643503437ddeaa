//! Objects that a function composes, in the form in which they are wanted next.

use std::cell::OnceCell;
use std::fmt;
use std::ops::{Deref, DerefMut};

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::codec::json::JsonReader;
use crate::codec::{CodecError, Reader};
use crate::wire::Encoded;

/// An object on its way into the desired state.
///
/// It is JSON, and behaves like the [`Value`] that it is. One that answers a request in bytes is encoded for the answer at once instead;
/// it turns into JSON when somebody looks at it.
#[derive(Clone, Default)]
pub struct Object {
    /// The object, unless it is encoded.
    json: Value,
    /// The object as the answer wants it.
    encoded: Option<Encoded>,
    /// What is encoded, as JSON, once somebody has looked. In a place of its own, as mostly nobody does and objects are moved about.
    decoded: OnceCell<Box<Value>>,
}

impl Object {
    /// The object as it was encoded for the answer; `None` if it is JSON.
    pub(crate) fn encoded(&self) -> Option<&Encoded> {
        self.encoded.as_ref()
    }

    /// Reads it as it is.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&mut dyn Reader) -> Result<T, CodecError>) -> Result<T, CodecError> {
        match &self.encoded {
            None => read(&mut JsonReader(self)),
            Some(encoded) => encoded.read(read),
        }
    }

    /// The object as JSON.
    pub fn into_json(mut self) -> Value {
        std::mem::take(&mut *self)
    }
}

impl From<Value> for Object {
    fn from(json: Value) -> Self {
        Object { json, ..Object::default() }
    }
}

impl From<Encoded> for Object {
    fn from(encoded: Encoded) -> Self {
        Object { encoded: Some(encoded), ..Object::default() }
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        object.into_json()
    }
}

impl Deref for Object {
    type Target = Value;

    fn deref(&self) -> &Value {
        match &self.encoded {
            None => &self.json,
            Some(encoded) => self.decoded.get_or_init(|| Box::new(encoded.decode())),
        }
    }
}

impl DerefMut for Object {
    fn deref_mut(&mut self) -> &mut Value {
        if let Some(encoded) = self.encoded.take() {
            self.json = self.decoded.take().map_or_else(|| encoded.decode(), |decoded| *decoded);
        }
        &mut self.json
    }
}

/// Shows its kind, never its content, which may be a secret's.
impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Object({})", self.get("kind").and_then(Value::as_str).unwrap_or_default())
    }
}

impl PartialEq for Object {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl PartialEq<Value> for Object {
    fn eq(&self, other: &Value) -> bool {
        **self == *other
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).serialize(serializer)
    }
}
