//! The shapes that all providers share.

#![allow(clippy::unwrap_used, reason = "what a test cannot prepare fails it")]

use planewright::codec::json::{decode, encode};
use planewright::codec::{Mask, Record, Slot};
use planewright::shapes::*;
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Wire names of a shape, in order.
fn fields<T: Record>() -> Vec<&'static str> {
    T::SHAPE.fields.iter().map(|field| field.name).collect()
}

/// The generator recognises these by their field names, so the names are a promise.
#[test]
fn their_fields_are_those_of_the_schemas() {
    let all = [
        ("Policy", fields::<Policy>()),
        ("Reference", fields::<Reference<Unselected>>()),
        ("NamespacedReference", fields::<NamespacedReference<Unselected>>()),
        ("Selector", fields::<Selector<Unselected>>()),
        ("NamespacedSelector", fields::<NamespacedSelector<Unselected>>()),
        ("ProviderConfigReference", fields::<ProviderConfigReference>()),
        ("LegacyProviderConfigReference", fields::<LegacyProviderConfigReference>()),
        ("SecretKeySelector", fields::<SecretKeySelector>()),
        ("LocalSecretKeySelector", fields::<LocalSecretKeySelector>()),
        ("SecretReference", fields::<SecretReference>()),
        ("LocalSecretReference", fields::<LocalSecretReference>()),
        ("Condition", fields::<Condition>()),
    ];
    let lines: Vec<String> = all.iter().map(|(name, fields)| format!("{name}: {}", fields.join(" "))).collect();
    insta::assert_snapshot!(lines.join("\n"), @"
    Policy: resolution resolve
    Reference: name policy
    NamespacedReference: name namespace policy
    Selector: matchControllerRef matchLabels policy
    NamespacedSelector: matchControllerRef matchLabels namespace policy
    ProviderConfigReference: kind name
    LegacyProviderConfigReference: name policy
    SecretKeySelector: key name namespace
    LocalSecretKeySelector: key name
    SecretReference: name namespace
    LocalSecretReference: name
    Condition: lastTransitionTime message observedGeneration reason status type
    ");
}

/// The codec and serde carry a shape alike, both ways.
#[track_caller]
fn carried<T: Slot + Default + PartialEq + Serialize + DeserializeOwned + std::fmt::Debug>(value: Value) -> T {
    let decoded: T = decode(&value, Mask::ALL).unwrap();
    assert_eq!(encode(&decoded).unwrap(), value);
    assert_eq!(serde_json::to_value(&decoded).unwrap(), value);
    assert_eq!(T::deserialize(&value).unwrap(), decoded);
    decoded
}

#[test]
fn they_are_carried_by_the_codec_and_by_serde_alike() {
    carried::<NamespacedReference<u8>>(json!({"name": "a", "namespace": "b", "policy": {"resolve": "Always"}}));
    carried::<Selector<u8>>(json!({"matchControllerRef": true, "matchLabels": {"a": "b"}}));
    carried::<ObjectMeta>(json!({"name": "a", "labels": {}, "ownerReferences": [{"uid": "u"}], "generation": 3}));
    carried::<Condition>(json!({"status": "True", "type": "Ready"}));
    carried::<IntOrString>(json!(8080));
    carried::<IntOrString>(json!("http"));
    carried::<Quantity>(json!("10Gi"));
    carried::<AnyResource>(json!({"apiVersion": "v1", "kind": "A", "spec": {"a": [1, null]}}));
    let words = carried::<Vec<ManagementPolicy>>(json!(["*", "Observe", "Teleport"]));
    assert_eq!(
        words[2],
        ManagementPolicy::Other("Teleport".to_owned()),
        "a word that is newer than this crate survives"
    );
}

#[test]
fn an_integer_is_an_amount_too() {
    assert_eq!(decode::<Quantity>(&json!(2), Mask::ALL).unwrap(), Quantity::from("2"));
}

#[test]
fn an_object_without_a_type_does_not_print_its_content() {
    let secret = AnyResource::new("v1", "Secret").with("data", json!({"a": "s3cret"})).unwrap();
    insta::assert_snapshot!(format!("{secret:?}"), @"AnyResource(v1 Secret )");
}

#[test]
fn references_are_equal_whatever_they_point_to_can_do() {
    struct NotEvenDebug;
    let reference = Reference::<NotEvenDebug>::named("a");
    assert_eq!(reference.clone(), reference);
    insta::assert_snapshot!(format!("{reference:?}"), @r#"Reference { name: Some("a"), policy: None }"#);
}

proptest! {
    #[test]
    fn integers_stay_integers(value in -(1_i64 << 53)..=(1 << 53)) {
        let number = decode::<Number>(&json!(value), Mask::ALL).unwrap();
        prop_assert_eq!(number.as_i64(), Some(value));
        prop_assert_eq!(encode(&number).unwrap(), json!(value));
    }

    #[test]
    fn numbers_beyond_2_to_53_are_refused(value in ((1_i64 << 53) + 1)..i64::MAX) {
        prop_assert!(encode(&Number::from(value)).is_err());
        prop_assert!(encode(&Number::from(-value)).is_err());
    }

    #[test]
    fn fractions_stay_what_they_are(value in -1e9_f64..1e9) {
        prop_assert_eq!(decode::<Number>(&encode(&Number::from(value)).unwrap(), Mask::ALL).unwrap().as_f64(), value);
    }
}
