//! Structural schemas: what Kubernetes demands of the shape of a CRD's schema, so that it can prune and default.

use indexmap::IndexMap;

use super::pattern;
use crate::refusal::{Path, Refusals, Stage};
use crate::schema::{Schema, SchemaOrBool};

/// Where a schema stands.
#[derive(Clone, Copy, PartialEq)]
enum Level {
    Root,
    Item,
    Field,
}

const OUTSIDE: &str = "declare it outside of anyOf, oneOf, allOf and not, where only constraints of values may stand";

/// Every reason for which the schema at `path` is not structural.
pub(super) fn check(schema: &Schema, path: &Path, refusals: &mut Refusals) {
    let mut check = Check { refusals };
    check.invariants(schema, Level::Root, path);
    check.values_complete(schema, schema, path, path);
}

struct Check<'a> {
    refusals: &'a mut Refusals,
}

impl Check<'_> {
    fn refuse(&mut self, path: &Path, reason: &str, remedy: &str) {
        self.refusals.add(Stage::Core, path, reason, remedy);
    }

    fn invariants(&mut self, schema: &Schema, level: Level, path: &Path) {
        let type_ = schema.type_.as_deref().unwrap_or_default();
        let preserves = schema.preserve_unknown_fields == Some(true);
        if type_ == "array" && schema.items.is_none() {
            self.refuse(
                &path.child("items"),
                "Required value: must be specified",
                "say of what the list is: items: {type: …}",
            );
        }
        if let Some(items) = schema.items.as_deref() {
            self.invariants(items, Level::Item, &path.child("items"));
        }
        for (name, property) in &schema.properties {
            self.invariants(property, Level::Field, &path.property(name));
        }
        if let Some(additional) = schema.additional_properties.as_deref() {
            let path = path.child("additionalProperties");
            if level == Level::Root {
                self.refuse(&path, "Forbidden: must not be used at the root", "remove it, or put the map below spec");
            }
            if let SchemaOrBool::Schema(values) = additional {
                self.invariants(values, Level::Field, &path);
            }
            if schema.embedded_resource {
                self.refuse(
                    &path,
                    "Forbidden: must not be used if x-kubernetes-embedded-resource is set",
                    "use x-kubernetes-preserve-unknown-fields: true for the unknown fields of an embedded resource",
                );
            }
        }
        if schema.int_or_string && preserves {
            self.refuse(
                &path.child("x-kubernetes-preserve-unknown-fields"),
                "Invalid value: true: must be false if x-kubernetes-int-or-string is true",
                "an integer or a string has no fields: remove x-kubernetes-preserve-unknown-fields",
            );
        }
        if schema.int_or_string && schema.embedded_resource {
            self.refuse(
                &path.child("x-kubernetes-embedded-resource"),
                "Invalid value: true: must be false if x-kubernetes-int-or-string is true",
                "an integer or a string is no resource: remove one of the two",
            );
        }
        let in_all_of = schema.all_of.first().is_some_and(|first| is_int_or_string(&first.any_of));
        self.values(schema, is_int_or_string(&schema.any_of), in_all_of, path);
        self.type_given(schema, type_, preserves, level, path);
        self.metadata(schema, level, path);
        if schema.embedded_resource && !preserves && schema.properties.is_empty() {
            self.refuse(
                &path.child("properties"),
                "Required value: must not be empty if x-kubernetes-embedded-resource is true without \
                 x-kubernetes-preserve-unknown-fields",
                "add x-kubernetes-preserve-unknown-fields: true, or the properties of the resource",
            );
        }
    }

    fn type_given(&mut self, schema: &Schema, type_: &str, preserves: bool, level: Level, path: &Path) {
        let path = &path.child("type");
        if schema.embedded_resource && type_ != "object" {
            let rule = "must be object if x-kubernetes-embedded-resource is true";
            let reason = if type_.is_empty() {
                format!("Required value: {rule}")
            } else {
                format!("Invalid value: \"{type_}\": {rule}")
            };
            self.refuse(path, &reason, "set type: object");
        } else if type_.is_empty() && !schema.int_or_string && !preserves {
            let reason = match level {
                Level::Root => "Required value: must not be empty at the root",
                Level::Item => "Required value: must not be empty for specified array items",
                Level::Field => "Required value: must not be empty for specified object fields",
            };
            self.refuse(
                path,
                reason,
                "set the type; for any value, x-kubernetes-preserve-unknown-fields: true without one",
            );
        }
        if level == Level::Root && !type_.is_empty() && type_ != "object" {
            self.refuse(path, &format!("Invalid value: \"{type_}\": must be object at the root"), "set type: object");
        }
    }

    /// The fields that Kubernetes itself gives to every resource, at the root and in embedded resources.
    fn metadata(&mut self, schema: &Schema, level: Level, path: &Path) {
        if level != Level::Root && !schema.embedded_resource {
            return;
        }
        for (name, type_) in [("kind", "string"), ("apiVersion", "string"), ("metadata", "object")] {
            if let Some(field) = schema.properties.get(name) {
                let given = field.type_.as_deref().unwrap_or_default();
                if given != type_ {
                    let reason = format!("Invalid value: \"{given}\": must be {type_}");
                    self.refuse(&path.property(name).child("type"), &reason, &format!("set type: {type_}"));
                }
            }
        }
        if level == Level::Root
            && let Some(metadata) = schema.properties.get("metadata")
            && !restricts_names_only(metadata)
        {
            self.refuse(
                &path.property("metadata"),
                "Forbidden: must not specify anything other than name and generateName, but metadata is implicitly \
                 specified",
                "keep nothing but name and generateName there",
            );
        }
    }

    /// Constraints of values: whatever stands in `anyOf`, `oneOf`, `allOf` and `not`, and the pattern.
    fn values(&mut self, schema: &Schema, skip_any_of: bool, skip_in_all_of: bool, path: &Path) {
        if !skip_any_of {
            self.nested_list(&schema.any_of, "anyOf", path);
        }
        for (i, part) in schema.all_of.iter().enumerate() {
            self.nested(part, skip_in_all_of && i == 0, &path.child("allOf").index(i));
        }
        self.nested_list(&schema.one_of, "oneOf", path);
        if let Some(not) = schema.not.as_deref() {
            self.nested(not, false, &path.child("not"));
        }
        if let Some(text) = schema.pattern.as_deref().filter(|pattern| !pattern.is_empty())
            && let Err(wrong) = pattern::check(text)
        {
            let reason = format!(
                "Invalid value: {text:?}: must be a valid regular expression, but isn't: error parsing regexp: {wrong}"
            );
            self.refuse(
                &path.child("pattern"),
                &reason,
                "write the pattern in RE2 syntax: no look-around, no back references",
            );
        }
    }

    fn nested_list(&mut self, schemas: &[Schema], keyword: &str, path: &Path) {
        for (i, schema) in schemas.iter().enumerate() {
            self.nested(schema, false, &path.child(keyword).index(i));
        }
    }

    fn nested(&mut self, schema: &Schema, skip_any_of: bool, path: &Path) {
        self.values(schema, skip_any_of, false, path);
        if let Some(items) = schema.items.as_deref() {
            self.nested(items, false, &path.child("items"));
        }
        for (name, property) in &schema.properties {
            self.nested(property, false, &path.property(name));
        }
        let filled = |text: &Option<Box<str>>| text.as_deref().is_some_and(|text| !text.is_empty());
        let additional =
            schema.additional_properties.as_deref().is_some_and(|other| *other != SchemaOrBool::Bool(false));
        for (present, keyword, rule) in [
            (filled(&schema.type_), "type", "must be empty"),
            (additional, "additionalProperties", "must be undefined"),
            (schema.default.is_some(), "default", "must be undefined"),
            (filled(&schema.title), "title", "must be empty"),
            (filled(&schema.description), "description", "must be empty"),
            (schema.nullable, "nullable", "must be false"),
            (schema.preserve_unknown_fields == Some(true), "x-kubernetes-preserve-unknown-fields", "must be false"),
            (schema.embedded_resource, "x-kubernetes-embedded-resource", "must be false"),
            (schema.int_or_string, "x-kubernetes-int-or-string", "must be false"),
            (!schema.list_map_keys.is_empty(), "x-kubernetes-list-map-keys", "must be empty"),
            (schema.list_type.is_some(), "x-kubernetes-list-type", "must be undefined"),
            (schema.map_type.is_some(), "x-kubernetes-map-type", "must be undefined"),
            (!schema.validations.is_empty(), "x-kubernetes-validations", "must be empty"),
        ] {
            if present {
                self.refuse(&path.child(keyword), &format!("Forbidden: {rule} to be structural"), OUTSIDE);
            }
        }
        if schema.properties.contains_key("metadata") {
            self.refuse(
                &path.property("metadata"),
                "Forbidden: must not be specified in a nested context",
                "remove it: metadata cannot be constrained under anyOf, oneOf, allOf and not",
            );
        }
    }

    /// Whatever is constrained must also be declared: `constraints` is a schema under a junctor, `declared` its
    /// counterpart outside.
    fn values_complete(&mut self, constraints: &Schema, declared: &Schema, at: &Path, from: &Path) {
        if let Some(not) = constraints.not.as_deref() {
            self.complete(not, declared, at, &from.child("not"));
        }
        for (schemas, keyword) in
            [(&constraints.all_of, "allOf"), (&constraints.any_of, "anyOf"), (&constraints.one_of, "oneOf")]
        {
            for (i, schema) in schemas.iter().enumerate() {
                self.complete(schema, declared, at, &from.child(keyword).index(i));
            }
        }
    }

    fn complete(&mut self, constraints: &Schema, declared: &Schema, at: &Path, from: &Path) {
        self.values_complete(constraints, declared, at, from);
        if let Some(items) = constraints.items.as_deref() {
            self.counterpart(items, declared.items.as_deref(), &at.child("items"), &from.child("items"));
        }
        for (name, property) in &constraints.properties {
            let (at, from) = (at.property(name), from.property(name));
            self.counterpart(property, declared.properties.get(name), &at, &from);
        }
    }

    fn counterpart(&mut self, constraints: &Schema, declared: Option<&Schema>, at: &Path, from: &Path) {
        match declared {
            Some(declared) => self.complete(constraints, declared, at, from),
            None => {
                let reason = format!("Required value: because it is defined in {from}");
                self.refuse(at, &reason, "declare it there, with its type");
            }
        }
    }
}

/// The one form of `anyOf` that may name types: an integer or a string.
fn is_int_or_string(any_of: &[Schema]) -> bool {
    let is = |schema: &Schema, name: &str| {
        let bare = Schema { external_docs: None, example: None, ..schema.clone() };
        bare == Schema { type_: Some(name.into()), ..Schema::default() }
    };
    matches!(any_of, [integer, string] if is(integer, "integer") && is(string, "string"))
}

fn restricts_names_only(metadata: &Schema) -> bool {
    let names = metadata.properties.keys().all(|name| matches!(name.as_ref(), "name" | "generateName"));
    let Schema { external_docs, example, type_, default, .. } = Schema::default();
    let rest = Schema { external_docs, example, type_, default, properties: IndexMap::new(), ..metadata.clone() };
    names && rest == Schema::default()
}
