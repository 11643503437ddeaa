//! Requests of all shapes, in the official types.

use std::collections::HashMap;

use function_sdk_rust::proto::v1::credentials::Source;
use function_sdk_rust::proto::v1::{
    CredentialData, Credentials, RequestMeta, Resource, Resources, RunFunctionRequest, Schema, State,
};
use pbjson_types::value::Kind;
use pbjson_types::{ListValue, Struct, Value};
use proptest::collection::{hash_map, vec};
use proptest::option;
use proptest::prelude::*;

fn name() -> impl Strategy<Value = String> {
    prop::sample::select(&["a", "b", "status", "ä.b/c", "", "apiVersion", "kind"][..]).prop_map(str::to_owned)
}

fn map<T: std::fmt::Debug>(value: impl Strategy<Value = T>) -> impl Strategy<Value = HashMap<String, T>> {
    hash_map(name(), value, 0..3)
}

fn value() -> impl Strategy<Value = Value> {
    // Those that have a fraction are short, so that JSON readers of all kinds agree on them.
    let number = prop_oneof![
        8 => any::<i32>().prop_map(|number| f64::from(number) / 8.0),
        8 => (-5..5_i32).prop_map(f64::from),
        2 => Just((1_i64 << 53) as f64),
        1 => prop::sample::select(&[f64::NAN, f64::INFINITY][..]),
    ];
    let leaf = prop_oneof![
        Just(None),
        Just(Some(Kind::NullValue(0))),
        number.prop_map(|number| Some(Kind::NumberValue(number))),
        ".{0,6}".prop_map(|text| Some(Kind::StringValue(text))),
        "[a-z]{120,140}".prop_map(|text| Some(Kind::StringValue(text))),
        any::<bool>().prop_map(|value| Some(Kind::BoolValue(value))),
    ];
    leaf.prop_map(|kind| Value { kind }).prop_recursive(4, 24, 4, |inner| {
        let list = vec(inner.clone(), 0..4).prop_map(|values| Kind::ListValue(ListValue { values }));
        let fields = map(inner).prop_map(|fields| Kind::StructValue(Struct { fields }));
        prop_oneof![list, fields].prop_map(|kind| Value { kind: Some(kind) })
    })
}

fn structure() -> impl Strategy<Value = Struct> {
    map(value()).prop_map(|fields| Struct { fields })
}

fn data() -> impl Strategy<Value = HashMap<String, Vec<u8>>> {
    map(vec(any::<u8>(), 0..4))
}

fn resource() -> impl Strategy<Value = Resource> {
    (option::of(structure()), data(), 0..5_i32).prop_map(|(resource, connection_details, ready)| Resource {
        resource,
        connection_details,
        ready,
    })
}

fn state() -> impl Strategy<Value = State> {
    (option::of(resource()), map(resource())).prop_map(|(composite, resources)| State { composite, resources })
}

fn resources() -> impl Strategy<Value = Resources> {
    vec(resource(), 0..3).prop_map(|items| Resources { items })
}

/// A request.
pub fn request() -> impl Strategy<Value = RunFunctionRequest> {
    let meta =
        ("[a-f0-9]{0,8}", vec(-1..8_i32, 0..4)).prop_map(|(tag, capabilities)| RequestMeta { tag, capabilities });
    let schema = option::of(structure()).prop_map(|openapi_v3| Schema { openapi_v3 });
    let credentials = option::of(data())
        .prop_map(|data| Credentials { source: data.map(|data| Source::CredentialData(CredentialData { data })) });
    let states = (option::of(meta), option::of(state()), option::of(state()));
    let besides = (
        option::of(structure()),
        option::of(structure()),
        map(resources()),
        map(credentials),
        map(resources()),
        map(schema),
    );
    (states, besides).prop_map(
        |((meta, observed, desired), (input, context, extra, credentials, required, schemas))| {
            #[allow(deprecated, reason = "callers before Crossplane v2 use the old field")]
            RunFunctionRequest {
                meta,
                observed,
                desired,
                input,
                context,
                extra_resources: extra,
                credentials,
                required_resources: required,
                required_schemas: schemas,
            }
        },
    )
}
