//! The schema of a CRD version as Kubernetes reads it: `JSONSchemaProps` of `apiextensions.k8s.io/v1`.
//!
//! Field for field the Go type, so that reading and writing drops exactly what the API server drops
//! (unknown keywords, `const`, `examples`, `enum: []`, `default: null`). One keyword is ours:
//! `x-planewright-reference`, which keeps the target of a reference field when descriptions are not pinned.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};

use crate::reference::ReferenceFact;

/// One node of an OpenAPI v3 structural schema.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Schema {
    /// `$schema`.
    #[serde(rename = "$schema", skip_serializing_if = "is_empty_text")]
    pub dialect: Option<Box<str>>,
    /// `$ref`, which structural schemas forbid.
    #[serde(rename = "$ref", skip_serializing_if = "is_empty_text")]
    pub reference: Option<Box<str>>,
    /// `id`, which structural schemas forbid.
    #[serde(skip_serializing_if = "is_empty_text")]
    pub id: Option<Box<str>>,
    /// `description`.
    #[serde(skip_serializing_if = "is_empty_text")]
    pub description: Option<Box<str>>,
    /// `type`: `object`, `array`, `string`, `integer`, `number` or `boolean`; anything else is odd.
    #[serde(rename = "type", skip_serializing_if = "is_empty_text")]
    pub type_: Option<Box<str>>,
    /// `nullable`.
    #[serde(skip_serializing_if = "is_false")]
    pub nullable: bool,
    /// `format`.
    #[serde(skip_serializing_if = "is_empty_text")]
    pub format: Option<Box<str>>,
    /// `title`.
    #[serde(skip_serializing_if = "is_empty_text")]
    pub title: Option<Box<str>>,
    /// `default`; null counts as absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
    /// `maximum`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum: Option<Number>,
    /// `exclusiveMaximum`.
    #[serde(skip_serializing_if = "is_false")]
    pub exclusive_maximum: bool,
    /// `minimum`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum: Option<Number>,
    /// `exclusiveMinimum`.
    #[serde(skip_serializing_if = "is_false")]
    pub exclusive_minimum: bool,
    /// `maxLength`, in code points.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<i64>,
    /// `minLength`, in code points.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_length: Option<i64>,
    /// `pattern`, in RE2 syntax.
    #[serde(skip_serializing_if = "is_empty_text")]
    pub pattern: Option<Box<str>>,
    /// `maxItems`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_items: Option<i64>,
    /// `minItems`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_items: Option<i64>,
    /// `uniqueItems`, which structural schemas forbid.
    #[serde(skip_serializing_if = "is_false")]
    pub unique_items: bool,
    /// `multipleOf`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub multiple_of: Option<Number>,
    /// `enum`.
    #[serde(rename = "enum", skip_serializing_if = "Vec::is_empty")]
    pub enum_: Vec<Value>,
    /// `maxProperties`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_properties: Option<i64>,
    /// `minProperties`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_properties: Option<i64>,
    /// `required`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub required: Vec<Box<str>>,
    /// `items`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub items: Option<Box<Schema>>,
    /// `allOf`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub all_of: Vec<Schema>,
    /// `oneOf`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub one_of: Vec<Schema>,
    /// `anyOf`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub any_of: Vec<Schema>,
    /// `not`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not: Option<Box<Schema>>,
    /// `properties`, in the order of the file.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub properties: IndexMap<Box<str>, Schema>,
    /// `additionalProperties`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub additional_properties: Option<Box<SchemaOrBool>>,
    /// `externalDocs`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_docs: Option<Box<ExternalDocs>>,
    /// `example`; null counts as absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub example: Option<Box<Value>>,
    /// `x-kubernetes-preserve-unknown-fields`.
    #[serde(rename = "x-kubernetes-preserve-unknown-fields", skip_serializing_if = "Option::is_none")]
    pub preserve_unknown_fields: Option<bool>,
    /// `x-kubernetes-embedded-resource`.
    #[serde(rename = "x-kubernetes-embedded-resource", skip_serializing_if = "is_false")]
    pub embedded_resource: bool,
    /// `x-kubernetes-int-or-string`.
    #[serde(rename = "x-kubernetes-int-or-string", skip_serializing_if = "is_false")]
    pub int_or_string: bool,
    /// `x-kubernetes-list-map-keys`.
    #[serde(rename = "x-kubernetes-list-map-keys", skip_serializing_if = "Vec::is_empty")]
    pub list_map_keys: Vec<Box<str>>,
    /// `x-kubernetes-list-type`: `atomic`, `set` or `map`.
    #[serde(rename = "x-kubernetes-list-type", skip_serializing_if = "Option::is_none")]
    pub list_type: Option<Box<str>>,
    /// `x-kubernetes-map-type`: `granular` or `atomic`.
    #[serde(rename = "x-kubernetes-map-type", skip_serializing_if = "Option::is_none")]
    pub map_type: Option<Box<str>>,
    /// `x-kubernetes-validations`: the CEL rules.
    #[serde(rename = "x-kubernetes-validations", skip_serializing_if = "Vec::is_empty")]
    pub validations: Vec<ValidationRule>,
    /// `x-planewright-reference`: what a reference field's description says of its target.
    #[serde(rename = "x-planewright-reference", skip_serializing_if = "Option::is_none")]
    pub planewright_reference: Option<Box<ReferenceFact>>,
}

/// `externalDocs`: documentation elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ExternalDocs {
    /// What it is.
    #[serde(skip_serializing_if = "is_empty_text")]
    pub description: Option<Box<str>>,
    /// Where it is.
    #[serde(skip_serializing_if = "is_empty_text")]
    pub url: Option<Box<str>>,
}

/// `additionalProperties`: a schema, or whether any are allowed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum SchemaOrBool {
    /// `true` or `false`.
    Bool(bool),
    /// The schema of every value.
    Schema(Box<Schema>),
}

/// One CEL rule of `x-kubernetes-validations`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ValidationRule {
    /// The CEL expression.
    pub rule: Box<str>,
    /// What to say when it is false.
    #[serde(skip_serializing_if = "is_empty_text")]
    pub message: Option<Box<str>>,
    /// A CEL expression that makes the message.
    #[serde(skip_serializing_if = "is_empty_text")]
    pub message_expression: Option<Box<str>>,
    /// The reason of the API server's cause.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Box<str>>,
    /// Where to report the failure, relative to the rule's node.
    #[serde(skip_serializing_if = "is_empty_text")]
    pub field_path: Option<Box<str>>,
    /// Whether `oldSelf` is optional.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub optional_old_self: Option<bool>,
}

fn is_false(value: &bool) -> bool {
    !value
}

fn is_empty_text(value: &Option<Box<str>>) -> bool {
    value.as_deref().is_none_or(str::is_empty)
}
