//! The schema in an XRD as Crossplane reads it: Go's JSON decoder into `JSONSchemaProps`.
//!
//! An XRD may hold any object where its schema stands. What the decoder cannot read stops the derivation; unknown
//! keywords, null and empty values vanish. Names of keywords match in any case down to the first `items` or
//! `additionalProperties`, whose decoders are Kubernetes' own and exact.

use indexmap::IndexMap;
use serde_json::{Map, Number, Value};

use crate::refusal::Path;
use crate::schema::{ExternalDocs, Schema, SchemaOrBool, ValidationRule};

/// How many schemas may stand inside each other. Kubernetes has no limit of its own here; readers of JSON and YAML
/// have, far below this one, which keeps every later walk over a schema within the stack of any thread.
const MAX_DEPTH: usize = 100;

/// What the decoder found.
#[derive(Debug, Default)]
pub(super) struct Decoded {
    /// The schema.
    pub(super) schema: Schema,
    /// Keywords that Go's type has and structural schemas forbid, which [`Schema`] cannot hold: path of the schema,
    /// and keyword.
    pub(super) unsupported: Vec<(Path, &'static str)>,
    /// What could not be read: path, and what is wrong.
    pub(super) misfits: Vec<(Path, String)>,
}

/// Reads the schema at `path`. It is complete only without misfits.
pub(super) fn decode(raw: &Value, path: &Path) -> Decoded {
    let mut decoder = Decoder::default();
    let schema = decoder.schema(raw, path, Names::AnyCase);
    Decoded { schema, unsupported: decoder.unsupported, misfits: decoder.misfits }
}

/// How names of keywords are matched.
#[derive(Clone, Copy, PartialEq)]
enum Names {
    AnyCase,
    Exact,
}

#[derive(Default)]
struct Decoder {
    depth: usize,
    unsupported: Vec<(Path, &'static str)>,
    misfits: Vec<(Path, String)>,
}

impl Decoder {
    fn misfit(&mut self, path: &Path, expected: &str, found: &Value) {
        let found = match found {
            Value::Null => "null".to_owned(),
            Value::Bool(b) => format!("the boolean {b}"),
            Value::Number(n) => format!("the number {n}"),
            Value::String(_) => "a string".to_owned(),
            Value::Array(_) => "a list".to_owned(),
            Value::Object(_) => "an object".to_owned(),
        };
        self.misfits.push((path.clone(), format!("must be {expected}, not {found}")));
    }

    fn schema(&mut self, raw: &Value, path: &Path, names: Names) -> Schema {
        let mut schema = Schema::default();
        let fields = match raw {
            Value::Object(fields) => fields,
            Value::Null => return schema,
            other => {
                self.misfit(path, "a schema (an object)", other);
                return schema;
            }
        };
        if self.depth == MAX_DEPTH {
            self.misfits.push((path.clone(), format!("more than {MAX_DEPTH} schemas inside each other")));
            return schema;
        }
        self.depth += 1;
        // An exactly written keyword wins over one that only matches without regard to case.
        for (key, value) in fields {
            let folded = key.to_ascii_lowercase();
            if names == Names::AnyCase
                && let Some(keyword) = KEYWORDS.iter().find(|k| **k != key && k.to_ascii_lowercase() == folded)
            {
                self.keyword(&mut schema, keyword, value, path, names);
            }
        }
        for (key, value) in fields {
            self.keyword(&mut schema, key, value, path, names);
        }
        self.depth -= 1;
        schema
    }

    /// Reads one keyword; an unknown one is dropped, and null leaves things as they are.
    fn keyword(&mut self, schema: &mut Schema, keyword: &str, raw: &Value, parent: &Path, names: Names) {
        if raw.is_null() {
            return;
        }
        let path = &parent.child(keyword);
        match keyword {
            "$schema" => schema.dialect = self.text(raw, path),
            "id" => schema.id = self.text(raw, path),
            "description" => schema.description = self.text(raw, path),
            "type" => schema.type_ = self.text(raw, path),
            "format" => schema.format = self.text(raw, path),
            "title" => schema.title = self.text(raw, path),
            "pattern" => schema.pattern = self.text(raw, path),
            "x-kubernetes-list-type" => schema.list_type = self.text(raw, path),
            "x-kubernetes-map-type" => schema.map_type = self.text(raw, path),
            // Ours, and nothing that Crossplane would know: what is not of its form is as good as absent.
            "x-planewright-reference" => {
                schema.planewright_reference = serde_json::from_value(raw.clone()).ok();
            }
            "$ref" => {
                schema.reference = self.text(raw, path);
                self.unsupported.push((parent.clone(), "$ref"));
            }
            "nullable" => schema.nullable = self.boolean(raw, path).unwrap_or_default(),
            "exclusiveMaximum" => schema.exclusive_maximum = self.boolean(raw, path).unwrap_or_default(),
            "exclusiveMinimum" => schema.exclusive_minimum = self.boolean(raw, path).unwrap_or_default(),
            "uniqueItems" => schema.unique_items = self.boolean(raw, path).unwrap_or_default(),
            "x-kubernetes-embedded-resource" => {
                schema.embedded_resource = self.boolean(raw, path).unwrap_or_default();
            }
            "x-kubernetes-int-or-string" => schema.int_or_string = self.boolean(raw, path).unwrap_or_default(),
            "x-kubernetes-preserve-unknown-fields" => schema.preserve_unknown_fields = self.boolean(raw, path),
            "maximum" => schema.maximum = self.float(raw, path),
            "minimum" => schema.minimum = self.float(raw, path),
            "multipleOf" => schema.multiple_of = self.float(raw, path),
            "maxLength" => schema.max_length = self.integer(raw, path),
            "minLength" => schema.min_length = self.integer(raw, path),
            "maxItems" => schema.max_items = self.integer(raw, path),
            "minItems" => schema.min_items = self.integer(raw, path),
            "maxProperties" => schema.max_properties = self.integer(raw, path),
            "minProperties" => schema.min_properties = self.integer(raw, path),
            "default" => schema.default = Some(raw.clone()),
            "example" => schema.example = Some(Box::new(raw.clone())),
            "enum" => schema.enum_ = self.list(raw, path).to_vec(),
            "required" => schema.required = self.texts(raw, path),
            "x-kubernetes-list-map-keys" => schema.list_map_keys = self.texts(raw, path),
            "x-kubernetes-validations" => schema.validations = self.rules(raw, path),
            "externalDocs" => schema.external_docs = self.docs(raw, path).map(Box::new),
            "allOf" => schema.all_of = self.schemas(raw, path, names),
            "anyOf" => schema.any_of = self.schemas(raw, path, names),
            "oneOf" => schema.one_of = self.schemas(raw, path, names),
            "not" => schema.not = Some(Box::new(self.schema(raw, path, names))),
            "properties" => schema.properties = self.schema_map(raw, path, names),
            "items" => schema.items = self.items(raw, path, parent),
            "additionalProperties" => schema.additional_properties = self.schema_or_bool(raw, path).map(Box::new),
            "additionalItems" => {
                self.schema_or_bool(raw, path);
                self.unsupported.push((parent.clone(), "additionalItems"));
            }
            "patternProperties" | "definitions" => {
                let read = !self.schema_map(raw, path, names).is_empty();
                if read {
                    let keyword = if keyword == "definitions" { "definitions" } else { "patternProperties" };
                    self.unsupported.push((parent.clone(), keyword));
                }
            }
            "dependencies" => {
                for (key, value) in self.object(raw, path).into_iter().flatten() {
                    match value {
                        Value::Object(_) => drop(self.schema(value, &path.key(key), Names::Exact)),
                        Value::Array(_) => drop(self.texts(value, &path.key(key))),
                        // Kubernetes' decoder takes anything else for nothing.
                        _ => {}
                    }
                }
                self.unsupported.push((parent.clone(), "dependencies"));
            }
            _ => {}
        }
    }

    fn text(&mut self, raw: &Value, path: &Path) -> Option<Box<str>> {
        match raw {
            Value::String(text) => Some(text.as_str().into()),
            Value::Null => None,
            other => {
                self.misfit(path, "a string", other);
                None
            }
        }
    }

    fn boolean(&mut self, raw: &Value, path: &Path) -> Option<bool> {
        match raw {
            Value::Bool(value) => Some(*value),
            Value::Null => None,
            other => {
                self.misfit(path, "true or false", other);
                None
            }
        }
    }

    fn integer(&mut self, raw: &Value, path: &Path) -> Option<i64> {
        match raw.as_i64() {
            Some(value) => Some(value),
            None => {
                self.misfit(path, "a whole number", raw);
                None
            }
        }
    }

    /// Bounds are float64 in Go: beyond 2^53 they are rounded.
    fn float(&mut self, raw: &Value, path: &Path) -> Option<Number> {
        match raw.as_f64() {
            Some(value) => Some(whole(value)),
            None => {
                self.misfit(path, "a number", raw);
                None
            }
        }
    }

    fn list<'a>(&mut self, raw: &'a Value, path: &Path) -> &'a [Value] {
        match raw {
            Value::Array(items) => items,
            other => {
                self.misfit(path, "a list", other);
                &[]
            }
        }
    }

    fn object<'a>(&mut self, raw: &'a Value, path: &Path) -> Option<&'a Map<String, Value>> {
        match raw {
            Value::Object(fields) => Some(fields),
            Value::Null => None,
            other => {
                self.misfit(path, "an object", other);
                None
            }
        }
    }

    fn texts(&mut self, raw: &Value, path: &Path) -> Vec<Box<str>> {
        let items = self.list(raw, path);
        items.iter().enumerate().map(|(i, item)| self.text(item, &path.index(i)).unwrap_or_default()).collect()
    }

    fn schemas(&mut self, raw: &Value, path: &Path, names: Names) -> Vec<Schema> {
        let items = self.list(raw, path);
        items.iter().enumerate().map(|(i, item)| self.schema(item, &path.index(i), names)).collect()
    }

    fn schema_map(&mut self, raw: &Value, path: &Path, names: Names) -> IndexMap<Box<str>, Schema> {
        let fields = self.object(raw, path).into_iter().flatten();
        fields.map(|(key, value)| (key.as_str().into(), self.schema(value, &path.key(key), names))).collect()
    }

    /// `items` is one schema. A list of schemas is read and refused later; anything else counts as absent.
    fn items(&mut self, raw: &Value, path: &Path, parent: &Path) -> Option<Box<Schema>> {
        match raw {
            Value::Object(_) => Some(Box::new(self.schema(raw, path, Names::Exact))),
            Value::Array(items) if !items.is_empty() => {
                for (i, item) in items.iter().enumerate() {
                    self.schema(item, &path.index(i), Names::Exact);
                }
                self.unsupported.push((parent.clone(), "items"));
                None
            }
            _ => None,
        }
    }

    fn schema_or_bool(&mut self, raw: &Value, path: &Path) -> Option<SchemaOrBool> {
        match raw {
            Value::Bool(value) => Some(SchemaOrBool::Bool(*value)),
            Value::Object(_) => Some(SchemaOrBool::Schema(Box::new(self.schema(raw, path, Names::Exact)))),
            other => {
                self.misfit(path, "a schema, true or false", other);
                None
            }
        }
    }

    fn docs(&mut self, raw: &Value, path: &Path) -> Option<ExternalDocs> {
        let fields = self.object(raw, path)?;
        let mut text = |name: &str| fields.get(name).and_then(|value| self.text(value, &path.child(name)));
        Some(ExternalDocs { description: text("description"), url: text("url") })
    }

    fn rules(&mut self, raw: &Value, path: &Path) -> Vec<ValidationRule> {
        let items = self.list(raw, path);
        items.iter().enumerate().map(|(i, item)| self.rule(item, &path.index(i))).collect()
    }

    fn rule(&mut self, raw: &Value, path: &Path) -> ValidationRule {
        let Some(fields) = self.object(raw, path) else { return ValidationRule::default() };
        let mut text = |name: &str| fields.get(name).and_then(|value| self.text(value, &path.child(name)));
        ValidationRule {
            rule: text("rule").unwrap_or_default(),
            message: text("message"),
            message_expression: text("messageExpression"),
            reason: text("reason"),
            field_path: text("fieldPath"),
            optional_old_self: fields
                .get("optionalOldSelf")
                .and_then(|value| self.boolean(value, &path.child("optionalOldSelf"))),
        }
    }
}

/// A float as the API server writes it: whole numbers without a fraction.
pub(crate) fn whole(value: f64) -> Number {
    // Beyond 2^63 it stays a float, which is the same number.
    if value.fract() == 0.0 && value.abs() < 9_223_372_036_854_775_808.0 {
        #[expect(clippy::cast_possible_truncation, reason = "whole and within range, as checked above")]
        return Number::from(value as i64);
    }
    Number::from_f64(value).unwrap_or_else(|| Number::from(0))
}

/// The keywords of Go's type, for matching without regard to case.
const KEYWORDS: [&str; 45] = [
    "$ref",
    "$schema",
    "additionalItems",
    "additionalProperties",
    "allOf",
    "anyOf",
    "default",
    "definitions",
    "dependencies",
    "description",
    "enum",
    "example",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "externalDocs",
    "format",
    "id",
    "items",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "not",
    "nullable",
    "oneOf",
    "pattern",
    "patternProperties",
    "properties",
    "required",
    "title",
    "type",
    "uniqueItems",
    "x-kubernetes-embedded-resource",
    "x-kubernetes-int-or-string",
    "x-kubernetes-list-map-keys",
    "x-kubernetes-list-type",
    "x-kubernetes-map-type",
    "x-kubernetes-preserve-unknown-fields",
    "x-kubernetes-validations",
    "x-planewright-reference",
];
