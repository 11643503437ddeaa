//! Objects of one shape become one struct.

use std::collections::HashMap;

use planewright_definitions::model::{Field, Kind, Object, Type};
use planewright_definitions::reference::KnownKinds;

use super::{Known, Profile, StructField, Ty, known, list_keys, resolve};

/// A type whose name is not decided yet.
#[derive(Debug)]
pub(super) struct Unnamed {
    /// The paths of all fields that have it, the owner's first.
    pub(super) paths: Vec<Vec<Box<str>>>,
    pub(super) doc: Option<Box<str>>,
    pub(super) shape: UnnamedShape,
}

#[derive(Debug)]
pub(super) enum UnnamedShape {
    Struct { fields: Vec<StructField>, open: bool },
    Enum(Vec<Box<str>>),
}

/// What makes two objects the same struct: everything that shows in the generated code but descriptions.
#[derive(PartialEq, Eq, Hash)]
struct Key {
    /// Whether it is part of the status, in profiles that keep the two sides apart.
    status: bool,
    shape: KeyShape,
}

#[derive(PartialEq, Eq, Hash)]
enum KeyShape {
    Struct(bool, Vec<(Box<str>, Ty, [bool; 4])>),
    Enum(Vec<Box<str>>),
}

pub(super) struct Interner<'a> {
    kind: &'a Kind,
    profile: Profile,
    kinds: &'a KnownKinds,
    path: Vec<Box<str>>,
    types: Vec<Unnamed>,
    index: HashMap<Key, usize>,
}

impl<'a> Interner<'a> {
    pub(super) fn new(kind: &'a Kind, profile: Profile, kinds: &'a KnownKinds) -> Self {
        Interner { kind, profile, kinds, path: Vec::new(), types: Vec::new(), index: HashMap::new() }
    }

    /// Takes in whole objects. The root never shares its struct: it is the kind.
    pub(super) fn root(&mut self, root: &Object) {
        let fields = self.fields(root);
        self.types.push(Unnamed {
            paths: vec![Vec::new()],
            doc: root.doc.clone(),
            shape: UnnamedShape::Struct { fields, open: root.open },
        });
    }

    /// All types, the root last.
    pub(super) fn finish(self) -> Vec<Unnamed> {
        self.types
    }

    fn fields(&mut self, object: &Object) -> Vec<StructField> {
        let one = |field: &Field| {
            self.path.push(field.name.clone());
            let ty = self.ty(field, &field.ty);
            self.path.pop();
            StructField {
                wire: field.name.clone(),
                ident: String::new(),
                doc: field.doc.clone(),
                ty,
                required: field.required,
                defaulted: field.default.is_some(),
                immutable: field.immutable,
                secret: field.secret,
                populates: field.reference.as_ref().map(|fact| fact.populates.clone()),
            }
        };
        object.fields.iter().map(one).collect()
    }

    fn ty(&mut self, field: &Field, ty: &Type) -> Ty {
        match ty {
            Type::Boolean => Ty::Boolean,
            Type::Integer => Ty::Integer,
            Type::Number => Ty::Number,
            Type::String => Ty::String,
            Type::IntOrString => Ty::IntOrString,
            Type::Quantity => Ty::Quantity,
            Type::AnyObject => Ty::AnyObject,
            Type::Embedded => Ty::Embedded,
            Type::Any => Ty::Any,
            Type::List(item, kind) => Ty::List(Box::new(self.ty(field, item)), list_keys(kind)),
            Type::Map(value) => Ty::Map(Box::new(self.ty(field, value))),
            Type::Nullable(inner) => Ty::Nullable(Box::new(self.ty(field, inner))),
            Type::Enum(texts) => match known::enumeration(texts).filter(|_| self.profile == Profile::Provider) {
                Some(known) => Ty::Known(known, None),
                None => self.intern(KeyShape::Enum(texts.clone()), None, UnnamedShape::Enum(texts.clone())),
            },
            Type::Object(object) => match known::object(field, object).filter(|_| self.profile == Profile::Provider) {
                Some(known) => Ty::Known(known, self.target(field, known)),
                None => {
                    let fields = self.fields(object);
                    let key = fields
                        .iter()
                        .map(|f| (f.wire.clone(), f.ty.clone(), [f.required, f.defaulted, f.immutable, f.secret]));
                    let key = KeyShape::Struct(object.open, key.collect());
                    self.intern(key, object.doc.clone(), UnnamedShape::Struct { fields, open: object.open })
                }
            },
        }
    }

    fn target(&self, field: &Field, known: Known) -> Option<Box<super::Target>> {
        let fact = field.reference.as_ref().filter(|_| known.has_target())?;
        resolve(fact, self.kind, self.kinds)
    }

    fn intern(&mut self, shape_key: KeyShape, doc: Option<Box<str>>, shape: UnnamedShape) -> Ty {
        let status = self.profile == Profile::Composite && self.path.first().is_some_and(|step| &**step == "status");
        let key = Key { status, shape: shape_key };
        let next = self.types.len();
        let index = *self.index.entry(key).or_insert(next);
        if index == next {
            self.types.push(Unnamed { paths: vec![self.path.clone()], doc, shape });
        } else {
            let known = &mut self.types[index];
            // The owner is the shallowest; of equals the one that came first.
            let shallower = self.path.len() < known.paths[0].len();
            known.paths.insert(if shallower { 0 } else { known.paths.len() }, self.path.clone());
        }
        Ty::Named(index)
    }
}
