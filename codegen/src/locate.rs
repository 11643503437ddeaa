//! Where the Rust type of a field is.

use planewright_definitions::model::Kind;
use planewright_definitions::reference::KnownKinds;

use crate::emit::group_path;
use crate::ident;
use crate::lock::NamesLock;
use crate::normalise::{self, Profile, Ty, TypeShape};

/// The Rust side of a kind, for tools that explain it.
#[derive(Clone, Debug)]
pub struct RustKind {
    module: normalise::Module,
}

/// The Rust type of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RustField {
    /// The name of the field in its struct; empty for whole objects.
    pub ident: String,
    /// The path of its type, or of its items' or values' type, below the module of generated types: such as
    /// `io::upbound::m::aws::ec2::v1beta1::vpc::Tag`. Nothing where the type is Rust's own or the sdk's.
    pub path: Option<String>,
    /// Its type as a field has it, such as `Vec<Tag>`, without the `Option` around it.
    pub ty: String,
}

impl RustKind {
    /// The types of a kind. A composite resource or claim has its types with serde, any other kind those of a provider.
    pub fn new(kind: &Kind, composite: bool, known: &KnownKinds, names: &NamesLock) -> RustKind {
        let profile = if composite { Profile::Composite } else { Profile::Provider };
        RustKind { module: normalise::normalise(kind, profile, known, names) }
    }

    /// The field at a path of names in the object, without marks for lists and maps; whole objects for no names.
    ///
    /// Nothing is found inside free objects and inside the shapes that the sdk has.
    pub fn field(&self, names: &[&str]) -> Option<RustField> {
        let mut ident = String::new();
        let mut ty = Ty::Named(self.module.root);
        for name in names {
            let TypeShape::Struct { fields, .. } = &self.module.types.get(named(&ty)?)?.shape else { return None };
            let field = fields.iter().find(|field| &*field.wire == *name)?;
            ident.clone_from(&field.ident);
            ty = field.ty.clone();
        }
        let path = named(&ty).map(|index| self.path(index));
        Some(RustField { ident, path, ty: self.text(&ty) })
    }

    fn path(&self, index: usize) -> String {
        let mut path = group_path(&self.module.group);
        path.push(ident::snake(&self.module.version));
        if index != self.module.root {
            path.push(self.module.module.clone());
        }
        path.push(self.module.types[index].name.clone());
        path.join("::")
    }

    fn text(&self, ty: &Ty) -> String {
        match ty {
            Ty::Boolean => "bool".to_owned(),
            Ty::Integer => "i64".to_owned(),
            Ty::Number => "Number".to_owned(),
            Ty::String => "String".to_owned(),
            Ty::IntOrString => "IntOrString".to_owned(),
            Ty::Quantity => "Quantity".to_owned(),
            Ty::AnyObject => "JsonObject".to_owned(),
            Ty::Embedded => "AnyResource".to_owned(),
            Ty::Any => "Json".to_owned(),
            Ty::List(item, _) => format!("Vec<{}>", self.text(item)),
            Ty::Map(value) => format!("Map<String, {}>", self.text(value)),
            Ty::Nullable(inner) => format!("Nullable<{}>", self.text(inner)),
            Ty::Named(index) => self.module.types[*index].name.clone(),
            Ty::Known(known, Some(target)) => format!("{}<{}>", known.name(), target.kind),
            Ty::Known(known, None) => known.name().to_owned(),
        }
    }
}

/// The type of this kind that a value, or its items or values, have.
fn named(ty: &Ty) -> Option<usize> {
    match ty {
        Ty::Named(index) => Some(*index),
        Ty::List(inner, _) | Ty::Map(inner) | Ty::Nullable(inner) => named(inner),
        _ => None,
    }
}
