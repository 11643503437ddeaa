//! What Kubernetes demands of every node of a CRD's schema beside structure: keywords, list types, defaults' places.

use super::rules;
use crate::refusal::{Path, Refusals, Stage};
use crate::schema::{Schema, SchemaOrBool};

const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];
const METADATA: [&str; 3] = ["metadata", "kind", "apiVersion"];

/// Every reason for which the schema at `path` is refused, structure and defaults apart.
pub(super) fn check(schema: &Schema, path: &Path, refusals: &mut Refusals) {
    Check { refusals }.node(schema, path, &Context { root: true, ..Context::default() });
}

/// What the ancestors of a node say about it.
#[derive(Clone, Default)]
struct Context {
    root: bool,
    in_metadata: bool,
    /// Why it must not have a default.
    no_default: Option<String>,
}

struct Check<'a> {
    refusals: &'a mut Refusals,
}

impl Check<'_> {
    fn refuse(&mut self, path: &Path, reason: &str, remedy: &str) {
        self.refusals.add(Stage::Core, path, reason, remedy);
    }

    fn node(&mut self, schema: &Schema, path: &Path, context: &Context) {
        self.keywords(schema, path, context);
        if let Some(additional) = schema.additional_properties.as_deref() {
            let path = path.child("additionalProperties");
            if !schema.properties.is_empty() && *additional != SchemaOrBool::Bool(true) {
                self.refuse(
                    &path,
                    "Forbidden: additionalProperties and properties are mutual exclusive",
                    "an object has either known fields (properties) or any keys (additionalProperties)",
                );
            }
            if let SchemaOrBool::Schema(values) = additional {
                let mut context = Context { root: false, ..context.clone() };
                if context.in_metadata {
                    let reason = "inside additionalProperties applying to object metadata";
                    context.no_default = Some(reason.to_owned());
                }
                self.node(values, &path, &context);
            }
        }
        for (name, property) in &schema.properties {
            let mut below = Context { root: false, ..context.clone() };
            if (context.root || schema.embedded_resource) && METADATA.contains(&name.as_ref()) {
                below.in_metadata = true;
                if context.root {
                    below.no_default = Some(format!("in top-level {name}"));
                }
            }
            self.node(property, &path.property(name), &below);
        }
        let below = Context { root: false, ..context.clone() };
        for (schemas, keyword) in [(&schema.all_of, "allOf"), (&schema.one_of, "oneOf"), (&schema.any_of, "anyOf")] {
            for (i, part) in schemas.iter().enumerate() {
                self.node(part, &path.child(keyword).index(i), &below);
            }
        }
        for (part, keyword) in [(&schema.not, "not"), (&schema.items, "items")] {
            if let Some(part) = part.as_deref() {
                self.node(part, &path.child(keyword), &below);
            }
        }
        self.map_type(schema, path);
        self.list_type(schema, path);
        self.list_map(schema, path);
        self.unique_items(schema, path);
        rules::check(schema, path, self.refusals);
    }

    fn keywords(&mut self, schema: &Schema, path: &Path, context: &Context) {
        let type_ = schema.type_.as_deref().unwrap_or_default();
        if !type_.is_empty() && !TYPES.contains(&type_) {
            let supported = TYPES.map(|name| format!("{name:?}")).join(", ");
            let reason = format!("Unsupported value: {type_:?}: supported values: {supported}");
            self.refuse(&path.child("type"), &reason, "set one of these types");
        }
        if type_ == "null" {
            self.refuse(
                &path.child("type"),
                "Forbidden: type cannot be set to null, use nullable as an alternative",
                "set the type of the other values and nullable: true",
            );
        }
        if let (Some(_), Some(why)) = (&schema.default, &context.no_default) {
            let reason = format!("Forbidden: must not be set {why}");
            self.refuse(&path.child("default"), &reason, "remove the default");
        }
        if schema.id.as_deref().is_some_and(|id| !id.is_empty()) {
            self.refuse(&path.child("id"), "Forbidden: id is not supported", "remove it");
        }
        if schema.dialect.as_deref().is_some_and(|dialect| !dialect.is_empty()) {
            let reason = "Invalid value: \"\": OpenAPIV3Schema 'schema' is not supported";
            self.refuse(&path.child("$schema"), reason, "remove it");
        }
        if context.root && schema.nullable {
            let reason = "Forbidden: nullable cannot be true at the root";
            self.refuse(&path.child("nullable"), reason, "remove it");
        }
        if context.in_metadata && schema.embedded_resource {
            let reason = "Forbidden: must not be used inside of resource meta";
            self.refuse(&path.child("x-kubernetes-embedded-resource"), reason, "remove it");
        }
        if schema.unique_items {
            self.refuse(
                &path.child("uniqueItems"),
                "Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic",
                "use x-kubernetes-list-type: set",
            );
        }
        if schema.preserve_unknown_fields == Some(false) {
            let reason = "Invalid value: false: must be true or undefined";
            self.refuse(&path.child("x-kubernetes-preserve-unknown-fields"), reason, "remove it");
        }
    }

    fn typed(&mut self, schema: &Schema, path: &Path, expected: &str, keyword: &str) -> bool {
        let type_ = schema.type_.as_deref().unwrap_or_default();
        if type_ == expected {
            return true;
        }
        let rule = format!("must be {expected} if {keyword} is specified");
        let reason = if type_.is_empty() {
            format!("Required value: {rule}")
        } else {
            format!("Invalid value: {type_:?}: {rule}")
        };
        self.refuse(&path.child("type"), &reason, &format!("set type: {expected}, or remove {keyword}"));
        false
    }

    fn map_type(&mut self, schema: &Schema, path: &Path) {
        let Some(kind) = schema.map_type.as_deref() else { return };
        let keyword = "x-kubernetes-map-type";
        self.typed(schema, path, "object", keyword);
        if !matches!(kind, "atomic" | "granular") {
            let reason = format!("Unsupported value: {kind:?}: supported values: \"atomic\", \"granular\"");
            self.refuse(&path.child(keyword), &reason, "set one of these");
        }
    }

    fn list_type(&mut self, schema: &Schema, path: &Path) {
        let Some(kind) = schema.list_type.as_deref() else { return };
        let keyword = "x-kubernetes-list-type";
        if self.typed(schema, path, "array", keyword)
            && kind == "set"
            && let Some(items) = schema.items.as_deref()
        {
            let path = path.child("items");
            // The API server prints the list type of the items, here and below; an unset one is null.
            let shown = items.list_type.as_deref().map_or("null".to_owned(), |name| format!("{name:?}"));
            let reason =
                format!("Invalid value: {shown}: must be atomic as item of a list with x-kubernetes-list-type=set");
            let atomic = |name: &Option<Box<str>>| name.as_deref() == Some("atomic");
            match items.type_.as_deref() {
                Some("array") if items.list_type.is_some() && !atomic(&items.list_type) => {
                    self.refuse(&path.child(keyword), &reason, "set it to atomic");
                }
                Some("object") if !atomic(&items.map_type) => {
                    let remedy = "set it to atomic on the items, or make the list a map (x-kubernetes-list-type: map)";
                    self.refuse(&path.child("x-kubernetes-map-type"), &reason, remedy);
                }
                _ => {}
            }
        }
        if !matches!(kind, "atomic" | "set" | "map") {
            let reason = format!("Unsupported value: {kind:?}: supported values: \"atomic\", \"set\", \"map\"");
            self.refuse(&path.child(keyword), &reason, "set one of these");
        }
    }

    fn list_map(&mut self, schema: &Schema, path: &Path) {
        let kind = schema.list_type.as_deref();
        let keys_path = path.child("x-kubernetes-list-map-keys");
        let list_path = path.child("x-kubernetes-list-type");
        if !schema.list_map_keys.is_empty() && kind != Some("map") {
            let rule = "must be map if x-kubernetes-list-map-keys is non-empty";
            let reason = match kind {
                None => format!("Required value: {rule}"),
                Some(kind) => format!("Invalid value: {kind:?}: {rule}"),
            };
            self.refuse(&list_path, &reason, "set x-kubernetes-list-type: map, or remove the keys");
        }
        if kind != Some("map") {
            return;
        }
        if schema.list_map_keys.is_empty() {
            self.refuse(
                &keys_path,
                "Required value: must not be empty if x-kubernetes-list-type is map",
                "name the properties of an item that identify it",
            );
        }
        let Some(items) = schema.items.as_deref() else {
            let reason = "Required value: must have a schema if x-kubernetes-list-type is map";
            self.refuse(&path.child("items"), reason, "give the items a schema of type object");
            return;
        };
        let items_path = path.child("items");
        let type_ = items.type_.as_deref().unwrap_or_default();
        if type_ != "object" {
            let reason =
                format!("Invalid value: {type_:?}: must be object if parent array's x-kubernetes-list-type is map");
            self.refuse(&items_path.child("type"), &reason, "make the items objects, or the list a set");
            return;
        }
        let shown =
            format!("[{}]", schema.list_map_keys.iter().map(|k| format!("{k:?}")).collect::<Vec<_>>().join(","));
        for (i, key) in schema.list_map_keys.iter().enumerate() {
            match items.properties.get(key) {
                Some(property) if matches!(property.type_.as_deref(), Some("array" | "object")) => {
                    let reason = "Invalid value: \"object\": must be a scalar type if parent array's \
                                  x-kubernetes-list-type is map";
                    let remedy = "a key is a string, a number or a boolean: choose another property";
                    self.refuse(&items_path.property(key).child("type"), reason, remedy);
                }
                Some(_) => {}
                None => {
                    let reason = format!("Invalid value: {shown}: entries must all be names of item properties");
                    self.refuse(
                        &keys_path,
                        &reason,
                        &format!("declare the property {key:?} of the items, or remove the key"),
                    );
                }
            }
            if schema.list_map_keys.iter().take(i).any(|other| other == key) {
                let reason = format!("Invalid value: {shown}: must not contain duplicate entries");
                self.refuse(&keys_path, &reason, "name each key once");
            }
        }
    }

    /// Items of sets and maps are identified by a value, which must be there.
    fn unique_items(&mut self, schema: &Schema, path: &Path) {
        let (Some(items), Some(kind @ ("set" | "map"))) = (schema.items.as_deref(), schema.list_type.as_deref()) else {
            return;
        };
        let path = path.child("items");
        if items.nullable {
            let reason = format!("Forbidden: cannot be nullable when x-kubernetes-list-type is {kind}");
            self.refuse(&path.child("nullable"), &reason, "remove nullable from the items");
        }
        if kind != "map" {
            return;
        }
        for key in &schema.list_map_keys {
            let Some(property) = items.properties.get(key) else { continue };
            let path = path.property(key);
            let why = "this property is in x-kubernetes-list-map-keys, so it";
            if !items.required.contains(key) && property.default.is_none() {
                let reason = format!("Required value: {why} must have a default or be a required property");
                self.refuse(&path.child("default"), &reason, &format!("add {key:?} to required of the items"));
            }
            if property.nullable {
                let reason = format!("Forbidden: {why} cannot be nullable");
                self.refuse(&path.child("nullable"), &reason, "remove nullable");
            }
        }
    }
}
