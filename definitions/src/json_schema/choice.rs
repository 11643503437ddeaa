//! `oneOf` and `anyOf` of schemas with types: what enums are to schemars, and what no structural schema may have.

use serde_json::{Map, Value, json};

use super::keyword::{describe, int_or_string, types};
use super::{Misfits, Place, TakesNull, node};

/// On a field that came out of a variant, until it is passed over.
pub(super) const HOISTED: &str = "x-planewright-hoisted";

type Object = Map<String, Value>;

/// Makes a choice structural. One of conditions alone, such as `oneOf: [{required: [a]}, {required: [b]}]`, is structural already.
pub(super) fn resolve(map: &mut Object, word: &str, place: &Place, misfits: &mut Misfits) -> TakesNull {
    if !map.get(word).and_then(Value::as_array).is_some_and(|branches| branches.iter().any(has_type)) {
        return false;
    }
    let Some(Value::Array(mut branches)) = map.shift_remove(word) else { return false };
    let before = branches.len();
    branches.retain(|branch| branch.get("type").is_none_or(|name| name != "null"));
    let mut takes_null = branches.len() < before;
    // What is left of an `Option` is the value itself, or free JSON.
    if let [Value::Object(_) | Value::Bool(true)] = branches.as_slice() {
        takes_null |= branches == [true];
        branches.into_iter().filter_map(object).for_each(|only| merge(map, only));
        takes_null |= types(map, place, misfits);
        for word in ["oneOf", "anyOf"] {
            takes_null |= resolve(map, word, place, misfits);
        }
        return takes_null;
    }
    for branch in &mut branches {
        takes_null |= node(branch, place, misfits);
    }
    let branches: Vec<Object> = branches.into_iter().filter_map(object).collect();
    if branches.iter().all(is_text) {
        texts(map, &branches);
    } else if branches.iter().all(|branch| is(branch, "object")) {
        objects(map, word, branches, place, misfits);
    } else if is_number_or_text(&branches) {
        branches.into_iter().for_each(|branch| merge(map, branch));
        int_or_string(map);
    } else {
        misfits.add(
            place,
            "its variants have different types",
            "give every variant data, a variant without any as `Name {}`, or none of them; or choose free JSON",
        );
    }
    takes_null
}

/// Whether a branch is more than a condition.
fn has_type(branch: &Value) -> bool {
    match branch {
        Value::Bool(_) => true,
        _ => ["type", "const", "$ref", "oneOf", "anyOf"].iter().any(|word| branch.get(*word).is_some()),
    }
}

fn object(value: Value) -> Option<Object> {
    match value {
        Value::Object(map) => Some(map),
        _ => None,
    }
}

fn is(branch: &Object, name: &str) -> bool {
    branch.get("type").is_some_and(|found| found == name)
}

fn is_text(branch: &Object) -> bool {
    is(branch, "string") && branch.contains_key("enum")
}

fn is_number_or_text(branches: &[Object]) -> bool {
    match branches {
        [one, other] => is(one, "integer") && is(other, "string") || is(one, "string") && is(other, "integer"),
        _ => false,
    }
}

/// Puts a schema into another one, which has the last word but about rules: all of them hold.
fn merge(map: &mut Object, branch: Object) {
    for (word, value) in branch {
        match (map.get_mut(&word), value) {
            (Some(Value::Array(rules)), Value::Array(more)) if word == "x-kubernetes-validations" => rules.extend(more),
            (Some(_), _) => {}
            (None, value) => drop(map.insert(word, value)),
        }
    }
}

/// Variants without data are the texts of one enum.
fn texts(map: &mut Object, variants: &[Object]) {
    let mut texts: Vec<Value> = Vec::new();
    let mut about = Vec::new();
    for variant in variants {
        let names = variant.get("enum").and_then(Value::as_array).into_iter().flatten();
        if let Some(description) = variant.get("description").and_then(Value::as_str) {
            about.extend(names.clone().filter_map(|name| Some(bullet(name.as_str()?, description))));
        }
        texts.extend(names.cloned());
    }
    map.insert("type".to_owned(), "string".into());
    map.insert("enum".to_owned(), Value::Array(texts));
    if !about.is_empty() {
        describe(map, &about.join("\n"));
    }
}

fn bullet(name: &str, description: &str) -> String {
    format!("* `{name}`: {}", description.replace('\n', " "))
}

/// Variants with data are one object with the fields of all, and what each variant requires is a condition.
fn objects(map: &mut Object, word: &str, variants: Vec<Object>, place: &Place, misfits: &mut Misfits) {
    let mut properties = match map.shift_remove("properties") {
        Some(Value::Object(properties)) => properties,
        _ => Object::new(),
    };
    let own = properties.len();
    let mut conditions: Vec<Object> = Vec::with_capacity(variants.len());
    let mut abouts = Vec::new();
    for mut variant in variants {
        let mut condition = Object::new();
        let description = variant.shift_remove("description");
        let fields = match variant.shift_remove("properties") {
            Some(Value::Object(fields)) => fields,
            _ => Object::new(),
        };
        let is_wrapper = fields.len() == 1;
        for (name, mut field) in fields {
            let tag = the_only_text(&field);
            if let (Some(text), Some(description)) = (&tag, &description) {
                abouts.push((name.clone(), bullet(text, description.as_str().unwrap_or_default())));
            } else if let (true, Some(description), Value::Object(field)) = (is_wrapper, &description, &mut field) {
                field.entry("description").or_insert_with(|| description.clone());
            }
            if let Some(text) = tag {
                condition.insert("properties".to_owned(), json!({ &name: { "enum": [text] } }));
            }
            add(&mut properties, name, field, place, misfits);
        }
        for word in ["required", "oneOf", "anyOf", "allOf", "not", "minProperties", "maxProperties"] {
            if let Some(value) = variant.shift_remove(word) {
                condition.insert(word.to_owned(), value);
            }
        }
        variant.shift_remove("type");
        if variant.shift_remove("x-kubernetes-preserve-unknown-fields").is_some() {
            map.insert("x-kubernetes-preserve-unknown-fields".to_owned(), true.into());
        }
        for word in variant.keys() {
            misfits.add(
                place,
                format!("{word} of a variant of its own"),
                "give all variants the same, on the enum itself",
            );
        }
        conditions.push(condition);
    }
    for (name, about) in abouts {
        if let Some(Value::Object(field)) = properties.get_mut(&name) {
            let text = field.get("description").and_then(Value::as_str).map(str::to_owned);
            let separator = if text.as_deref().is_some_and(|text| text.starts_with("* ")) { "\n" } else { "\n\n" };
            let text = text.map_or(about.clone(), |text| format!("{text}{separator}{about}"));
            field.insert("description".to_owned(), text.into());
        }
    }
    for (_, field) in properties.iter_mut().skip(own) {
        if let Value::Object(field) = field {
            field.insert(HOISTED.to_owned(), true.into());
        }
    }
    map.insert("type".to_owned(), "object".into());
    map.insert("properties".to_owned(), Value::Object(properties));
    lift_required(map, &mut conditions);
    // Alternatives of which one is always met are no condition.
    if word == "oneOf" || conditions.iter().all(|condition| !condition.is_empty()) {
        map.insert(word.to_owned(), Value::Array(conditions.into_iter().map(Value::Object).collect()));
    }
}

/// Adds a variant's field to those of the others. Variants may share a field, and a tag has the names of all.
fn add(properties: &mut Object, name: String, field: Value, place: &Place, misfits: &mut Misfits) {
    let Some(existing) = properties.get_mut(&name) else {
        properties.insert(name, field);
        return;
    };
    let bare = |field: &Value| {
        let mut field = field.clone();
        if let Value::Object(field) = &mut field {
            ["description", HOISTED].iter().for_each(|word| drop(field.shift_remove(*word)));
        }
        field
    };
    let texts = |field: &Value| field.get("enum").and_then(Value::as_array).cloned();
    if let (Some(Value::Array(names)), Some(more)) = (existing.get_mut("enum"), texts(&field)) {
        let new: Vec<Value> = more.into_iter().filter(|name| !names.contains(name)).collect();
        names.extend(new);
    } else if bare(existing) != bare(&field) {
        misfits.add(
            &place.field(&name),
            "variants give it different types",
            "name the field after the variant in each, or tag the enum from outside, which is serde's default",
        );
    }
}

/// The text that is the only value of a field: the name of a variant.
fn the_only_text(field: &Value) -> Option<String> {
    match field.get("enum").and_then(Value::as_array).map(Vec::as_slice) {
        Some([Value::String(text)]) => Some(text.clone()),
        _ => None,
    }
}

/// What every variant requires, the object does.
fn lift_required(map: &mut Object, conditions: &mut [Object]) {
    let required =
        |condition: &Object| condition.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut common = conditions.first().map(required).unwrap_or_default();
    for condition in conditions.iter() {
        let names = required(condition);
        common.retain(|name| names.contains(name));
    }
    if common.is_empty() {
        return;
    }
    for condition in conditions {
        if let Some(Value::Array(names)) = condition.get_mut("required") {
            names.retain(|name| !common.contains(name));
            if names.is_empty() {
                condition.shift_remove("required");
            }
        }
    }
    if let Value::Array(names) = map.entry("required").or_insert_with(|| Value::Array(Vec::new())) {
        for name in common {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
}
