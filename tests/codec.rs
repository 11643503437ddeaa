//! The codec on every provider kind of the reference platform: objects made from the pinned schemas survive it unchanged.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use planewright::codec::{Mask, Record, Slot, Step, json};
use planewright::resource::Kind as _;
use planewright_definitions::load::{Definition, Loader};
use planewright_definitions::model::{self, Kind, Object, Type};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use reference_platform::aws::ec2;
use serde_json::{Map, Value, json};

/// The models of the pinned kinds.
fn kinds() -> Vec<Kind> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas");
    let loaded = Loader::new().paths([folder]).load(|loaded| match loaded.definition {
        Definition::Crd(crd) => model::read(&crd, crd.storage_version().unwrap(), false).0,
        other => panic!("{} among the pinned schemas", other.kind()),
    });
    loaded.unwrap().results
}

/// Any subset of an object's fields, with values of the right types, in the order of the schema.
fn object(object: &Object) -> BoxedStrategy<Value> {
    let fields: Vec<BoxedStrategy<Option<(String, Value)>>> = object
        .fields
        .iter()
        .map(|field| {
            let name = field.name.to_string();
            prop::option::of(value(&field.ty)).prop_map(move |value| Some((name.clone(), value?))).boxed()
        })
        .collect();
    fields.prop_map(|fields| Value::Object(fields.into_iter().flatten().collect())).boxed()
}

fn value(ty: &Type) -> BoxedStrategy<Value> {
    let text = "[a-z0-9 :#-]{0,6}";
    match ty {
        Type::Boolean => any::<bool>().prop_map(Value::from).boxed(),
        Type::Integer => (-(1i64 << 53)..=1 << 53).prop_map(Value::from).boxed(),
        Type::Number => prop_oneof![
            (-(1i64 << 53)..=1 << 53).prop_map(Value::from),
            (-1e6..1e6f64).prop_filter("has a fraction", |n| n.fract() != 0.0).prop_map(Value::from),
        ]
        .boxed(),
        Type::Enum(texts) => {
            prop::sample::select(texts.clone()).prop_map(|text| Value::from(text.into_string())).boxed()
        }
        Type::List(item, _) => prop::collection::vec(value(item), 0..3).prop_map(Value::from).boxed(),
        Type::Map(inner) => prop::collection::btree_map(text, value(inner), 0..3)
            .prop_map(|map| Value::Object(map.into_iter().collect()))
            .boxed(),
        Type::Object(inner) => object(inner),
        Type::AnyObject => Just(json!({"any": [1, null, {"b": 2.5}]})).boxed(),
        Type::Nullable(inner) => prop_oneof![Just(Value::Null), value(inner)].boxed(),
        Type::String | Type::IntOrString | Type::Quantity => text.prop_map(Value::from).boxed(),
        // One key alone: what is free keeps the order that it comes in.
        Type::Embedded | Type::Any => Just(json!({"kind": "ConfigMap"})).boxed(),
    }
}

/// The same value with the keys of every object the other way round, as when somebody else has written it.
fn reversed(value: &Value) -> Value {
    match value {
        Value::Object(map) => map.iter().rev().map(|(key, value)| (key.clone(), reversed(value))).collect(),
        Value::Array(items) => items.iter().map(reversed).collect(),
        other => other.clone(),
    }
}

fn survives<K: Record + planewright::resource::Kind + PartialEq + std::fmt::Debug>(kinds: &[Kind]) {
    let kind = kinds.iter().find(|kind| (&*kind.group, &*kind.kind) == (K::GROUP, K::KIND)).unwrap();
    let mut runner = TestRunner::new_with_rng(
        Config { cases: 48, failure_persistence: None, ..Config::default() },
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let result = runner.run(&object(&kind.root), |written| {
        let read: K = json::decode(&reversed(&written), Mask::ALL).unwrap();
        let again = json::encode(&read).unwrap();
        prop_assert_eq!(&again, &written, "{} loses something", K::KIND);
        prop_assert_eq!(again.to_string(), written.to_string(), "{} is not in the order of its schema", K::KIND);
        prop_assert_eq!(json::decode::<K>(&again, Mask::ALL).unwrap(), read);
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{}: {error}", K::KIND));
}

/// Checks every kind that is named, and that all pinned kinds are.
macro_rules! every_kind_survives {
    ($($group:path: $($kind:ident)*;)*) => {
        #[test]
        fn every_kind_survives_being_written_and_read() {
            let kinds = kinds();
            let mut named = Vec::new();
            $({
                use $group as group;
                $(
                    named.push((group::$kind::GROUP, group::$kind::KIND));
                    survives::<group::$kind>(&kinds);
                )*
            })*
            for kind in &kinds {
                let checked = named.contains(&(&*kind.group, &*kind.kind));
                assert!(checked, "{} ({}) is pinned and not checked here", kind.kind, kind.group);
            }
        }
    };
}

every_kind_survives! {
    reference_platform::aws::ec2: InternetGateway MainRouteTableAssociation Route RouteTable RouteTableAssociation
        SecurityGroup SecurityGroupRule Subnet VPC;
    reference_platform::aws::eks: AccessEntry AccessPolicyAssociation Addon Cluster ClusterAuth NodeGroup
        PodIdentityAssociation;
    reference_platform::aws::iam: Role;
    reference_platform::aws::rds: Instance SubnetGroup;
    reference_platform::helm: ProviderConfig;
    reference_platform::kubernetes: ProviderConfig;
}

#[test]
fn a_masked_read_decodes_what_lies_on_the_path_and_nothing_else() {
    let object = json!({
        "metadata": {"name": "a"},
        "spec": "not even an object",
        "status": {"atProvider": {"id": "vpc-1", "arn": 7}},
    });
    let path = [Step::Field("status"), Step::Field("at_provider"), Step::Field("id")];
    let read: ec2::VPC = json::decode(&object, Mask::path(&path)).unwrap();
    assert_eq!(read.metadata, None);
    assert_eq!(read.status.unwrap().at_provider.unwrap().id.as_deref(), Some("vpc-1"));
    assert!(json::decode::<ec2::VPC>(&object, Mask::ALL).is_err());
}

#[test]
fn an_integer_that_the_protocol_would_change_is_refused_wherever_it_stands() {
    let rule = |port: Value| json!({"spec": {"forProvider": {"fromPort": port}}});
    let port = |port| json::decode::<ec2::SecurityGroupRule>(&rule(port), Mask::ALL).map(|_| ());
    assert_eq!(port(json!(9_007_199_254_740_992_i64)), Ok(()));
    for beyond in [json!(9_007_199_254_740_993_i64), json!(-9_007_199_254_740_993_i64), json!(u64::MAX)] {
        let error = port(beyond.clone()).unwrap_err();
        assert_eq!(error.path(), "spec.forProvider.fromPort");
        assert!(error.reason().contains(&format!("{beyond} is beyond 2^53")), "{error}");
    }
}

proptest! {
    /// Whatever stands there, reading gives a value or an error that names the place.
    #[test]
    fn no_json_makes_a_read_panic(value in any_json()) {
        let _ = json::decode::<ec2::SecurityGroup>(&value, Mask::ALL);
        let _ = json::decode::<ec2::Subnet>(&json!({"spec": {"forProvider": value}}), Mask::ALL);
    }

    /// Free JSON is carried as it is, or refused for a number that would change on its way.
    #[test]
    fn free_json_is_carried_or_refused(value in any_json()) {
        if let Ok(written) = json::encode(&value as &dyn Slot) {
            prop_assert_eq!(written, value);
        }
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    let key = prop_oneof![Just("spec".to_owned()), Just("metadata".to_owned()), Just("tags".to_owned()), ".{0,4}"];
    leaf.prop_recursive(4, 32, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((key.clone(), inner), 0..4)
                .prop_map(|entries| Value::Object(entries.into_iter().collect::<Map<_, _>>())),
        ]
    })
}
