//! An XRD as an object: what the API server says to `kubectl apply`.

use serde_json::{Map, Value};

use super::xrd_schema::{Api, schema};
use super::{naming, value};
use crate::refusal::{Path, Refusals, Stage};
use crate::schema::{Schema, SchemaOrBool};
use crate::{xcrd, xrd};

/// The fields of `metadata` that Kubernetes knows.
const METADATA: [&str; 15] = [
    "annotations",
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "finalizers",
    "generateName",
    "generation",
    "labels",
    "managedFields",
    "name",
    "namespace",
    "ownerReferences",
    "resourceVersion",
    "selfLink",
    "uid",
];

/// Checks an XRD, and gives it as it would be stored: without nulls, with defaults, with numbers as etcd holds them.
pub(super) fn check(raw: &Value, refusals: &mut Refusals) -> Option<Value> {
    let mut check = Check { refusals };
    let api = check.api(raw)?;
    let schema = schema(api);
    check.unknown_fields(raw, &schema, "");
    let mut stored = raw.clone();
    xcrd::stored_numbers(&mut stored);
    prune_nulls(&mut stored, &schema);
    default(&mut stored, &schema);
    check.metadata(&stored);
    let before = check.refusals.0.len();
    for fault in value::faults(&stored, &schema, &Path::default()) {
        let remedy = match fault.reason.split(':').next() {
            Some("Required value") => "add the field",
            Some("Unsupported value") => "choose one of the supported values",
            Some("Too long") => "shorten it",
            _ => "correct the value",
        };
        check.refuse(&fault.path, fault.reason, remedy);
    }
    // The rules of the XRD's own CRD are only evaluated on what its schema takes.
    if check.refusals.0.len() == before {
        check.rules(&stored, api);
    }
    Some(stored)
}

struct Check<'a> {
    refusals: &'a mut Refusals,
}

impl Check<'_> {
    fn refuse(&mut self, path: &Path, reason: impl Into<String>, remedy: impl Into<String>) {
        self.refusals.add(Stage::Apply, path, reason, remedy);
    }

    fn api(&mut self, raw: &Value) -> Option<Api> {
        let Value::Object(fields) = raw else {
            self.refuse(&Path::default(), "Invalid value: an object is required", "start with apiVersion and kind");
            return None;
        };
        let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
        let api = match text("apiVersion") {
            xrd::V1 => Some(Api::V1),
            xrd::V2 => Some(Api::V2),
            other => {
                let reason = format!("Invalid value: {other:?}: no version of the XRD API");
                self.refuse(&Path::new("apiVersion"), reason, format!("set {} or {}", xrd::V2, xrd::V1));
                None
            }
        };
        let kind = text("kind");
        if kind != xrd::KIND {
            let reason = format!("Invalid value: {kind:?}: must be {}", xrd::KIND);
            self.refuse(&Path::new("kind"), reason, format!("set kind: {}", xrd::KIND));
            return None;
        }
        api
    }

    /// Strict decoding: every field must be known.
    fn unknown_fields(&mut self, value: &Value, schema: &Schema, at: &str) {
        if schema.preserve_unknown_fields == Some(true) {
            return;
        }
        match value {
            Value::Object(fields) => {
                for (key, value) in fields {
                    let path = if at.is_empty() { key.clone() } else { format!("{at}.{key}") };
                    match (schema.properties.get(key.as_str()), schema.additional_properties.as_deref()) {
                        (Some(property), _) => self.unknown_fields(value, property, &path),
                        (None, Some(SchemaOrBool::Schema(values))) => self.unknown_fields(value, values, &path),
                        _ => {
                            let reason = format!("strict decoding error: unknown field {path:?}");
                            let remedy = "remove it, or correct its name: names are case sensitive";
                            self.refuse(&Path::new(&path), reason, remedy);
                        }
                    }
                }
            }
            Value::Array(items) => {
                let nothing = Schema::default();
                let schema = schema.items.as_deref().unwrap_or(&nothing);
                for (i, item) in items.iter().enumerate() {
                    self.unknown_fields(item, schema, &format!("{at}[{i}]"));
                }
            }
            _ => {}
        }
    }

    fn metadata(&mut self, raw: &Value) {
        let path = Path::new("metadata");
        let nothing = Map::new();
        let metadata = match raw.get("metadata") {
            Some(Value::Object(metadata)) => metadata,
            None => &nothing,
            Some(other) => {
                self.refuse(
                    &path,
                    format!("Invalid value: {other}: must be an object"),
                    "write name: PLURAL.GROUP below it",
                );
                return;
            }
        };
        for key in metadata.keys().filter(|key| !METADATA.contains(&key.as_str())) {
            let reason = format!("strict decoding error: unknown field \"metadata.{key}\"");
            self.refuse(&path.child(key), reason, "remove it, or correct its name");
        }
        match metadata.get("name") {
            Some(Value::String(name)) => {
                if let Some(wrong) = naming::dns_subdomain(name) {
                    let reason = format!("Invalid value: {name:?}: {wrong}");
                    self.refuse(&path.child("name"), reason, "name it <plural>.<group>, all in lower case");
                }
            }
            Some(Value::Null) | None => {
                let reason = "Required value: name or generateName is required";
                self.refuse(&path.child("name"), reason, "name it <plural>.<group>");
            }
            Some(other) => {
                let reason = format!("Invalid value: {other}: must be a string");
                self.refuse(&path.child("name"), reason, "name it <plural>.<group>");
            }
        }
        self.annotations(metadata, &path);
        for (key, value) in self.texts(metadata, "labels", &path) {
            let path = path.child("labels");
            if let Some(wrong) = naming::qualified_name(&key) {
                self.refuse(&path, format!("Invalid value: {key:?}: {wrong}"), "correct the key of the label");
            }
            if let Some(wrong) = naming::label_value(&value) {
                let reason = format!("Invalid value: {value:?}: {wrong}");
                self.refuse(&path, reason, format!("correct the value of the label {key:?}"));
            }
        }
    }

    fn annotations(&mut self, metadata: &Map<String, Value>, path: &Path) {
        let all = self.texts(metadata, "annotations", path);
        let path = path.child("annotations");
        for (key, _) in &all {
            if let Some(wrong) = naming::qualified_name(&key.to_lowercase()) {
                self.refuse(&path, format!("Invalid value: {key:?}: {wrong}"), "correct the key of the annotation");
            }
        }
        if let Some(wrong) =
            naming::annotations_too_large(all.iter().map(|(key, value)| (key.as_str(), value.as_str())))
        {
            self.refuse(&path, wrong, "shorten the annotations");
        }
    }

    /// A map of strings in `metadata`.
    fn texts(&mut self, metadata: &Map<String, Value>, name: &str, path: &Path) -> Vec<(String, String)> {
        let path = path.child(name);
        match metadata.get(name) {
            Some(Value::Object(fields)) => {
                let mut found = Vec::with_capacity(fields.len());
                for (key, value) in fields {
                    match value {
                        Value::String(text) => found.push((key.clone(), text.clone())),
                        Value::Null => found.push((key.clone(), String::new())),
                        other => {
                            let reason = format!("Invalid value: {other}: must be a string");
                            self.refuse(&path.key(key), reason, "quote it");
                        }
                    }
                }
                found
            }
            Some(Value::Null) | None => Vec::new(),
            Some(other) => {
                let reason = format!("Invalid value: {other}: must be a map of strings");
                self.refuse(&path, reason, "write one `key: value` a line below it");
                Vec::new()
            }
        }
    }

    /// The CEL rules of the XRD's own CRD.
    fn rules(&mut self, stored: &Value, api: Api) {
        let path = Path::new("spec");
        let Some(spec) = stored.get("spec") else { return };
        let has = |name: &str| spec.get(name).is_some();
        let legacy = spec.get("scope").and_then(Value::as_str) == Some("LegacyCluster");
        let rules = match api {
            Api::V1 => [
                ("claimNames", "Only LegacyCluster composite resources can offer claims"),
                ("connectionSecretKeys", "Only LegacyCluster composite resources support connection secrets"),
            ],
            Api::V2 => [
                ("claimNames", "Claims aren't supported in apiextensions.crossplane.io/v2"),
                ("connectionSecretKeys", "XR connection secrets aren't supported in apiextensions.crossplane.io/v2"),
            ],
        };
        for (field, rule) in rules {
            if has(field) && !(api == Api::V1 && legacy) {
                let remedy = format!("remove {field}, or define the XR with {} and scope: LegacyCluster", xrd::V1);
                self.refuse(&path, format!("Invalid value: {rule}"), remedy);
            }
        }
        // v2 leaves the names of claims unchecked: it has none.
        let with_names: &[&str] = if api == Api::V1 { &["names", "claimNames"] } else { &["names"] };
        for field in with_names {
            for (name, rule) in
                [("plural", "Plural name must be lowercase"), ("singular", "Singular name must be lowercase")]
            {
                let text =
                    spec.get(*field).and_then(|names| names.get(name)).and_then(Value::as_str).unwrap_or_default();
                if text.chars().any(|c| c.is_ascii_uppercase()) {
                    let remedy = format!("write {}", text.to_ascii_lowercase());
                    self.refuse(&path.child(field), format!("Invalid value: {rule}"), remedy);
                }
            }
        }
        if let (Api::V1, Some(conversion)) = (api, spec.get("conversion")) {
            let webhook = conversion.get("strategy").and_then(Value::as_str) == Some("Webhook");
            if !webhook || conversion.get("webhook").is_none() {
                self.refuse(
                    &path.child("conversion"),
                    "Invalid value: Webhook configuration is required when conversion strategy is Webhook",
                    "set strategy: Webhook with a webhook, or remove conversion: v1 does not take strategy: None",
                );
            }
        }
    }
}

/// Nulls count as absent where the schema does not allow them, which is everywhere in an XRD but in its schemas.
fn prune_nulls(value: &mut Value, schema: &Schema) {
    match value {
        Value::Object(fields) => {
            fields.retain(|key, value| !value.is_null() || child(schema, key).is_none_or(|schema| schema.nullable));
            for (key, value) in fields.iter_mut() {
                if let Some(schema) = child(schema, key) {
                    prune_nulls(value, schema);
                }
            }
        }
        Value::Array(items) => {
            if let Some(schema) = schema.items.as_deref() {
                items.iter_mut().for_each(|item| prune_nulls(item, schema));
            }
        }
        _ => {}
    }
}

/// Fills in the defaults of the fields of objects that are there.
fn default(value: &mut Value, schema: &Schema) {
    match value {
        Value::Object(fields) => {
            for (name, property) in &schema.properties {
                if let Some(default) = &property.default {
                    fields.entry(name.as_ref()).or_insert_with(|| default.clone());
                }
            }
            for (key, value) in fields.iter_mut() {
                if let Some(schema) = child(schema, key) {
                    default(value, schema);
                }
            }
        }
        Value::Array(items) => {
            if let Some(schema) = schema.items.as_deref() {
                items.iter_mut().for_each(|item| default(item, schema));
            }
        }
        _ => {}
    }
}

fn child<'a>(schema: &'a Schema, key: &str) -> Option<&'a Schema> {
    schema.properties.get(key).or(match schema.additional_properties.as_deref() {
        Some(SchemaOrBool::Schema(values)) => Some(values),
        _ => None,
    })
}
