//! One version of a derived CRD: what is kept of the author's schema, around Crossplane's own fields.

use indexmap::IndexMap;
use serde_json::{Value, json};

use super::decode::{Decoded, decode};
use super::machinery::{object, typed};
use super::stored_numbers;
use crate::crd::{CrdVersion, VersionSchema};
use crate::refusal::{Path, Refusals, Stage};
use crate::schema::Schema;
use crate::xrd::XrdVersion;

/// Names of XRs and claims are label values, so they have at most 63 bytes.
const MAX_NAME_LENGTH: i64 = 63;

type Properties = IndexMap<Box<str>, Schema>;

/// Derives a version, and says what is wrong with it: none comes of a schema that cannot be read, one without what no
/// CRD may have of any other. `spec` and `status` are Crossplane's properties, which replace the author's of the same
/// name; `columns` come after the author's.
pub(super) fn derive(
    version: &XrdVersion,
    path: &Path,
    spec: &Properties,
    status: &Properties,
    columns: &[Value],
) -> (Option<CrdVersion>, Refusals) {
    let schema_path = path.child("schema").child("openAPIV3Schema");
    let Some(schema) = &version.schema else {
        return (None, no_schema(&path.child("schema"), "custom resource validation cannot be nil"));
    };
    let Some(raw) = &schema.open_api_v3_schema else {
        return (None, no_schema(&schema_path, "cannot parse validation schema: it is missing"));
    };
    let mut raw = raw.clone();
    stored_numbers(&mut raw);
    let Decoded { schema: user, unsupported, misfits } = decode(&raw, &schema_path);
    let mut refusals = Refusals::default();
    let readable = misfits.is_empty();
    for (at, wrong) in misfits {
        refusals.add(
            Stage::Core,
            &at,
            format!("cannot parse validation schema: {wrong}"),
            "write the keyword as OpenAPI v3 has it, or remove it",
        );
    }
    for (at, keyword) in unsupported {
        if survives(&at.to_string(), &schema_path, spec, status) {
            refusals.add(Stage::Core, &at.child(keyword), forbidden_keyword(keyword), keyword_remedy(keyword));
        }
    }
    let derived = readable.then(|| CrdVersion {
        name: version.name.clone(),
        served: version.served,
        storage: version.referenceable,
        deprecated: version.deprecated.unwrap_or_default(),
        deprecation_warning: version.deprecation_warning.clone(),
        schema: Some(VersionSchema { open_api_v3_schema: Some(assemble(user, spec, status)) }),
        subresources: Some(subresources(version)),
        additional_printer_columns: printer_columns(version, columns),
        selectable_fields: Vec::new(),
    });
    (derived, refusals)
}

fn no_schema(path: &Path, reason: &str) -> Refusals {
    let mut refusals = Refusals::default();
    refusals.add(Stage::Core, path, reason, "give the version a schema: schema.openAPIV3Schema with type: object");
    refusals
}

/// The schema of whole objects: everything outside what is named here is dropped, without a word.
fn assemble(mut user: Schema, spec: &Properties, status: &Properties) -> Schema {
    let name_limit = user.properties.get("metadata").and_then(|m| m.properties.get("name")).and_then(|n| n.max_length);
    let name = Schema {
        max_length: Some(name_limit.map_or(MAX_NAME_LENGTH, |limit| limit.min(MAX_NAME_LENGTH))),
        ..typed("string")
    };
    let user_spec = user.properties.swap_remove("spec").unwrap_or_default();
    let user_status = user.properties.swap_remove("status").unwrap_or_default();
    // Of `spec`, unknown fields may be preserved; of `status`, the keyword is dropped.
    let preserve_unknown_fields = user_spec.preserve_unknown_fields;
    let properties = Properties::from([
        ("apiVersion".into(), typed("string")),
        ("kind".into(), typed("string")),
        ("metadata".into(), object(&[], Properties::from([("name".into(), name)]))),
        ("spec".into(), Schema { preserve_unknown_fields, ..section(user_spec, spec) }),
        ("status".into(), section(user_status, status)),
    ]);
    Schema { description: user.description, validations: user.validations, ..object(&["spec"], properties) }
}

/// `spec` or `status`: the author's, with Crossplane's properties over those of the same name.
fn section(user: Schema, machinery: &Properties) -> Schema {
    let mut properties = user.properties;
    for (name, schema) in machinery {
        properties.insert(name.clone(), schema.clone());
    }
    Schema {
        required: user.required,
        description: user.description,
        validations: user.validations,
        one_of: user.one_of,
        ..object(&[], properties)
    }
}

/// Whether the schema at a path of the author's becomes a part of the CRD: only then can the API server refuse it.
fn survives(at: &str, root: &Path, spec: &Properties, status: &Properties) -> bool {
    [("spec", spec), ("status", status)].iter().any(|(section, machinery)| {
        let Some(rest) = at.strip_prefix(root.property(section).to_string().as_str()) else { return false };
        let replaced = |name: &str| rest.starts_with(&format!(".properties[{name}]"));
        rest.starts_with(".oneOf[") || rest.starts_with(".properties[") && !machinery.keys().any(|name| replaced(name))
    })
}

fn forbidden_keyword(keyword: &str) -> String {
    match keyword {
        "items" => "Forbidden: items must be a schema object and not an array".to_owned(),
        other => format!("Forbidden: {other} is not supported"),
    }
}

fn keyword_remedy(keyword: &str) -> &'static str {
    match keyword {
        "items" => "give one schema for all items",
        "$ref" | "definitions" => "write the referenced schema out where it is used",
        "patternProperties" => "use additionalProperties, and a CEL rule for the names of keys",
        "dependencies" => "say it in a CEL rule under x-kubernetes-validations",
        _ => "remove it",
    }
}

fn subresources(version: &XrdVersion) -> Value {
    let mut all = json!({"status": {}});
    if let (Some(scale), Value::Object(all)) = (version.subresources.as_ref().and_then(|s| s.scale.clone()), &mut all) {
        all.insert("scale".to_owned(), scale);
    }
    all
}

/// The author's columns without the empty values that Go's type omits, then Crossplane's.
fn printer_columns(version: &XrdVersion, crossplane: &[Value]) -> Vec<Value> {
    let mut columns = version.additional_printer_columns.clone();
    for column in columns.iter_mut().filter_map(Value::as_object_mut) {
        column.retain(|key, value| match key.as_str() {
            "format" | "description" => value.as_str() != Some(""),
            "priority" => value.as_i64() != Some(0),
            _ => !value.is_null(),
        });
    }
    columns.extend_from_slice(crossplane);
    columns
}
