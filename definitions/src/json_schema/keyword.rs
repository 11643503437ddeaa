//! The words of JSON Schema, one by one.

use serde_json::{Map, Value};

use super::{Misfits, Place, TakesNull};

/// Words that say nothing to the API server: for editors, or of who reads and writes.
const SILENT: [&str; 4] = ["$schema", "$comment", "readOnly", "writeOnly"];

/// The type, without null, which is no value that the API server keeps.
pub(super) fn types(map: &mut Map<String, Value>, place: &Place, misfits: &mut Misfits) -> TakesNull {
    if let Some(value) = map.shift_remove("const") {
        map.entry("type").or_insert_with(|| type_of(&value).into());
        map.insert("enum".to_owned(), Value::Array(vec![value]));
    }
    if let Some(Value::Array(values)) = map.get_mut("enum") {
        values.retain(|value| !value.is_null());
    }
    if map.get("default").is_some_and(Value::is_null) {
        map.shift_remove("default");
    }
    if let Some(default) = map.get_mut("default") {
        drop_nulls(default);
    }
    let is_narrowed = ["enum", "oneOf", "anyOf"].iter().any(|word| map.contains_key(*word));
    match map.get_mut("type") {
        Some(Value::Array(types)) => {
            let before = types.len();
            types.retain(|name| name != "null");
            let takes_null = types.len() < before;
            let mut names: Vec<String> = types.iter().filter_map(|name| Some(name.as_str()?.to_owned())).collect();
            names.sort();
            match names.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
                [name] => drop(map.insert("type".to_owned(), (*name).into())),
                ["integer", "string"] => int_or_string(map),
                _ => misfits.add(place, "its values have several types", "choose one, or a field of free JSON"),
            }
            takes_null
        }
        Some(Value::String(name)) if name == "null" => {
            misfits.add(place, "its only value is null, which the API server drops", "leave the field out");
            true
        }
        // Free JSON.
        None if !is_narrowed => true,
        _ => map.get("nullable") == Some(&Value::Bool(true)),
    }
}

/// Takes away fields that are null, as those of a default are that `Serialize` wrote: they are unset.
fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, value| !value.is_null());
            fields.values_mut().for_each(drop_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}

/// Makes it a number or a text.
pub(super) fn int_or_string(map: &mut Map<String, Value>) {
    map.shift_remove("type");
    map.shift_remove("format");
    map.insert("x-kubernetes-int-or-string".to_owned(), true.into());
}

/// The words that need no look at what is below.
pub(super) fn rewrite(map: &mut Map<String, Value>, place: &Place, misfits: &mut Misfits) {
    for word in SILENT {
        map.shift_remove(word);
    }
    if let Some(Value::Array(examples)) = map.shift_remove("examples")
        && let Some(first) = examples.into_iter().next()
    {
        map.insert("example".to_owned(), first);
    }
    if map.shift_remove("deprecated") == Some(Value::Bool(true)) {
        describe(map, "Deprecated.");
    }
    // Words of Rust that the API server does not know; bounds stand beside them.
    if map.get("format").and_then(Value::as_str).is_some_and(is_rust_format) {
        map.shift_remove("format");
    }
    bound(map, "minimum", "exclusiveMinimum", |old, new| old < new);
    bound(map, "maximum", "exclusiveMaximum", |old, new| old > new);
    if map.contains_key("prefixItems") || map.get("items").is_some_and(Value::is_array) {
        for word in ["prefixItems", "items"] {
            map.shift_remove(word);
        }
        misfits.add(place, "the items of a tuple have a type each", "give a struct with a field for each");
    }
    if map.shift_remove("patternProperties").is_some() {
        misfits.add(place, "the keys of the map are no texts", "make them `String`s");
    }
    match map.get("additionalProperties") {
        // The API server prunes what no schema knows, and refuses the word beside properties.
        Some(Value::Bool(false)) => drop(map.shift_remove("additionalProperties")),
        Some(Value::Bool(true)) => {
            map.shift_remove("additionalProperties");
            map.insert("x-kubernetes-preserve-unknown-fields".to_owned(), true.into());
        }
        _ => {}
    }
    if !map.contains_key("type") && !map.contains_key("x-kubernetes-int-or-string") {
        map.entry("x-kubernetes-preserve-unknown-fields").or_insert(true.into());
    }
}

/// An exclusive bound is a number in JSON Schema, and in Kubernetes a word beside the inclusive one.
fn bound(map: &mut Map<String, Value>, word: &str, exclusive: &str, is_wider: fn(f64, f64) -> bool) {
    let Some(Value::Number(number)) = map.get(exclusive).cloned() else { return };
    let inclusive = map.get(word).and_then(Value::as_f64);
    let is_tighter = inclusive.zip(number.as_f64()).is_none_or(|(old, new)| old == new || is_wider(old, new));
    if is_tighter {
        map.insert(word.to_owned(), Value::Number(number));
        map.insert(exclusive.to_owned(), true.into());
    } else {
        map.shift_remove(exclusive);
    }
}

/// A list without duplicates is a set; Kubernetes compares plain values only.
pub(super) fn unique(map: &mut Map<String, Value>, place: &Place, misfits: &mut Misfits) {
    if map.shift_remove("uniqueItems") != Some(Value::Bool(true)) || map.contains_key("x-kubernetes-list-type") {
        return;
    }
    match map.get("items").and_then(|items| items.get("type")).and_then(Value::as_str) {
        Some("string" | "integer" | "number" | "boolean") => {
            map.insert("x-kubernetes-list-type".to_owned(), "set".into());
        }
        _ => misfits.add(
            place,
            "it is a set of objects or lists, which Kubernetes cannot compare",
            "make it a `Vec`, with a list type of its own",
        ),
    }
}

/// Adds to the description.
pub(super) fn describe(map: &mut Map<String, Value>, more: &str) {
    let description = match map.get("description").and_then(Value::as_str) {
        Some(text) if !text.is_empty() => format!("{text}\n\n{more}"),
        _ => more.to_owned(),
    };
    map.insert("description".to_owned(), description.into());
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn is_rust_format(format: &str) -> bool {
    format.starts_with("uint") || matches!(format, "int" | "int8" | "int16" | "int128")
}
