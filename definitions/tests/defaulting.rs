//! Pruning and defaulting, rule by rule.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test")]

use planewright_definitions::defaulting;
use planewright_definitions::schema::Schema;
use planewright_definitions::yaml;
use proptest::prelude::*;
use serde_json::{Value, json};

const SCHEMA: &str = "
type: object
properties:
  spec:
    type: object
    properties:
      region: {type: string, default: eu-central-1}
      zone: {type: string}
      note: {type: string, nullable: true, default: none}
      size: {type: integer}
      network:
        type: object
        properties:
          cidr: {type: string, default: 10.0.0.0/16}
      peering:
        type: object
        default: {mode: {}}
        properties:
          mode:
            type: object
            properties:
              kind: {type: string, default: static}
      subnets:
        type: array
        items:
          type: object
          properties:
            public: {type: boolean, default: false}
            name: {type: string}
      zones:
        type: array
        items: {type: string}
      tags:
        type: object
        additionalProperties: {type: string}
      limits:
        type: object
        additionalProperties: {type: integer, default: 5}
      free:
        type: object
        x-kubernetes-preserve-unknown-fields: true
        properties:
          known: {type: object, properties: {a: {type: string}}}
      any:
        type: object
        additionalProperties: true
      object:
        type: object
        x-kubernetes-embedded-resource: true
        x-kubernetes-preserve-unknown-fields: true
";

fn schema() -> Schema {
    yaml::from_str(SCHEMA, "schema.yaml").unwrap_or_else(|error| panic!("{error}"))
}

fn filled(spec: &Value) -> Value {
    let mut object = json!({ "spec": spec });
    defaulting::fill(&mut object, &schema());
    object["spec"].take()
}

/// The default of a spec that says nothing.
fn base(with: &Value) -> Value {
    let mut base = json!({"region": "eu-central-1", "note": "none", "peering": {"mode": {"kind": "static"}}});
    base.as_object_mut().unwrap().extend(with.as_object().unwrap().clone());
    base
}

#[test]
fn defaults_fill_what_is_there_and_make_no_parents() {
    assert_eq!(filled(&json!({})), base(&json!({})), "network has no default of its own, peering has and is filled");
    assert_eq!(filled(&json!({"network": {}})), base(&json!({"network": {"cidr": "10.0.0.0/16"}})));
    assert_eq!(filled(&json!({"peering": {}})), base(&json!({"peering": {}})), "an empty object is a value");
    assert_eq!(filled(&json!({"subnets": [], "tags": {}})), base(&json!({"subnets": [], "tags": {}})));
    assert_eq!(
        filled(&json!({"subnets": [{}, {"public": true}]})),
        base(&json!({"subnets": [{"public": false}, {"public": true}]}))
    );
    assert_eq!(filled(&json!({"region": ""})), base(&json!({"region": ""})));
}

#[test]
fn nulls_go_where_they_are_not_allowed() {
    assert_eq!(filled(&json!({"region": null, "zone": null})), base(&json!({})));
    assert_eq!(filled(&json!({"note": null})), base(&json!({"note": null})), "nullable: kept, and no default");
    assert_eq!(filled(&json!({"tags": {"a": null, "b": "c"}})), base(&json!({"tags": {"b": "c"}})));
    assert_eq!(filled(&json!({"limits": {"a": null}})), base(&json!({"limits": {"a": 5}})));
    assert_eq!(filled(&json!({"zones": ["a", null]})), base(&json!({"zones": ["a", null]})), "items stay");
    assert_eq!(filled(&json!({"subnets": [{"name": null}]})), base(&json!({"subnets": [{"public": false}]})));
    assert_eq!(filled(&json!({"free": {"x": null}})), base(&json!({"free": {"x": null}})), "nobody knows its schema");
    assert_eq!(filled(&json!({"free": {"known": {"a": null}}})), base(&json!({"free": {"known": {}}})));
}

#[test]
fn numbers_are_the_servers() {
    for (written, stored) in [
        (json!(1.0), "1"),
        (json!(1000.0), "1000"),
        (json!(-0.0), "0"),
        (json!(1.5), "1.5"),
        (json!(i64::MIN), "-9223372036854775808"),
        (json!(u64::MAX), "1.8446744073709552e+19"),
        (json!(1e30), "1e+30"),
    ] {
        assert_eq!(filled(&json!({"size": written}))["size"].to_string(), stored);
    }
}

#[test]
fn metadata_of_resources_is_stored_without_what_is_empty() {
    let object = json!({"kind": "K", "metadata": {"name": "", "labels": {}, "creationTimestamp": null, "namespace": "n"}, "data": {"a": null}});
    let stored = json!({"kind": "K", "metadata": {"namespace": "n"}, "data": {"a": null}});
    assert_eq!(filled(&json!({"object": object})), base(&json!({"object": stored})));
    assert_eq!(filled(&json!({"object": {"metadata": null}})), base(&json!({"object": {"metadata": {}}})));
}

#[test]
fn unknown_fields_are_pruned_and_told() {
    let mut object = json!({
        "apiVersion": "example.org/v1", "kind": "K", "metadata": {"name": "x", "nmae": "y"}, "extra": 1,
        "spec": {
            "Region": "x", "region": {"a": 1}, "zones": [{"x": 1}], "subnets": [{"publik": true, "name": "a"}], "tags": {"any": "x"},
            "free": {"x": {"y": 1}, "known": {"b": 1, "a": "x"}}, "any": {"a": 1, "b": {"c": 1}},
            "object": {"apiVersion": "v1", "kind": "K", "metadata": {"labels": {"a": "b"}, "lables": {}}, "data": {}},
        },
    });
    let paths: Vec<String> = defaulting::prune(&mut object, &schema()).iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(paths.join("\n"), @r#"
    extra
    metadata.nmae
    spec.Region
    spec.any.b.c
    spec.free.known.b
    spec.object.metadata.lables
    spec.region.a
    spec.subnets[0].publik
    spec.zones[0].x
    "#);
    insta::assert_snapshot!(yaml::to_string(&object).unwrap(), @r#"
    apiVersion: example.org/v1
    kind: K
    metadata:
      name: x
    spec:
      region: {}
      zones:
      - {}
      subnets:
      - name: a
      tags:
        any: x
      free:
        x:
          "y": 1
        known:
          a: x
      any:
        a: 1
        b: {}
      object:
        apiVersion: v1
        kind: K
        metadata:
          labels:
            a: b
        data: {}
    "#);
    assert!(defaulting::prune(&mut object, &schema()).is_empty(), "pruned once, there is nothing left to prune");
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[a-z]{0,3}".prop_map(Value::from)
    ];
    let key = proptest::sample::select(vec![
        "region", "note", "network", "cidr", "peering", "mode", "subnets", "public", "tags", "limits", "free", "known",
        "any", "object", "metadata", "x",
    ]);
    leaf.prop_recursive(4, 30, 4, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec((key.clone(), inner), 0..5)
                .prop_map(|entries| entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn filling_twice_changes_nothing(spec in any_json()) {
        let mut once = json!({ "spec": spec });
        defaulting::fill(&mut once, &schema());
        let mut twice = once.clone();
        defaulting::fill(&mut twice, &schema());
        prop_assert_eq!(once, twice);
    }

    #[test]
    fn pruning_leaves_nothing_unknown(mut object in any_json()) {
        defaulting::prune(&mut object, &schema());
        prop_assert_eq!(planewright_definitions::structural::unknown_fields(&object, &schema()), vec![]);
    }
}
