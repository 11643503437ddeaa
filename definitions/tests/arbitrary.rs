//! Nothing panics, whatever an XRD looks like; and what is admitted has CRDs that are admitted.

use planewright_definitions::admission::{admit, refusals};
use planewright_definitions::json_schema::{Reader, make_structural};
use planewright_definitions::xcrd;
use planewright_definitions::xrd::Xrd;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Names that mean something somewhere in an XRD or in a schema, and some that do not.
const NAMES: [&str; 51] = [
    "spec",
    "status",
    "metadata",
    "name",
    "kind",
    "plural",
    "type",
    "Type",
    "items",
    "properties",
    "required",
    "enum",
    "default",
    "oneOf",
    "anyOf",
    "allOf",
    "not",
    "additionalProperties",
    "pattern",
    "format",
    "maximum",
    "minimum",
    "multipleOf",
    "maxLength",
    "nullable",
    "example",
    "externalDocs",
    "$ref",
    "definitions",
    "dependencies",
    "rule",
    "x-kubernetes-validations",
    "x-kubernetes-list-type",
    "x-kubernetes-list-map-keys",
    "x-kubernetes-map-type",
    "x-kubernetes-int-or-string",
    "x-kubernetes-embedded-resource",
    "x-kubernetes-preserve-unknown-fields",
    "fieldPath",
    "message",
    "crossplane",
    "conditions",
    "é",
    "",
    "a b",
    "webhook",
    "const",
    "uniqueItems",
    "prefixItems",
    "exclusiveMinimum",
    "examples",
];
const TEXTS: [&str; 18] = [
    "object",
    "array",
    "string",
    "integer",
    "number",
    "boolean",
    "null",
    "map",
    "set",
    "atomic",
    "(",
    "a{2}{3}",
    "date-time",
    ".a['b",
    "\\p{",
    "é\u{0}",
    "Webhook",
    "",
];

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop::sample::select(&TEXTS[..]).prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ]
}

fn tree() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(6, 64, 6, |inner| {
        let name = prop_oneof![4 => prop::sample::select(&NAMES[..]).prop_map(String::from), 1 => ".{0,6}".prop_map(String::from)];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((name, inner), 0..6).prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// An XRD of the right shape, with anything at all in one of its places.
fn xrd() -> impl Strategy<Value = Value> {
    let place = prop::sample::select(vec![
        "",
        "/metadata",
        "/metadata/labels",
        "/spec",
        "/spec/names",
        "/spec/claimNames",
        "/spec/group",
        "/spec/conversion",
        "/spec/conversion/webhook",
        "/spec/versions",
        "/spec/versions/0",
        "/spec/versions/0/additionalPrinterColumns",
        "/spec/versions/0/subresources",
        "/spec/versions/0/schema",
        "/spec/versions/0/schema/openAPIV3Schema",
        "/spec/versions/0/schema/openAPIV3Schema/properties",
        "/spec/versions/0/schema/openAPIV3Schema/properties/spec",
        "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/a",
    ]);
    (place, tree(), any::<bool>()).prop_map(|(place, tree, legacy)| {
        let mut xrd = json!({
            "apiVersion": if legacy { "apiextensions.crossplane.io/v1" } else { "apiextensions.crossplane.io/v2" },
            "kind": "CompositeResourceDefinition",
            "metadata": {"name": "as.example.com", "labels": {}},
            "spec": {
                "group": "example.com",
                "names": {"kind": "A", "plural": "as"},
                "conversion": {"strategy": "Webhook", "webhook": {"conversionReviewVersions": ["v1"]}},
                "claimNames": {"kind": "B", "plural": "bs"},
                "versions": [{
                    "name": "v1", "served": true, "referenceable": true,
                    "additionalPrinterColumns": [], "subresources": {},
                    "schema": {"openAPIV3Schema": {"properties": {"spec": {"properties": {"a": {}}}}}},
                }],
            },
        });
        if let Some(at) = xrd.pointer_mut(place) {
            *at = tree;
        }
        xrd
    })
}

proptest! {
    #[test]
    fn no_schema_of_a_type_panics(mut schema in tree()) {
        for reader in [Reader::ApiServer, Reader::Program] {
            if let Err(misfits) = make_structural(&mut schema.clone(), reader) {
                prop_assert!(!misfits.is_empty());
            }
        }
        let _ = make_structural(&mut schema, Reader::ApiServer);
        // Once more, on what has become of it.
        let _ = make_structural(&mut schema, Reader::ApiServer);
    }

    #[test]
    fn nothing_panics(xrd in xrd()) {
        if let Ok(xrd) = serde_json::from_value::<Xrd>(xrd.clone()) {
            let _ = xcrd::composite(&xrd).map(xcrd::stored);
            let _ = xcrd::claim(&xrd);
        }
        match admit(&xrd) {
            Ok(admitted) => {
                prop_assert!(refusals(&admitted.composite).0.is_empty());
                let written = serde_json::to_value(&admitted.xrd).unwrap();
                prop_assert_eq!(admit(&written), Ok(admitted));
            }
            Err(found) => {
                prop_assert!(!found.0.is_empty());
                prop_assert!(found.0.iter().all(|refusal| !refusal.reason.is_empty() && !refusal.remedy.is_empty()));
            }
        }
    }
}

#[test]
fn schemas_inside_each_other_without_end() {
    // As deep as a JSON or YAML reader lets through, and beyond.
    for depth in [40, 90, 110, 300] {
        let mut schema = json!({"type": "string"});
        for _ in 0..depth {
            schema = json!({"type": "object", "properties": {"a": schema}});
        }
        let mut fields = Map::new();
        fields.insert("spec".to_owned(), schema);
        let xrd = json!({
            "apiVersion": "apiextensions.crossplane.io/v2",
            "kind": "CompositeResourceDefinition",
            "metadata": {"name": "as.example.com"},
            "spec": {
                "group": "example.com",
                "names": {"kind": "A", "plural": "as"},
                "versions": [{
                    "name": "v1", "served": true, "referenceable": true,
                    "schema": {"openAPIV3Schema": {"type": "object", "properties": fields}},
                }],
            },
        });
        assert_eq!(admit(&xrd).is_ok(), depth < 100, "{depth}");
    }
}
