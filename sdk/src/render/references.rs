//! The references of a composite resource to its composed resources: `spec.crossplane.resourceRefs`, which Crossplane
//! persists before it applies anything, and by which it finds what it composed.

use serde_json::{Map, Value};

/// References to objects, in their order. A namespaced composite resource composes in its own namespace alone, and its
/// references do not name it.
pub(crate) fn to<'a>(objects: impl Iterator<Item = &'a Value>, namespaced: bool) -> Vec<Value> {
    let reference = |object: &Value| {
        let mut reference = Map::new();
        let fields = [("apiVersion", "/apiVersion"), ("kind", "/kind"), ("name", "/metadata/name")];
        let namespace = (!namespaced).then_some(("namespace", "/metadata/namespace"));
        for (field, pointer) in fields.into_iter().chain(namespace) {
            if let Some(text) = object.pointer(pointer).and_then(Value::as_str).filter(|text| !text.is_empty()) {
                reference.insert(field.to_owned(), text.into());
            }
        }
        Value::Object(reference)
    };
    objects.map(reference).collect()
}

/// The references that Crossplane persists, in its order.
pub(crate) fn persisted<'a>(desired: impl Iterator<Item = &'a Value>, namespaced: bool) -> Vec<Value> {
    let mut references = to(desired, namespaced);
    references.sort_by_cached_key(|reference| {
        let text = |field: &str| reference.get(field).and_then(Value::as_str).unwrap_or_default();
        ["apiVersion", "kind", "name", "namespace"].map(text).concat()
    });
    references
}

/// Sets the references of a composite resource, where its scope keeps them. What stands there instead of an object gives
/// way.
pub(crate) fn set(composite: &mut Map<String, Value>, references: Vec<Value>, legacy: bool) {
    let references = Value::Array(references);
    within(composite, "spec", |spec| {
        if legacy {
            spec.insert("resourceRefs".to_owned(), references);
        } else {
            within(spec, "crossplane", |machinery| drop(machinery.insert("resourceRefs".to_owned(), references)));
        }
    });
}

/// Changes the object under a field, which is made if there is none.
fn within(map: &mut Map<String, Value>, field: &str, change: impl FnOnce(&mut Map<String, Value>)) {
    let value = map.entry(field).or_insert(Value::Null);
    let mut object = match value.take() {
        Value::Object(object) => object,
        _ => Map::new(),
    };
    change(&mut object);
    *value = Value::Object(object);
}
