//! The CRD of a pipeline step's typed input (features `schema` and `commands`).

use planewright_definitions::admission;
use planewright_definitions::crd::Crd;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::{Error, Result, StepInput};

/// The CRD of a step's input, as packages of functions hold it: `crossplane resource validate` and this crate's own
/// validation judge the inputs of pipelines by it. It is never installed in a cluster.
///
/// # Errors
/// When the type has no structural schema: where it is recursive, or an enum whose variants hold data.
pub fn input_crd<T: StepInput>() -> Result<Crd> {
    let settings = SchemaSettings::openapi3().for_deserialize().with(|settings| {
        settings.inline_subschemas = true;
        settings.meta_schema = None;
    });
    let mut schema = settings.into_generator().into_root_schema_for::<T>().to_value();
    let refuse = |reason: String| {
        Error::new(format!("{} ({}/{}) has no structural schema: {reason}", T::KIND, T::GROUP, T::VERSION))
    };
    structural(&mut schema, "").map_err(refuse)?;
    let Value::Object(root) = &mut schema else { return Err(refuse("it is not an object".to_owned())) };
    let properties = root.entry("properties").or_insert_with(|| Value::Object(Map::new()));
    if let Value::Object(properties) = properties {
        properties.insert("apiVersion".to_owned(), json!({"type": "string"}));
        properties.insert("kind".to_owned(), json!({"type": "string"}));
        properties.insert("metadata".to_owned(), json!({"type": "object"}));
        properties.sort_keys();
    }
    let singular = T::KIND.to_lowercase();
    let plural = format!("{singular}s");
    let crd = json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": format!("{plural}.{}", T::GROUP)},
        "spec": {
            "group": T::GROUP,
            "names": {
                "kind": T::KIND, "listKind": format!("{}List", T::KIND), "plural": plural, "singular": singular,
                "categories": ["crossplane"],
            },
            "scope": "Namespaced",
            "versions": [{"name": T::VERSION, "served": true, "storage": true, "schema": {"openAPIV3Schema": schema}}],
        },
    });
    let crd: Crd = serde_json::from_value(crd).map_err(|error| refuse(error.to_string()))?;
    let refusals = admission::refusals(&crd);
    match refusals.0.is_empty() {
        true => Ok(crd),
        false => Err(refuse(refusals.to_string())),
    }
}

/// Makes a schema structural, as CRDs want it: types everywhere, nothing that the API server does not know.
fn structural(schema: &mut Value, path: &str) -> std::result::Result<(), String> {
    let Value::Object(map) = schema else {
        // A schema that allows everything, or nothing.
        *schema = json!({"x-kubernetes-preserve-unknown-fields": true});
        return Ok(());
    };
    if map.contains_key("$ref") {
        return Err(format!("{}: the type contains itself; end the recursion with a field of free JSON", shown(path)));
    }
    for word in ["$schema", "title", "examples", "deprecated", "readOnly", "writeOnly"] {
        map.shift_remove(word);
    }
    // Words of Rust that the API server does not know; bounds stand beside them.
    if map.get("format").and_then(Value::as_str).is_some_and(is_rust_format) {
        map.shift_remove("format");
    }
    if map.get("default").is_some_and(Value::is_null) {
        map.shift_remove("default");
    }
    texts(map);
    if let Some(word) = ["oneOf", "anyOf", "allOf"].into_iter().find(|word| map.contains_key(*word)) {
        return Err(format!(
            "{}: {word} of schemas with types; give the enum variants without data, or a struct with a field for each",
            shown(path)
        ));
    }
    match map.get("additionalProperties") {
        // Crossplane prunes nothing here and says so itself; beside properties the API server refuses the word.
        Some(Value::Bool(false)) => drop(map.shift_remove("additionalProperties")),
        Some(Value::Bool(true)) => {
            map.shift_remove("additionalProperties");
            map.insert("x-kubernetes-preserve-unknown-fields".to_owned(), true.into());
        }
        _ => {}
    }
    if !map.contains_key("type") {
        map.entry("x-kubernetes-preserve-unknown-fields").or_insert(true.into());
    }
    for (word, step) in [("items", "[]"), ("additionalProperties", "{}")] {
        if let Some(inner) = map.get_mut(word) {
            structural(inner, &format!("{path}{step}"))?;
        }
    }
    if let Some(Value::Object(properties)) = map.get_mut("properties") {
        for (name, property) in properties {
            structural(property, &format!("{path}.{name}"))?;
        }
    }
    Ok(())
}

/// Variants without data, each with its own description, are the texts of one enum.
fn texts(map: &mut Map<String, Value>) {
    let Some(Value::Array(variants)) = map.get("oneOf") else { return };
    let mut texts = Vec::new();
    for variant in variants {
        let is_text = variant.get("type").and_then(Value::as_str) == Some("string");
        match variant.get("enum").and_then(Value::as_array) {
            Some(more) if is_text => texts.extend(more.iter().cloned()),
            _ => return,
        }
    }
    map.shift_remove("oneOf");
    map.insert("type".to_owned(), "string".into());
    map.insert("enum".to_owned(), Value::Array(texts));
}

fn is_rust_format(format: &str) -> bool {
    format.starts_with("uint") || matches!(format, "int" | "int8" | "int16" | "int128")
}

fn shown(path: &str) -> &str {
    match path.trim_start_matches('.') {
        "" => "the type itself",
        path => path,
    }
}
