//! What the API server makes of an object before it judges it: nulls pruned, defaults filled, numbers normalised;
//! and, where asked (`fieldValidation=Warn`), unknown fields pruned.
//!
//! The rules are those of k8s.io/apiextensions-apiserver (`pkg/apiserver/schema/defaulting` and `pruning`).

use serde_json::{Map, Number, Value};

use crate::schema::{Schema, SchemaOrBool};
use crate::structural::{FieldPath, unknown_fields};

/// Prunes nulls, fills defaults and normalises numbers, in place, from the object's root down.
///
/// - A key with null goes unless its schema is `nullable`; then its default applies, if it has one. The same holds
///   for the values of maps. Items of lists are never pruned.
/// - Defaults apply inside objects, list items and map values that are there; a missing parent is made only by a
///   default of its own, which is then defaulted further. Empty lists, maps and objects are values.
/// - Numbers are those of the server's decoder: a float without a fraction becomes an integer (`1.0` → `1`,
///   `-0.0` → `0`), an integer beyond 64 signed bits becomes a float.
/// - In metadata, the object's own and that of embedded resources, what is null or empty goes.
///
/// Filling twice changes nothing.
pub fn fill(object: &mut Value, schema: &Schema) {
    fill_fields(object, schema);
    normalise_numbers(object);
}

/// As [`fill`], but numbers stay as they were written: `1` and `1.0` are two items of a set.
pub(crate) fn fill_fields(object: &mut Value, schema: &Schema) {
    drop_empty_metadata(object);
    default(object, schema);
    prune_nulls(object, schema);
}

/// Drops what is null or empty in the metadata of a resource: the server reads metadata into a typed `ObjectMeta`
/// and writes it without what is empty.
fn drop_empty_metadata(resource: &mut Value) {
    let metadata = match resource.get_mut("metadata") {
        Some(Value::Object(metadata)) => metadata,
        Some(null @ Value::Null) => {
            *null = Value::Object(Map::new());
            return;
        }
        _ => return,
    };
    metadata.retain(|_, value| match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(map) => !map.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    });
}

/// Removes the fields that the schema does not know, as the API server does under `fieldValidation=Warn`, and tells
/// their paths, sorted.
pub fn prune(object: &mut Value, schema: &Schema) -> Vec<FieldPath> {
    let unknown = unknown_fields(object, schema);
    for path in &unknown {
        path.remove_from(object);
    }
    unknown
}

/// The schema of a key: a property, or else the schema of any key.
pub(crate) fn child<'a>(schema: &'a Schema, key: &str) -> Option<&'a Schema> {
    match schema.additional_properties.as_deref() {
        Some(SchemaOrBool::Schema(any)) => Some(schema.properties.get(key).unwrap_or(any)),
        _ => schema.properties.get(key),
    }
}

/// A null that is not allowed to stand.
fn is_refused_null(value: &Value, schema: &Schema) -> bool {
    value.is_null() && !schema.nullable
}

fn default(value: &mut Value, schema: &Schema) {
    if schema.embedded_resource {
        drop_empty_metadata(value);
    }
    match value {
        Value::Object(map) => {
            for (key, property) in &schema.properties {
                let Some(default) = &property.default else { continue };
                match map.get_mut(&**key) {
                    None => drop(map.insert(key.to_string(), default.clone())),
                    Some(value) if is_refused_null(value, property) => *value = default.clone(),
                    Some(_) => {}
                }
            }
            for (key, value) in map.iter_mut() {
                let Some(below) = child(schema, key) else { continue };
                if is_refused_null(value, below)
                    && let Some(default) = &below.default
                {
                    *value = default.clone();
                }
                default(value, below);
            }
        }
        Value::Array(items) => {
            let Some(below) = schema.items.as_deref() else { return };
            for item in items {
                if is_refused_null(item, below)
                    && let Some(default) = &below.default
                {
                    *item = default.clone();
                }
                default(item, below);
            }
        }
        _ => {}
    }
}

fn prune_nulls(value: &mut Value, schema: &Schema) {
    match value {
        Value::Object(map) => {
            map.retain(|key, value| match child(schema, key) {
                Some(below) if is_refused_null(value, below) => false,
                Some(below) => {
                    prune_nulls(value, below);
                    true
                }
                None => true,
            });
        }
        Value::Array(items) => {
            if let Some(below) = schema.items.as_deref() {
                items.iter_mut().for_each(|item| prune_nulls(item, below));
            }
        }
        _ => {}
    }
}

pub(crate) fn normalise_numbers(value: &mut Value) {
    match value {
        Value::Number(number) => {
            if let Some(normal) = normalise(number) {
                *number = normal;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(normalise_numbers),
        Value::Object(map) => map.values_mut().for_each(normalise_numbers),
        _ => {}
    }
}

/// The number as the API server stores it, where that is another one.
fn normalise(number: &Number) -> Option<Number> {
    if number.is_i64() {
        return None;
    }
    let float = number.as_f64()?;
    // The server writes integers up to 10^21 without an exponent; of those, the ones of 64 signed bits are integers
    // here. The bounds are exact as floats, and `as` is exact between them.
    const BOUND: f64 = 9_223_372_036_854_775_808.0;
    if float.fract() == 0.0 && (-BOUND..BOUND).contains(&float) {
        return Some(Number::from(float as i64));
    }
    if number.is_f64() { None } else { Number::from_f64(float) }
}
