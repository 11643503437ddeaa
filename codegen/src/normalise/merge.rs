//! One struct for `forProvider` and `initProvider`.

use planewright_definitions::model::{Field, Object, Type};

use super::is_object;

/// The same object, with `spec.forProvider` and `spec.initProvider` having the union of their fields.
///
/// In every known provider `initProvider` is a part of `forProvider`. Where the two contradict each other, both stay as
/// they are and become two structs.
pub(super) fn init_into_for_provider(root: &Object) -> Object {
    let mut root = root.clone();
    let Some(Type::Object(spec)) = root.fields.iter_mut().find(|f| &*f.name == "spec").map(|f| &mut f.ty) else {
        return root;
    };
    let position = |name: &str| spec.fields.iter().position(|f| &*f.name == name && is_object(&f.ty));
    if let (Some(fp), Some(ip)) = (position("forProvider"), position("initProvider"))
        && let Some(merged) = union_type(&spec.fields[fp].ty, &spec.fields[ip].ty)
    {
        spec.fields[fp].ty = merged.clone();
        spec.fields[ip].ty = merged;
    }
    root
}

fn union(a: &Object, b: &Object) -> Option<Object> {
    let mut fields = Vec::with_capacity(a.fields.len());
    for field in &a.fields {
        let ty = match b.field(&field.name) {
            Some(other) => union_type(&field.ty, &other.ty)?,
            None => field.ty.clone(),
        };
        fields.push(Field { ty, ..field.clone() });
    }
    // A field that only `initProvider` has is nothing that `forProvider` requires.
    fields
        .extend(b.fields.iter().filter(|f| a.field(&f.name).is_none()).map(|f| Field { required: false, ..f.clone() }));
    Some(Object { doc: a.doc.clone(), fields, open: a.open || b.open })
}

fn union_type(a: &Type, b: &Type) -> Option<Type> {
    Some(match (a, b) {
        (Type::Object(a), Type::Object(b)) => Type::Object(Box::new(union(a, b)?)),
        (Type::List(a, kind), Type::List(b, _)) => Type::List(Box::new(union_type(a, b)?), kind.clone()),
        (Type::Map(a), Type::Map(b)) => Type::Map(Box::new(union_type(a, b)?)),
        (Type::Nullable(a), Type::Nullable(b)) => Type::Nullable(Box::new(union_type(a, b)?)),
        _ => (a == b).then(|| a.clone())?,
    })
}
