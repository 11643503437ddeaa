//! The structural verdict, and its words.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test")]

use planewright_definitions::schema::Schema;
use planewright_definitions::structural::{Status, admit};
use planewright_definitions::yaml;
use proptest::prelude::*;
use serde_json::{Value, json};

const SCHEMA: &str = r"
type: object
required: [spec]
properties:
  metadata: {type: object, properties: {name: {type: string, maxLength: 63}}}
  spec:
    type: object
    required: [region, size]
    properties:
      region: {type: string, enum: [eu-central-1, us-east-1]}
      size: {type: integer, minimum: 1, maximum: 9, default: 3}
      ratio: {type: number, exclusiveMinimum: true, minimum: 0, exclusiveMaximum: true, maximum: 1}
      step: {type: integer, multipleOf: 5}
      name: {type: string, minLength: 2, maxLength: 4, pattern: '^\w+$'}
      since: {type: string, format: date-time}
      public: {type: boolean}
      port: {x-kubernetes-int-or-string: true, anyOf: [{type: integer}, {type: string}]}
      zones: {type: array, minItems: 1, maxItems: 2, x-kubernetes-list-type: set, items: {type: string}}
      subnets:
        type: array
        x-kubernetes-list-type: map
        x-kubernetes-list-map-keys: [zone, kind]
        items:
          type: object
          required: [zone]
          properties: {zone: {type: string}, kind: {type: string, default: private}, cidrBlock: {type: string}}
      tags: {type: object, maxProperties: 2, minProperties: 1, additionalProperties: {type: string}}
      source:
        type: object
        properties: {git: {type: string}, oci: {type: string}}
        oneOf: [{required: [git]}, {required: [oci]}]
      opaque: {type: object, not: {required: [secret]}, x-kubernetes-preserve-unknown-fields: true}
      object: {type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true}
      odd: {type: BoolString}
  status:
    type: object
    properties: {ready: {type: boolean}}
";

fn schema() -> Schema {
    yaml::from_str(SCHEMA, "schema.yaml").unwrap_or_else(|error| panic!("{error}"))
}

fn verdict_of(mut object: Value, status: Status) -> String {
    let violations = admit(&mut object, &schema(), status);
    violations.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// The verdict on an object whose spec is sound but for this.
fn verdict(spec: &Value) -> String {
    let mut all = json!({"region": "us-east-1"});
    all.as_object_mut().unwrap().extend(spec.as_object().unwrap().clone());
    verdict_of(
        json!({"apiVersion": "example.org/v1", "kind": "Network", "metadata": {"name": "n"}, "spec": all}),
        Status::Subresource,
    )
}

#[test]
fn sound_objects_pass() {
    for spec in [
        json!({}),
        json!({"size": 1.0}),
        json!({"ratio": 0.5}),
        json!({"step": -10}),
        json!({"name": "ab_1"}),
        json!({"since": "2024-01-02T03:04:05Z"}),
        json!({"port": 80}),
        json!({"port": "http"}),
        json!({"zones": ["a", "b"]}),
        json!({"subnets": [{"zone": "a"}, {"zone": "a", "kind": "public"}]}),
        json!({"tags": {"a": "b"}}),
        json!({"source": {"git": "x"}}),
        json!({"opaque": {"anything": [1, {"x": null}]}}),
        json!({"object": {"apiVersion": "v1", "kind": "Secret", "data": {}}}),
        json!({"odd": "yes"}),
        json!({"odd": true}),
        json!({"size": null}),
        json!({"public": null}),
    ] {
        assert_eq!(verdict(&spec), "", "{spec}");
    }
}

#[test]
fn unknown_fields() {
    insta::assert_snapshot!(verdict(&json!({"zons": ["a"], "Public": true, "cidr_block": "x"})), @r#"
    spec.Public: unknown field `Public`; did you mean `public`?
    spec.cidr_block: unknown field `cidr_block`; remove it; the fields here are `name`, `object`, `odd`, `opaque`, `port`, `public`, `ratio`, `region`, `since`, `size`, `source`, `step` and 3 more
    spec.zons: unknown field `zons`; did you mean `zones`?
    "#);
    insta::assert_snapshot!(verdict(&json!({"subnets": [{"zone": "a", "cidr_block": "x"}]})), @"spec.subnets[0].cidr_block: unknown field `cidr_block`; did you mean `cidrBlock`?");
    insta::assert_snapshot!(verdict(&json!({"name": {"first": "x"}, "zones": [{"name": "a"}]})), @r#"
    spec.name.first: unknown field `first`: a mapping stands where a string belongs; write a string instead of the mapping
    spec.zones[0].name: unknown field `name`: a mapping stands where a string belongs; write a string instead of the mapping
    "#);
    insta::assert_snapshot!(verdict_of(json!({"apiVersion": "v1", "kind": "K", "metadata": {"nmae": "x"}, "sepc": {}}), Status::Subresource), @r#"
    metadata.nmae: unknown field `nmae`; did you mean `name`?
    sepc: unknown field `sepc`; did you mean `spec`?
    "#);
}

#[test]
fn types() {
    insta::assert_snapshot!(verdict(&json!({"size": "3", "name": 12, "public": "true", "zones": "a", "ratio": [], "port": 1.5, "tags": {"a": 1, "b": true}})), @r#"
    spec.size: "3" is a string, and an integer belongs here; remove the quotes: 3
    spec.name: 12 is a number, and a string belongs here; quote it: "12"
    spec.public: "true" is a string, and a boolean belongs here; remove the quotes: true
    spec.zones: "a" is a string, and a list belongs here; write a list, one item a line after `- `
    spec.ratio: a list, and a number belongs here; write a number
    spec.port: 1.5 is a number, and an integer or a string belongs here; write an integer or a string
    spec.tags.a: 1 is a number, and a string belongs here; quote it: "1"
    spec.tags.b: true is a boolean, and a string belongs here; quote it: "true"
    "#);
    insta::assert_snapshot!(verdict(&json!({"size": 9.2, "zones": ["a", null], "source": [], "subnets": [{}]})), @r#"
    spec.size: 9.2 is a number, and an integer belongs here; write an integer
    spec.zones[1]: null, and a string belongs here; write it, or remove the item
    spec.source: a list, and a mapping belongs here; write a mapping
    spec.subnets[0].zone: required, and missing; add it: a string
    "#);
    insta::assert_snapshot!(verdict_of(json!({"apiVersion": "v1", "kind": "K", "spec": []}), Status::Subresource), @"spec: a list, and a mapping belongs here; write a mapping");
}

#[test]
fn values() {
    insta::assert_snapshot!(verdict(&json!({"region": "eu-west-1", "size": 10, "ratio": 1, "step": 7, "name": "a-bcd", "since": "yesterday"})), @r#"
    spec.region: "eu-west-1" is not a supported value; use one of `eu-central-1`, `us-east-1`
    spec.size: 10 is too large; it must be at most 9
    spec.ratio: 1 is too large; it must be less than 1
    spec.step: 7 is not a multiple of 5; use a multiple of 5
    spec.name: too long (5); it can have at most 4 characters
    spec.name: "a-bcd" does not match the pattern; write what matches ^\w+$
    spec.since: "yesterday" is not of the format date-time; write a date-time
    "#);
    insta::assert_snapshot!(verdict(&json!({"size": 0, "ratio": 0, "name": "x"})), @r#"
    spec.size: 0 is too small; it must be at least 1
    spec.ratio: 0 is too small; it must be greater than 0
    spec.name: too short (1); it needs at least 2 characters
    "#);
    insta::assert_snapshot!(verdict(&json!({"zones": [], "tags": {}})), @r#"
    spec.zones: too few items (0); it needs at least 1
    spec.tags: too few fields (0); it needs at least 1
    "#);
    insta::assert_snapshot!(verdict(&json!({"zones": ["a", "b", "a"], "tags": {"a": "", "b": "", "c": ""}, "subnets": [{"zone": "a"}, {"kind": "private", "zone": "a"}]})), @r#"
    spec.zones: too many items (3); it can have at most 2
    spec.zones[2]: "a" is there twice; keep one of them: the list is a set
    spec.tags: too many fields (3); it can have at most 2
    spec.subnets[1]: {"zone":"a","kind":"private"} is there twice; keep one of them: the list is a map by these keys
    "#);
}

#[test]
fn required_and_combined() {
    insta::assert_snapshot!(verdict_of(json!({"metadata": {"name": "n"}, "spec": {}}), Status::Subresource), @r#"
    apiVersion: required, and missing; every Kubernetes object has it
    kind: required, and missing; every Kubernetes object has it
    spec.region: required, and missing; add it: a string
    "#);
    insta::assert_snapshot!(verdict_of(json!({"apiVersion": "v1", "kind": "K"}), Status::Subresource), @"spec: required, and missing; add it: a mapping");
    insta::assert_snapshot!(verdict(&json!({"source": {}, "opaque": {"secret": 1}, "object": {"kind": "Secret"}})), @r#"
    spec.source: matches none of the alternatives (oneOf); the nearest of them fails: spec.source.git: required, and missing; add it
    spec.opaque: is what is forbidden here (not); change it; see the description of the field
    spec.object.apiVersion: required, and missing; every Kubernetes object has it
    "#);
    insta::assert_snapshot!(verdict(&json!({"source": {"git": "x", "oci": "y"}})), @"spec.source: matches 2 alternatives, of which only one is allowed (oneOf); remove what belongs to the others");
}

#[test]
fn status_is_judged_where_it_is_a_field() {
    let object = json!({"apiVersion": "v1", "kind": "K", "spec": {"region": "us-east-1"}, "status": {"ready": "yes"}});
    assert_eq!(verdict_of(object.clone(), Status::Subresource), "");
    insta::assert_snapshot!(verdict_of(object, Status::Field), @r#"status.ready: "yes" is a string, and a boolean belongs here; write a boolean"#);
    let unknown = json!({"apiVersion": "v1", "kind": "K", "spec": {"region": "us-east-1"}, "status": {"raedy": true}});
    insta::assert_snapshot!(verdict_of(unknown, Status::Subresource), @"status.raedy: unknown field `raedy`; did you mean `ready`?");
}

#[test]
fn names_are_counted_in_code_points() {
    let name = |name: String| {
        verdict_of(
            json!({"apiVersion": "v1", "kind": "K", "metadata": {"name": name}, "spec": {"region": "us-east-1"}}),
            Status::Subresource,
        )
    };
    assert_eq!(name("ä".repeat(63)), "");
    insta::assert_snapshot!(name("a".repeat(64)), @"metadata.name: too long (64); it can have at most 63 characters");
}

#[test]
fn what_cannot_be_judged_is_not_refused() {
    let refused = |schema: Value, value: Value| {
        let schema: Schema = serde_json::from_value(json!({"properties": {"v": schema}})).unwrap();
        !admit(&mut json!({"apiVersion": "v1", "kind": "K", "v": value}), &schema, Status::Subresource).is_empty()
    };
    // The pattern is RE2's alone, the format is not judged: neither `not` nor `oneOf` may take that for a pass.
    assert!(!refused(json!({"not": {"pattern": r"^\Qa\E$"}}), json!("b")));
    assert!(!refused(json!({"oneOf": [{"format": "hostname"}, {"type": "string"}]}), json!("-")));
    assert!(
        !refused(json!({"type": "string", "format": "ipv4"}), json!(["x"])),
        "the server leaves lists to the format"
    );
    assert!(refused(json!({"not": {"pattern": "^a$"}}), json!("a")));
    assert!(refused(json!({"allOf": [{"maximum": 3}, {"minimum": 5}]}), json!(4)));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever stands in the fields: no panic, and every refusal names a path and a remedy.
    #[test]
    fn nothing_panics(field in proptest::sample::select(vec!["region", "size", "ratio", "step", "name", "since", "port", "zones", "subnets", "tags", "source", "opaque", "object", "odd"]), value in json_value()) {
        let mut object = json!({"apiVersion": "v1", "kind": "K", "spec": { field: value }});
        for violation in admit(&mut object, &schema(), Status::Field) {
            prop_assert!(!violation.path.is_root() && !violation.reason.is_empty() && !violation.remedy.is_empty());
        }
    }
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from)
    ];
    leaf.prop_recursive(3, 20, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec(("[a-z]{0,4}|zone|kind|metadata|git", inner), 0..4)
                .prop_map(|entries| entries.into_iter().collect()),
        ]
    })
}

#[test]
fn no_message_quotes_a_password() {
    let schema = r"
type: object
properties:
  spec:
    type: object
    properties:
      pin: {type: string, format: password}
      word: {type: string, format: password, pattern: '^[a-z]+$', enum: [one, two]}
";
    let schema: Schema = yaml::from_str(schema, "schema").unwrap();
    let mut object = json!({"apiVersion": "v1", "kind": "A", "spec": {"pin": 73551, "word": "s3cret"}});
    let violations = admit(&mut object, &schema, Status::Subresource);
    let said: Vec<String> = violations.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(said.join("\n"), @r#"
    spec.pin: [secret] is a number, and a string belongs here; quote it: "[secret]"
    spec.word: [secret] is not a supported value; use one of `one`, `two`
    spec.word: [secret] does not match the pattern; write what matches ^[a-z]+$
    "#);
}
