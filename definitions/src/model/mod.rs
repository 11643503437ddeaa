//! The intermediate representation of structural schemas: what a kind's objects are made of.
//!
//! One model serves every profile of generated types, `explain`, the census and later the comparison of versions.
//! [`read`] makes it from a schema and never gives up: what it cannot make sense of becomes [`Type::Any`] and a warning.

mod read;
mod requirement;

use serde_json::Value;

pub use crate::crd::Scope;
use crate::reference::ReferenceFact;

pub use read::{Warning, read};
pub use requirement::{RequiredBy, Requirement};

/// One kind at one version.
#[derive(Clone, Debug, PartialEq)]
pub struct Kind {
    /// API group.
    pub group: String,
    /// Version, such as `v1beta1`.
    pub version: String,
    /// Kind, such as `Bucket`.
    pub kind: String,
    /// Plural, such as `buckets`.
    pub plural: String,
    /// Whether objects live in a namespace.
    pub scope: Scope,
    /// Whether the API server serves this version.
    pub served: bool,
    /// Whether objects are stored at this version.
    pub storage: bool,
    /// Whether the use of this version draws a warning.
    pub deprecated: bool,
    /// Whole objects. `apiVersion`, `kind` and `metadata` are not among the fields.
    pub root: Object,
    /// The parameters that must be set, from `required` and from CEL rules, in the order of the schema.
    pub requirements: Vec<Requirement>,
}

/// An object with named fields.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Object {
    /// What the schema says of it.
    pub doc: Option<Box<str>>,
    /// Its fields, in the order of the schema.
    pub fields: Vec<Field>,
    /// Whether fields that the schema does not name are kept too.
    pub open: bool,
}

/// A field of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The name in the object.
    pub name: Box<str>,
    /// What the schema says of it.
    pub doc: Option<Box<str>>,
    /// What its value is.
    pub ty: Type,
    /// Whether the object's `required` names it.
    pub required: bool,
    /// What the API server fills in where it is absent.
    pub default: Option<Box<Value>>,
    /// Whether a CEL rule (`self == oldSelf`) forbids a change.
    pub immutable: bool,
    /// Whether it holds, or points to, a secret.
    pub secret: bool,
    /// For a reference or selector: what its description says of the target.
    pub reference: Option<Box<ReferenceFact>>,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub enum Type {
    /// `true` or `false`.
    Boolean,
    /// An integer of up to 64 bits. (The API server does not enforce `int32`.)
    Integer,
    /// Any number. Integers stay integers: upjet says `number` for everything.
    Number,
    /// Text.
    String,
    /// One of a closed list of texts.
    Enum(Vec<Box<str>>),
    /// An integer or a text, such as a port.
    IntOrString,
    /// A Kubernetes quantity, such as `500m`.
    Quantity,
    /// A list.
    List(Box<Type>, ListKind),
    /// An object with free keys and values of one type.
    Map(Box<Type>),
    /// An object with named fields.
    Object(Box<Object>),
    /// An object about whose fields nothing is known.
    AnyObject,
    /// A whole Kubernetes object of any kind.
    Embedded,
    /// Any JSON value.
    Any,
    /// A value that may be null.
    Nullable(Box<Type>),
}

/// How the API server tells the items of a list apart when several writers own some of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum ListKind {
    /// It does not: the list has one owner.
    #[default]
    Atomic,
    /// By their value.
    Set,
    /// By these fields.
    Map(Vec<Box<str>>),
}

impl Kind {
    /// `GROUP/VERSION`, or the version alone in the core group.
    pub fn api_version(&self) -> String {
        if self.group.is_empty() { self.version.clone() } else { format!("{}/{}", self.group, self.version) }
    }
}

impl Object {
    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| &*field.name == name)
    }
}

impl Type {
    /// The object that this type is, or that its items or values are.
    pub fn object(&self) -> Option<&Object> {
        match self {
            Type::Object(object) => Some(object),
            Type::List(inner, _) | Type::Map(inner) | Type::Nullable(inner) => inner.object(),
            _ => None,
        }
    }
}
