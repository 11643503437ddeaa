//! What a function is asked with.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::{Map, Value};

use super::{ConnectionDetails, Desired, Object, Place, Ready};
use crate::codec::json::JsonReader;
use crate::codec::{CodecError, OnEntry, OnItem, Reader, Slot, Token};

/// What a function sees, wherever it lies. Object safe: code that composes is not compiled once for every backing.
///
/// A [`Reader`] stands at the root of an object; what is not read costs nothing.
pub trait Source {
    /// An observed object: the composite resource, or the composed resource with a key.
    fn observed(&self, place: Place<'_>) -> Option<Box<dyn Reader + '_>>;
    /// Reads an observed object, and says whether there is one: the same as [`observed`](Source::observed), for those who ask of
    /// every resource, without a box for each.
    fn read_observed(&self, place: Place<'_>, read: &mut dyn FnMut(&mut dyn Reader)) -> bool {
        self.observed(place).map(|mut reader| read(&mut *reader)).is_some()
    }
    /// The keys of all observed composed resources, sorted.
    fn observed_keys(&self) -> Vec<&str>;
    /// The connection details of an observed object; none if it has none.
    fn connection(&self, place: Place<'_>) -> Option<&ConnectionDetails>;
    /// What earlier steps desire: the composite resource as an object with at most `status`, or a composed resource.
    fn desired(&self, place: Place<'_>) -> Option<Box<dyn Reader + '_>>;
    /// The keys of all composed resources that earlier steps desire, sorted.
    fn desired_keys(&self) -> Vec<&str>;
    /// What earlier steps say of an object's readiness.
    fn desired_ready(&self, place: Place<'_>) -> Ready;
    /// The step's input from the Composition.
    fn input(&self) -> Option<Box<dyn Reader + '_>>;
    /// A value of the pipeline's context.
    fn context(&self, key: &str) -> Option<Box<dyn Reader + '_>>;
    /// The objects that a requirement found; `None` while nobody has looked for it, an empty list if nothing was found.
    fn required(&self, name: &str) -> Option<Vec<Box<dyn Reader + '_>>>;
    /// The OpenAPI schema that a requirement found; `None` while nobody has looked for it.
    fn schema(&self, name: &str) -> Option<Box<dyn Reader + '_>>;
    /// Credentials by name.
    fn credentials(&self, name: &str) -> Option<&ConnectionDetails>;
    /// Whether Crossplane says that it can do something, such as `REQUIRED_SCHEMAS`. Versions before v2.2 never say.
    fn has_capability(&self, name: &str) -> bool;
    /// Whether the answer is to say which resources read what from which others. A served function is not asked.
    fn wants_edges(&self) -> bool {
        false
    }
    /// Encodes an object as the answer wants it: its apiVersion and kind, and the fields of `fields`. `None` if the answer
    /// wants JSON.
    fn encode(&self, _api_version: &str, _kind: &str, _fields: &dyn Slot) -> Option<Result<Object, CodecError>> {
        None
    }
}

/// An observed object and its connection details. `Debug` shows its kind, never its content.
#[derive(Clone, Default)]
pub struct Observed {
    /// The object.
    pub resource: Value,
    /// Its connection details.
    pub connection: ConnectionDetails,
}

impl fmt::Debug for Observed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.resource.get("kind").and_then(Value::as_str).unwrap_or_default();
        write!(f, "Observed({kind}, connection {:?})", self.connection)
    }
}

impl From<Value> for Observed {
    fn from(resource: Value) -> Self {
        Observed { resource, connection: ConnectionDetails::new() }
    }
}

/// Which objects a requirement asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceSelector {
    /// Their apiVersion.
    pub api_version: String,
    /// Their kind.
    pub kind: String,
    /// Which of that kind.
    pub matching: ResourceMatch,
    /// Their namespace; unset for cluster-scoped kinds, and for all namespaces when matching labels.
    pub namespace: Option<String>,
}

/// Which objects of a kind a requirement asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ResourceMatch {
    /// All of them (Crossplane v2.3 and later).
    #[default]
    All,
    /// The one with this name.
    Name(String),
    /// Those with all these labels.
    Labels(BTreeMap<String, String>),
}

/// Which schema a requirement asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaSelector {
    /// The kind's apiVersion.
    pub api_version: String,
    /// The kind.
    pub kind: String,
}

/// A request in JSON values. `Debug` shows what there is by name, never its content.
#[derive(Clone, Default)]
pub struct Request {
    /// The observed composite resource.
    pub composite: Observed,
    /// Observed composed resources by key.
    pub observed: BTreeMap<String, Observed>,
    /// What earlier steps desire.
    pub desired: Desired,
    /// The step's input.
    pub input: Option<Value>,
    /// The pipeline's context.
    pub context: Map<String, Value>,
    /// What requirements found.
    pub required: BTreeMap<String, Vec<Value>>,
    /// Schemas that requirements found; null where nothing was found.
    pub schemas: BTreeMap<String, Value>,
    /// Credentials by name.
    pub credentials: BTreeMap<String, ConnectionDetails>,
    /// What the caller says that it can do, in the protocol's words without their prefix.
    pub capabilities: BTreeSet<String>,
    /// Whether the answer is to say which resources read what from which others.
    pub wants_edges: bool,
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("composite", &self.composite)
            .field("observed", &self.observed)
            .field("desired", &self.desired)
            .field("context", &self.context.keys().collect::<Vec<_>>())
            .field("required", &self.required.keys().collect::<Vec<_>>())
            .field("credentials", &self.credentials)
            .finish_non_exhaustive()
    }
}

impl Request {
    /// A request about one composite resource, with nothing observed.
    pub fn new(composite: Value) -> Self {
        Request { composite: composite.into(), ..Self::default() }
    }
}

fn reader(value: &Value) -> Box<dyn Reader + '_> {
    Box::new(JsonReader(value))
}

impl Source for Request {
    fn observed(&self, place: Place<'_>) -> Option<Box<dyn Reader + '_>> {
        let observed = match place {
            Place::Composite => Some(&self.composite),
            Place::Composed(key) => self.observed.get(key),
        };
        observed.map(|observed| reader(&observed.resource))
    }

    fn observed_keys(&self) -> Vec<&str> {
        self.observed.keys().map(String::as_str).collect()
    }

    fn connection(&self, place: Place<'_>) -> Option<&ConnectionDetails> {
        let observed = match place {
            Place::Composite => Some(&self.composite),
            Place::Composed(key) => self.observed.get(key),
        };
        observed.map(|observed| &observed.connection).filter(|connection| !connection.is_empty())
    }

    fn desired(&self, place: Place<'_>) -> Option<Box<dyn Reader + '_>> {
        match place {
            Place::Composite if self.desired.status.is_empty() => None,
            Place::Composite => Some(Box::new(StatusReader(&self.desired.status))),
            Place::Composed(key) => self.desired.composed.get(key).map(|composed| reader(&composed.resource)),
        }
    }

    fn desired_keys(&self) -> Vec<&str> {
        self.desired.composed.keys().map(String::as_str).collect()
    }

    fn desired_ready(&self, place: Place<'_>) -> Ready {
        match place {
            Place::Composite => self.desired.ready,
            Place::Composed(key) => self.desired.composed.get(key).map(|composed| composed.ready).unwrap_or_default(),
        }
    }

    fn input(&self) -> Option<Box<dyn Reader + '_>> {
        self.input.as_ref().map(reader)
    }

    fn context(&self, key: &str) -> Option<Box<dyn Reader + '_>> {
        self.context.get(key).map(reader)
    }

    fn required(&self, name: &str) -> Option<Vec<Box<dyn Reader + '_>>> {
        self.required.get(name).map(|found| found.iter().map(reader).collect())
    }

    fn schema(&self, name: &str) -> Option<Box<dyn Reader + '_>> {
        self.schemas.get(name).map(reader)
    }

    fn credentials(&self, name: &str) -> Option<&ConnectionDetails> {
        self.credentials.get(name)
    }

    fn has_capability(&self, name: &str) -> bool {
        self.capabilities.contains(name)
    }

    fn wants_edges(&self) -> bool {
        self.wants_edges
    }
}

/// The desired composite resource: an object whose only entry is `status`.
struct StatusReader<'a>(&'a Map<String, Value>);

impl Reader for StatusReader<'_> {
    fn token(&mut self) -> Result<Token<'_>, CodecError> {
        Ok(Token::Object)
    }

    fn items(&mut self, _: OnItem<'_>) -> Result<(), CodecError> {
        Ok(())
    }

    fn entries(&mut self, each: OnEntry<'_>) -> Result<(), CodecError> {
        each("status", &mut MapReader(self.0))
    }
}

/// An object that is not wrapped in a value.
struct MapReader<'a>(&'a Map<String, Value>);

impl Reader for MapReader<'_> {
    fn token(&mut self) -> Result<Token<'_>, CodecError> {
        Ok(Token::Object)
    }

    fn items(&mut self, _: OnItem<'_>) -> Result<(), CodecError> {
        Ok(())
    }

    fn entries(&mut self, each: OnEntry<'_>) -> Result<(), CodecError> {
        self.0.iter().try_for_each(|(key, value)| each(key, &mut JsonReader(value)))
    }
}
