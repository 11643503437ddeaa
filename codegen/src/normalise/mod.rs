//! From the model of a kind to the Rust types that stand for it.
//!
//! Objects of one shape become one struct; the shapes that all of Crossplane shares are recognised and live in the sdk;
//! `initProvider` uses the struct of `forProvider`, of which it is a part in every provider. Names come last.

mod intern;
mod known;
mod merge;
mod naming;

use planewright_definitions::model::{Kind, ListKind, Requirement, Scope, Type};
use planewright_definitions::reference::{KnownKinds, ReferenceFact};

use crate::lock::NamesLock;

pub use known::Known;
pub(crate) use naming::root_name;

/// The Rust types of one kind at one version.
#[derive(Clone, Debug, PartialEq)]
pub struct Module {
    /// API group.
    pub group: String,
    /// Version.
    pub version: String,
    /// Kind.
    pub kind: String,
    /// Plural.
    pub plural: String,
    /// Whether objects live in a namespace.
    pub scope: Scope,
    /// Whether the use of this version draws a warning.
    pub deprecated: bool,
    /// The Rust name of the kind's own struct.
    pub name: String,
    /// The Rust name of the module.
    pub module: String,
    /// The struct of whole objects, as an index into `types`.
    pub root: usize,
    /// All types, the outermost first.
    pub types: Vec<TypeDef>,
    /// The parameters that must be set.
    pub requirements: Vec<Requirement>,
}

/// A generated type.
#[derive(Clone, Debug, PartialEq)]
pub struct TypeDef {
    /// Its Rust name.
    pub name: String,
    /// The path of the field that owns it: the shallowest, then the first in the schema.
    pub path: String,
    /// What the schema says of it.
    pub doc: Option<Box<str>>,
    /// What it is.
    pub shape: TypeShape,
}

/// What a generated type is.
#[derive(Clone, Debug, PartialEq)]
pub enum TypeShape {
    /// An object with named fields.
    Struct {
        /// Its fields, in the order of the schema.
        fields: Vec<StructField>,
        /// Whether fields that the schema does not name are kept too.
        open: bool,
    },
    /// One of a closed list of texts.
    Enum(Vec<EnumVariant>),
}

/// A field of a generated struct.
#[derive(Clone, Debug, PartialEq)]
pub struct StructField {
    /// The name in the object.
    pub wire: Box<str>,
    /// The Rust name.
    pub ident: String,
    /// What the schema says of it.
    pub doc: Option<Box<str>>,
    /// What its value is.
    pub ty: Ty,
    /// Whether the object's `required` names it.
    pub required: bool,
    /// Whether the API server fills it in where it is absent.
    pub defaulted: bool,
    /// Whether it must not change once set.
    pub immutable: bool,
    /// Whether it holds, or points to, a secret.
    pub secret: bool,
    /// For a reference, not a selector: the field beside it that it fills in, by its name in the object.
    pub populates: Option<Box<str>>,
}

/// A variant of a generated enum.
#[derive(Clone, Debug, PartialEq)]
pub struct EnumVariant {
    /// The text in the object.
    pub wire: Box<str>,
    /// The Rust name.
    pub ident: String,
}

/// The Rust type of a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Ty {
    /// `bool`.
    Boolean,
    /// `i64`.
    Integer,
    /// A number that keeps integers integral.
    Number,
    /// `String`.
    String,
    /// An integer or a text.
    IntOrString,
    /// A quantity.
    Quantity,
    /// `Vec<_>`, whose items are told apart by these fields, if any.
    List(Box<Ty>, Vec<Box<str>>),
    /// `BTreeMap<String, _>`.
    Map(Box<Ty>),
    /// A JSON object.
    AnyObject,
    /// A whole Kubernetes object.
    Embedded,
    /// A JSON value.
    Any,
    /// A value that may be null.
    Nullable(Box<Ty>),
    /// A type of this module, by its index.
    Named(usize),
    /// A shape of the sdk, with the kind that it points to, if that resolved.
    Known(Known, Option<Box<Target>>),
}

/// The kind that a reference points to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Target {
    /// Its group.
    pub group: String,
    /// Its kind.
    pub kind: String,
}

/// Whose types are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// A provider's: desired and observed, one type for both.
    Provider,
    /// A composite resource's or a claim's: spec and status never share a type, and nothing comes from the sdk, because
    /// these types have serde.
    Composite,
}

/// Makes the Rust types of `kind`.
pub fn normalise(kind: &Kind, profile: Profile, kinds: &KnownKinds, lock: &NamesLock) -> Module {
    let root = match profile {
        Profile::Provider => merge::init_into_for_provider(&kind.root),
        Profile::Composite => kind.root.clone(),
    };
    let mut table = intern::Interner::new(kind, profile, kinds);
    table.root(&root);
    naming::name(table.finish(), kind, profile, lock)
}

/// The part of a list type that matters to generated code.
fn list_keys(kind: &ListKind) -> Vec<Box<str>> {
    match kind {
        ListKind::Map(keys) => keys.clone(),
        ListKind::Atomic | ListKind::Set => Vec::new(),
    }
}

fn resolve(fact: &ReferenceFact, kind: &Kind, kinds: &KnownKinds) -> Option<Box<Target>> {
    let group = kinds.resolve(&kind.group, fact)?;
    Some(Box::new(Target { group, kind: fact.kind.to_string() }))
}

fn is_object(ty: &Type) -> bool {
    matches!(ty, Type::Object(_))
}
