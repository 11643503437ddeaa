//! Defaults: each must be a value that its own schema takes, and keep every field when pruned.

use serde_json::Value;

use super::value;
use crate::refusal::{Path, Refusals, Stage};
use crate::schema::{Schema, SchemaOrBool};

/// Every default of the schema at `path` that the API server refuses. CEL rules are not evaluated.
pub(super) fn check(schema: &Schema, path: &Path, refusals: &mut Refusals) {
    node(schema, path, true, false, refusals);
}

fn node(schema: &Schema, path: &Path, resource: bool, in_metadata: bool, refusals: &mut Refusals) {
    let resource = resource || schema.embedded_resource;
    let in_metadata = in_metadata && !schema.embedded_resource;
    if let Some(default) = &schema.default {
        let at = path.child("default");
        if !in_metadata && is_pruned(default, schema) {
            let reason = format!("Invalid value: {default}: must not have unknown fields");
            let remedy = "declare the fields, or remove them from the default: they would be dropped";
            refusals.add(Stage::Core, &at, reason, remedy);
        }
        if schema.embedded_resource && !in_metadata {
            embedded(default, &at, refusals);
        }
        for fault in value::faults(default, schema, &at) {
            refusals.add(Stage::Core, &fault.path, fault.reason, "make the default a value that the schema allows");
        }
    }
    // Defaults below additionalProperties are applied to null values alone, and Kubernetes checks none of them.
    if let Some(items) = schema.items.as_deref() {
        node(items, &path.child("items"), false, in_metadata, refusals);
    }
    for (name, property) in &schema.properties {
        let metadata = in_metadata || resource && matches!(name.as_ref(), "metadata" | "apiVersion" | "kind");
        node(property, &path.property(name), false, metadata, refusals);
    }
}

/// Whether pruning would take something from the value.
fn is_pruned(value: &Value, schema: &Schema) -> bool {
    if schema.preserve_unknown_fields == Some(true) {
        return match value {
            Value::Object(fields) => fields.iter().any(|(key, value)| {
                schema.properties.get(key.as_str()).is_some_and(|property| is_pruned(value, property))
            }),
            Value::Array(items) => {
                schema.items.as_deref().is_some_and(|schema| items.iter().any(|item| is_pruned(item, schema)))
            }
            _ => false,
        };
    }
    match value {
        Value::Object(fields) => fields.iter().any(|(key, value)| {
            if schema.embedded_resource && matches!(key.as_str(), "metadata" | "apiVersion" | "kind") {
                return false;
            }
            match (schema.properties.get(key.as_str()), schema.additional_properties.as_deref()) {
                (Some(property), _) => is_pruned(value, property),
                (None, Some(SchemaOrBool::Schema(values))) => is_pruned(value, values),
                (None, Some(SchemaOrBool::Bool(_))) => has_fields(value),
                (None, None) => true,
            }
        }),
        Value::Array(items) => match schema.items.as_deref() {
            Some(schema) => items.iter().any(|item| is_pruned(item, schema)),
            None => items.iter().any(has_fields),
        },
        _ => false,
    }
}

/// Whether anything is taken from a value of which no schema is known.
fn has_fields(value: &Value) -> bool {
    match value {
        Value::Object(fields) => !fields.is_empty(),
        Value::Array(items) => items.iter().any(has_fields),
        _ => false,
    }
}

/// An embedded resource says what it is.
fn embedded(default: &Value, at: &Path, refusals: &mut Refusals) {
    let Value::Object(fields) = default else { return };
    for name in ["apiVersion", "kind"] {
        let (reason, remedy) = match fields.get(name) {
            None => ("Required value".to_owned(), format!("set {name} in the default")),
            Some(Value::String(text)) if text.is_empty() => {
                ("Invalid value: \"\": must not be empty".to_owned(), format!("set {name} in the default"))
            }
            Some(Value::String(_)) => continue,
            Some(other) => (format!("Invalid value: {other}: must be a string"), "quote it".to_owned()),
        };
        refusals.add(Stage::Core, &at.child(name), reason, remedy);
    }
}
