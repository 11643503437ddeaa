//! What becomes of JSON Schema, in the words that schemars has for Rust types.

use planewright_definitions::admission::admit;
use planewright_definitions::json_schema::{Reader, make_structural};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn structural(mut schema: Value) -> Value {
    match make_structural(&mut schema, Reader::ApiServer) {
        Ok(()) => schema,
        Err(misfits) => misfits.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n").into(),
    }
}

/// `{type: object}` with one field, whose schema is given back.
fn field(schema: Value) -> Value {
    let whole = structural(json!({ "title": "T", "type": "object", "properties": { "a": schema }, "required": ["a"] }));
    if whole.is_string() { whole } else { whole["properties"]["a"].clone() }
}

#[test]
fn null_is_no_value() {
    let optional = json!({ "type": ["string", "null"], "enum": ["X", null], "default": null, "maxLength": 3 });
    assert_eq!(field(optional), json!({ "type": "string", "enum": ["X"], "maxLength": 3 }));
    let of_an_enum = json!({ "description": "outer", "x-kubernetes-validations": [{ "rule": "a" }], "anyOf": [
        { "description": "inner", "type": "object", "properties": { "b": { "type": "string" } }, "required": ["b"],
          "x-kubernetes-validations": [{ "rule": "b" }] },
        { "type": "null" },
    ] });
    assert_eq!(
        field(of_an_enum),
        json!({ "description": "outer", "x-kubernetes-validations": [{ "rule": "a" }, { "rule": "b" }],
            "type": "object", "properties": { "b": { "type": "string" } }, "required": ["b"] })
    );
    assert_eq!(
        field(json!({ "type": "null" })),
        "a: its only value is null, which the API server drops; leave the field out"
    );
}

#[test]
fn null_is_a_value_for_a_program() {
    let mut schema =
        json!({ "type": "object", "properties": { "a": { "type": ["string", "null"] }, "b": { "type": "string" } } });
    make_structural(&mut schema, Reader::Program).expect("b has a default of its own");
    assert_eq!(schema["properties"], json!({ "a": { "type": "string", "nullable": true }, "b": { "type": "string" } }));
}

#[test]
fn what_a_default_leaves_unset_is_not_null() {
    let schema =
        json!({ "type": "object", "properties": { "b": { "type": ["string", "null"] } }, "default": { "b": null } });
    assert_eq!(field(schema)["default"], json!({}));
}

#[test]
fn a_default_must_stand_in_the_schema() {
    let with = |property: Value| structural(json!({ "type": "object", "properties": { "a": property } }));
    assert!(with(json!({ "type": "integer", "default": 1 })).is_object());
    assert!(with(json!({ "type": ["integer", "null"] })).is_object());
    assert!(with(json!({ "description": "free" })).is_object());
    assert_eq!(
        with(json!({ "type": "integer" })),
        "a: it is not required, has no default in the schema, and is no `Option`; \
         derive `Serialize` for the type of its default, or make it an `Option`"
    );
}

#[test]
fn variants_without_data_are_one_enum() {
    let schema = json!({ "description": "How.", "oneOf": [
        { "type": "string", "enum": ["Plain"] },
        { "description": "At\nonce.", "type": "string", "const": "Hot" },
    ] });
    assert_eq!(
        field(schema),
        json!({ "description": "How.\n\n* `Hot`: At once.", "type": "string", "enum": ["Plain", "Hot"] })
    );
}

#[test]
fn variants_with_data_are_one_object() {
    let from_outside = json!({ "oneOf": [
        { "description": "One.", "type": "object", "additionalProperties": false, "required": ["one"],
          "properties": { "one": { "type": "object", "required": ["b"], "properties": { "b": { "type": "string" } } } } },
        { "type": "object", "additionalProperties": false, "required": ["two"], "properties": { "two": { "type": "integer", "format": "uint8" } } },
    ] });
    assert_eq!(
        field(from_outside),
        json!({ "type": "object",
            "properties": {
                "one": { "type": "object", "required": ["b"], "properties": { "b": { "type": "string" } }, "description": "One." },
                "two": { "type": "integer" },
            },
            "oneOf": [{ "required": ["one"] }, { "required": ["two"] }] })
    );
    let tagged = |word: &str, same: &str| {
        json!({ word: [
        { "type": "object", "required": ["type", "b"], "properties": { "type": { "type": "string", "const": "x" }, "b": { "type": "string" } } },
        { "type": "object", "required": ["type"], "properties": { "type": { "type": "string", "const": "y" }, "b": { "type": same } } },
    ] })
    };
    let mut right = tagged("oneOf", "string");
    right["oneOf"][1]["required"] = json!(["type", "b"]);
    assert_eq!(
        field(right),
        json!({ "type": "object", "required": ["type", "b"],
            "properties": { "type": { "type": "string", "enum": ["x", "y"] }, "b": { "type": "string" } },
            "oneOf": [{ "properties": { "type": { "enum": ["x"] } } }, { "properties": { "type": { "enum": ["y"] } } }] })
    );
    let mut wrong = tagged("oneOf", "integer");
    wrong["oneOf"][1]["required"] = json!(["type", "b"]);
    assert_eq!(
        field(wrong),
        "a.b: variants give it different types; name the field after the variant in each, or tag the enum from outside, which is serde's default"
    );
}

#[test]
fn alternatives_of_which_one_is_always_met_are_no_condition() {
    let untagged = json!({ "anyOf": [
        { "type": "object", "required": ["a"], "properties": { "a": { "type": "string" } } },
        { "type": "object", "required": ["a", "b"], "properties": { "a": { "type": "string" }, "b": { "type": "string" } } },
    ] });
    assert_eq!(
        field(untagged),
        json!({ "type": "object", "required": ["a"], "properties": { "a": { "type": "string" }, "b": { "type": "string" } } })
    );
}

#[test]
fn a_number_or_a_text_is_one_word_and_other_mixtures_are_refused() {
    let either = json!({ "anyOf": [{ "type": "integer", "format": "int32" }, { "type": "string" }] });
    assert_eq!(field(either), json!({ "x-kubernetes-int-or-string": true }));
    let mixed = json!({ "oneOf": [
        { "type": "string", "enum": ["u"] },
        { "type": "object", "required": ["s"], "properties": { "s": { "type": "string" } } },
    ] });
    assert_eq!(
        field(mixed),
        "a: its variants have different types; give every variant data, a variant without any as `Name {}`, or none of them; or choose free JSON"
    );
}

#[test]
fn conditions_of_the_author_stay() {
    let conditions = json!({ "type": "object", "properties": { "b": { "type": ["string", "null"] } }, "oneOf": [{ "required": ["b"] }, { "not": { "required": ["b"] } }] });
    assert_eq!(field(conditions)["oneOf"], json!([{ "required": ["b"] }, { "not": { "required": ["b"] } }]));
}

#[test]
fn words_that_kubernetes_has_otherwise() {
    assert_eq!(
        field(json!({ "type": "array", "uniqueItems": true, "items": { "type": "string" } })),
        json!({ "type": "array", "items": { "type": "string" }, "x-kubernetes-list-type": "set" })
    );
    assert_eq!(field(json!(true)), json!({ "x-kubernetes-preserve-unknown-fields": true }));
    assert_eq!(
        field(json!({ "type": "object", "additionalProperties": true })),
        json!({ "type": "object", "x-kubernetes-preserve-unknown-fields": true })
    );
    assert_eq!(
        field(json!({ "type": "integer", "minimum": 0, "exclusiveMinimum": 1, "exclusiveMaximum": 9 })),
        json!({ "type": "integer", "minimum": 1, "exclusiveMinimum": true, "maximum": 9, "exclusiveMaximum": true })
    );
    assert_eq!(
        field(json!({ "type": "integer", "minimum": 2, "exclusiveMinimum": 1 })),
        json!({ "type": "integer", "minimum": 2 })
    );
    assert_eq!(
        field(json!({ "type": "boolean", "deprecated": true, "examples": [true, false], "writeOnly": true })),
        json!({ "type": "boolean", "example": true, "description": "Deprecated." })
    );
    assert_eq!(field(json!({ "const": "x" })), json!({ "type": "string", "enum": ["x"] }));
}

#[test]
fn what_no_schema_can_say_is_refused_all_at_once() {
    let schema = json!({ "type": "object", "required": ["tuple", "tree", "set", "never"], "properties": {
        "tuple": { "type": "array", "prefixItems": [{ "type": "string" }, { "type": "integer" }] },
        "tree": { "type": "array", "items": { "$ref": "#/$defs/Tree" } },
        "set": { "type": "object", "additionalProperties": { "type": "array", "uniqueItems": true, "items": { "type": "object" } } },
        "never": false,
    } });
    assert_eq!(
        structural(schema).as_str().unwrap_or_default().lines().collect::<Vec<_>>(),
        [
            "tuple: the items of a tuple have a type each; give a struct with a field for each",
            "tree[]: the type contains itself; end the recursion with a field of free JSON",
            "set{}: it is a set of objects or lists, which Kubernetes cannot compare; make it a `Vec`, with a list type of its own",
            "never: no value fits the type; leave the field out",
        ]
    );
}

/// Schemas as schemars writes them for structs, enums, options, lists, sets and maps inside each other.
fn rust() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!({ "type": "string" })),
        Just(json!({ "type": "integer", "format": "uint8", "minimum": 0, "maximum": 255 })),
        Just(json!({ "type": "number", "format": "double" })),
        Just(json!({ "type": "boolean", "deprecated": true })),
        Just(json!(true)),
        Just(json!({ "type": "string", "enum": ["A", "B"] })),
        Just(
            json!({ "oneOf": [{ "type": "string", "enum": ["A"] }, { "type": "string", "const": "B", "description": "b" }] })
        ),
        Just(json!({ "type": "array", "uniqueItems": true, "items": { "type": "string" } })),
        Just(json!({ "type": "object", "additionalProperties": true })),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        let fields = || prop::collection::vec((inner.clone(), any::<bool>()), 1..4);
        prop_oneof![
            inner.clone().prop_map(|items| json!({ "type": "array", "items": items })),
            inner.clone().prop_map(|values| json!({ "type": "object", "additionalProperties": values })),
            fields().prop_map(|fields| object("f", fields, None)),
            // Tagged from outside, from inside, and not at all.
            fields().prop_map(|variants| {
                let of = |(i, (data, _)): (usize, (Value, bool))| object(&format!("v{i}"), vec![(data, true)], None);
                json!({ "oneOf": variants.into_iter().enumerate().map(of).collect::<Vec<_>>() })
            }),
            (fields(), fields()).prop_map(|(one, other)| {
                json!({ "oneOf": [object("x", one, Some("X")), object("y", other, Some("Y"))] })
            }),
            (fields(), fields())
                .prop_map(|(one, other)| json!({ "anyOf": [object("x", one, None), object("y", other, None)] })),
        ]
    })
}

/// A struct of these fields, of which some are options. `variant` is the name that its tag has.
fn object(prefix: &str, fields: Vec<(Value, bool)>, variant: Option<&str>) -> Value {
    let (mut properties, mut required) = (Map::new(), Vec::new());
    if let Some(variant) = variant {
        properties.insert("type".to_owned(), json!({ "type": "string", "const": variant }));
        required.push("type".to_owned());
    }
    for (i, (schema, is_required)) in fields.into_iter().enumerate() {
        let name = format!("{prefix}{i}");
        if is_required {
            required.push(name.clone());
        }
        let schema = if is_required { schema } else { json!({ "anyOf": [schema, { "type": "null" }] }) };
        properties.insert(name, schema);
    }
    let mut object = json!({ "type": "object", "properties": properties, "additionalProperties": false });
    if !required.is_empty() {
        object["required"] = json!(required);
    }
    object
}

proptest! {
    /// What has become structural is taken by a control plane, which keeps every word of it.
    #[test]
    fn what_is_structural_is_admitted_as_it_is(mut schema in rust()) {
        make_structural(&mut schema, Reader::ApiServer).expect("everything here has its counterpart");
        let xrd = json!({
            "apiVersion": "apiextensions.crossplane.io/v2",
            "kind": "CompositeResourceDefinition",
            "metadata": { "name": "as.example.org" },
            "spec": {
                "group": "example.org",
                "scope": "Namespaced",
                "names": { "kind": "A", "plural": "as" },
                "versions": [{ "name": "v1", "served": true, "referenceable": true, "schema": { "openAPIV3Schema": {
                    "type": "object", "properties": { "spec": { "type": "object", "properties": { "a": schema } } },
                } } }],
            },
        });
        let admitted = admit(&xrd).map_err(|refusals| TestCaseError::fail(refusals.to_string()))?;
        let derived = serde_json::to_value(admitted.composite.spec.versions[0].schema()).expect("JSON");
        prop_assert_eq!(&derived["properties"]["spec"]["properties"]["a"], &schema);
    }
}
