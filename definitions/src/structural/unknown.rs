//! Fields that a schema does not know.

use serde_json::{Map, Value};

use super::remedy::{list, nearest};
use super::{FieldPath, Step, Violation};
use crate::defaulting::child;
use crate::schema::{Schema, SchemaOrBool};

/// The paths of the fields that the schema does not know, sorted. Below an unknown field nothing is listed.
///
/// `apiVersion`, `kind` and `metadata` are known at the root and in embedded resources, whatever the schema says; in
/// metadata, the fields of Kubernetes' `ObjectMeta` are. An object where a scalar belongs has only unknown keys.
pub fn unknown_fields(object: &Value, schema: &Schema) -> Vec<FieldPath> {
    let mut search = Search { path: FieldPath::default(), found: Vec::new() };
    search.value(object, schema, true);
    search.found.sort();
    search.found
}

const OBJECT_META: [&str; 15] = [
    "name",
    "generateName",
    "namespace",
    "selfLink",
    "uid",
    "resourceVersion",
    "generation",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "labels",
    "annotations",
    "ownerReferences",
    "finalizers",
    "managedFields",
];

struct Search {
    path: FieldPath,
    found: Vec<FieldPath>,
}

impl Search {
    fn value(&mut self, value: &Value, schema: &Schema, is_resource: bool) {
        match value {
            Value::Object(map) => self.object(map, schema, is_resource),
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.path.push(Step::Item(index));
                    match schema.items.as_deref() {
                        Some(below) => self.value(item, below, below.embedded_resource),
                        None if allows_any(schema) => {}
                        None => self.value(item, &Schema::default(), false),
                    }
                    self.path.pop();
                }
            }
            _ => {}
        }
    }

    fn object(&mut self, map: &Map<String, Value>, schema: &Schema, is_resource: bool) {
        let is_resource = is_resource || schema.embedded_resource;
        for (key, value) in map {
            self.path.push(Step::Key(key.clone()));
            match (key.as_str(), child(schema, key)) {
                ("apiVersion" | "kind", _) if is_resource => {}
                ("metadata", _) if is_resource => self.metadata(value),
                (_, Some(below)) => self.value(value, below, false),
                // `additionalProperties: true` lets any key in, but knows no fields below it.
                _ if matches!(schema.additional_properties.as_deref(), Some(SchemaOrBool::Bool(_)))
                    && schema.preserve_unknown_fields != Some(true) =>
                {
                    self.value(value, &Schema::default(), false);
                }
                _ if allows_any(schema) => {}
                _ => self.found.push(self.path.clone()),
            }
            self.path.pop();
        }
    }

    fn metadata(&mut self, metadata: &Value) {
        for key in metadata.as_object().into_iter().flat_map(Map::keys) {
            if !OBJECT_META.contains(&key.as_str()) {
                self.found.push(self.path.key(key));
            }
        }
    }
}

/// Whether keys without a schema may stand in an object of this schema.
fn allows_any(schema: &Schema) -> bool {
    schema.preserve_unknown_fields == Some(true)
        || schema.reference.is_some()
        || schema.type_.as_deref().is_some_and(|name| !is_type(name))
}

/// Whether a `type` is one that structural schemas know.
pub(super) fn is_type(name: &str) -> bool {
    matches!(name, "object" | "array" | "string" | "integer" | "number" | "boolean")
}

/// What to say of an unknown field.
pub(super) fn violation(path: FieldPath, schema: &Schema) -> Violation {
    let Some((Step::Key(name), parents)) = path.steps().split_last() else {
        return Violation { path, reason: "unknown field".to_owned(), remedy: String::new() };
    };
    let parent = parents.iter().try_fold(schema, |schema, step| match step {
        Step::Key(key) => child(schema, key),
        Step::Item(_) => schema.items.as_deref(),
    });
    let in_metadata = matches!(parents.last(), Some(Step::Key(key)) if key == "metadata");
    let mut known: Vec<&str> =
        parent.map(|schema| schema.properties.keys().map(|key| &**key).collect()).unwrap_or_default();
    if in_metadata && (parents.len() == 1 || parent.is_none_or(|schema| schema.properties.is_empty())) {
        known = OBJECT_META.to_vec();
    }
    let is_scalar = parent.and_then(|schema| schema.type_.as_deref()).filter(|name| *name != "object");
    let (reason, remedy) = match (is_scalar, nearest(name, &known)) {
        (Some(scalar), _) if known.is_empty() => (
            format!("unknown field `{name}`: a mapping stands where {} belongs", super::remedy::a_type(scalar)),
            format!("write {} instead of the mapping", super::remedy::a_type(scalar)),
        ),
        (_, Some(right)) => (format!("unknown field `{name}`"), format!("did you mean `{right}`?")),
        (_, None) if known.is_empty() => {
            (format!("unknown field `{name}`"), "remove it; no field can stand here".to_owned())
        }
        (_, None) => {
            known.sort_unstable();
            (format!("unknown field `{name}`"), format!("remove it; the fields here are {}", list(&known)))
        }
    };
    Violation { path, reason, remedy }
}
