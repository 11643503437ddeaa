//! Names for types.
//!
//! A type is named after the field that owns it: `spec.forProvider.rootBlockDevice` is `RootBlockDevice`. What only the
//! provider reports is `Observed…` (under `status.atProvider`) or `Status…` (elsewhere under `status`), so that the two
//! sides of a kind never compete for a name. Where two still do, the deeper one takes the name of its parent in front.
//! A name in `names.lock` comes before all of this, so that a new version of a provider renames nothing.

use std::collections::BTreeSet;

use planewright_definitions::model::Kind;

use super::intern::{Unnamed, UnnamedShape};
use super::{EnumVariant, Module, Profile, StructField, Ty, TypeDef, TypeShape};
use crate::ident;
use crate::lock::NamesLock;

/// Names that generated code uses from Rust's prelude.
const RESERVED: &[&str] = &[
    "Box",
    "Clone",
    "Debug",
    "Default",
    "Err",
    "From",
    "Into",
    "None",
    "Ok",
    "Option",
    "PartialEq",
    "Result",
    "Self",
    "Some",
    "String",
    "Vec",
];

/// Names that composite resources and claims use besides: of serde, and of the claim's own private types.
const RESERVED_WITH_SERDE: &[&str] = &["ApiVersion", "Deserialize", "IntoIterator", "KindName", "Serialize"];

/// The field of whole objects that every kind has.
const METADATA: &str = "metadata";
/// The field of open objects that takes what the schema does not name.
const EXTRA: &str = "extra";

fn is_reserved(name: &str, profile: Profile) -> bool {
    RESERVED.contains(&name) || (profile == Profile::Composite && RESERVED_WITH_SERDE.contains(&name))
}

pub(super) fn name(unnamed: Vec<Unnamed>, kind: &Kind, profile: Profile, lock: &NamesLock) -> Module {
    let root = unnamed.len() - 1;
    let mut order: Vec<usize> = (0..unnamed.len()).collect();
    order.sort_by_key(|&index| unnamed[index].paths[0].len());

    let root_name = root_name(&kind.kind, profile);
    let mut taken = BTreeSet::from([root_name.clone()]);
    let is_free = |name: &str, taken: &BTreeSet<String>| !is_reserved(name, profile) && !taken.contains(name);
    let mut names = vec![String::new(); unnamed.len()];
    names[root].clone_from(&root_name);

    let locked = lock.kind(&kind.group, &kind.version, &kind.kind);
    for &index in &order {
        let pinned = unnamed[index].paths.iter().find_map(|path| locked.and_then(|l| l.get(&path.join("."))));
        if let Some(pinned) = pinned.filter(|name| index != root && is_free(name, &taken)) {
            taken.insert(pinned.to_owned());
            names[index] = pinned.to_owned();
        }
    }
    for &index in &order {
        if names[index].is_empty() {
            names[index] = free(&unnamed[index].paths[0], |name| is_free(name, &taken));
            taken.insert(names[index].clone());
        }
    }

    // The order of the file is the order of naming: the outermost first.
    let mut place = vec![0; unnamed.len()];
    for (position, &index) in order.iter().enumerate() {
        place[index] = position;
    }
    let mut types: Vec<Option<TypeDef>> = (0..unnamed.len()).map(|_| None).collect();
    for (index, (unnamed, name)) in unnamed.into_iter().zip(names).enumerate() {
        let path = unnamed.paths[0].join(".");
        let own = if index == root { Some(METADATA) } else { None };
        types[place[index]] = Some(TypeDef { name, path, doc: unnamed.doc, shape: shape(unnamed.shape, own, &place) });
    }
    Module {
        group: kind.group.clone(),
        version: kind.version.clone(),
        kind: kind.kind.clone(),
        plural: kind.plural.clone(),
        scope: kind.scope,
        deprecated: kind.deprecated,
        name: root_name,
        module: ident::snake(&kind.kind),
        root: place[root],
        types: types.into_iter().flatten().collect(),
        requirements: kind.requirements.clone(),
    }
}

/// The Rust name of a kind's own struct.
pub(crate) fn root_name(kind: &str, profile: Profile) -> String {
    match ident::pascal(kind) {
        name if is_reserved(&name, profile) => format!("{name}_"),
        name => name,
    }
}

/// The shortest free name for the type that the field at `path` owns.
fn free(path: &[Box<str>], is_free: impl Fn(&str) -> bool) -> String {
    let (prefix, own) = match path.iter().map(|step| &**step).collect::<Vec<_>>().as_slice() {
        ["status", "atProvider", _, ..] => ("Observed", &path[2..]),
        ["status", _, _, ..] => ("Status", &path[1..]),
        ["spec", _, ..] => ("", &path[1..]),
        _ => ("", path),
    };
    for length in 1..=own.len() {
        let suffix: String = own[own.len() - length..].iter().map(|step| ident::pascal(step)).collect();
        let name = format!("{prefix}{suffix}");
        if is_free(&name) {
            return name;
        }
    }
    // Paths that differ only in where their words are split.
    let all: String = path.iter().map(|step| ident::pascal(step)).collect();
    format!("{all}X{}", ident::digest(&path.join(".")))
}

/// `own` is a field that the generated struct has besides those of the schema.
fn shape(shape: UnnamedShape, own: Option<&str>, place: &[usize]) -> TypeShape {
    match shape {
        UnnamedShape::Enum(texts) => {
            let idents = ident::variants(texts.iter().map(|t| &**t));
            let variants = texts.iter().zip(idents).map(|(wire, ident)| EnumVariant { wire: wire.clone(), ident });
            TypeShape::Enum(variants.collect())
        }
        UnnamedShape::Struct { fields, open } => {
            let own: Vec<&str> = own.into_iter().chain(open.then_some(EXTRA)).collect();
            let idents = ident::fields(fields.iter().map(|f| &*f.wire), &own);
            let fields = fields.into_iter().zip(idents);
            let fields = fields.map(|(field, ident)| StructField { ident, ty: moved(field.ty, place), ..field });
            TypeShape::Struct { fields: fields.collect(), open }
        }
    }
}

fn moved(ty: Ty, place: &[usize]) -> Ty {
    match ty {
        Ty::Named(index) => Ty::Named(place[index]),
        Ty::List(item, keys) => Ty::List(Box::new(moved(*item, place)), keys),
        Ty::Map(value) => Ty::Map(Box::new(moved(*value, place))),
        Ty::Nullable(inner) => Ty::Nullable(Box::new(moved(*inner, place))),
        other => other,
    }
}
