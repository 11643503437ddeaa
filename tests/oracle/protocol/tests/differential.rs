//! Planewright's view of a request against prost's decoding of it.

use std::rc::Rc;

use function_sdk_rust::proto::v1::{RunFunctionRequest, RunFunctionResponse};
use planewright::state::{Function, Response, Source};
use planewright::wire;
use proptest::collection::vec;
use proptest::prelude::*;
use prost::Message;
use protocol_oracle::{damage, official, requests, seen};
use serde_json::json;

/// A step that says nothing.
struct Silent;

impl Function for Silent {
    fn run(&self, _: Rc<dyn Source>) -> Response {
        Response::default()
    }
}

fn config() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(5_000);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// Both read the same; and an answer that changes nothing hands on all that the official types know. Answers whether prost read
/// it at all.
fn compare(bytes: &[u8]) -> Result<bool, TestCaseError> {
    let Ok(official) = RunFunctionRequest::decode(bytes) else { return Ok(false) };
    let request = wire::Request::parse(bytes.to_vec())
        .map_err(|error| TestCaseError::fail(format!("prost reads it: {error}: {bytes:02x?}")))?;
    let expected = official::seen(&official);
    prop_assert_eq!(seen::seen(&request, &expected), expected);
    let answer = RunFunctionResponse::decode(&*request.respond(&Silent))
        .map_err(|error| TestCaseError::fail(error.to_string()))?;
    // Debug, because NaN is not equal to itself; sorted, because the maps are not.
    let state = |state: Option<function_sdk_rust::proto::v1::State>| {
        let state = state.unwrap_or_default();
        let mut resources: Vec<String> =
            state.resources.iter().map(|(key, one)| format!("{key:?} {}", sorted(one))).collect();
        resources.sort();
        (state.composite.as_ref().map(sorted), resources)
    };
    prop_assert_eq!(state(answer.desired), state(official.desired));
    prop_assert_eq!(answer.context.map(|one| sorted_struct(&one)), official.context.map(|one| sorted_struct(&one)));
    prop_assert_eq!(answer.meta.unwrap_or_default().tag, official.meta.unwrap_or_default().tag);
    Ok(true)
}

fn sorted(resource: &function_sdk_rust::proto::v1::Resource) -> String {
    let mut details: Vec<String> = resource.connection_details.iter().map(|detail| format!("{detail:?}")).collect();
    details.sort();
    format!("{:?} {details:?} {}", resource.resource.as_ref().map(sorted_struct), resource.ready)
}

fn sorted_struct(object: &pbjson_types::Struct) -> String {
    let mut fields: Vec<String> =
        object.fields.iter().map(|(key, value)| format!("{key:?}: {}", sorted_value(value))).collect();
    fields.sort();
    format!("{fields:?}")
}

fn sorted_value(value: &pbjson_types::Value) -> String {
    use pbjson_types::value::Kind;
    match &value.kind {
        Some(Kind::StructValue(object)) => sorted_struct(object),
        Some(Kind::ListValue(list)) => format!("{:?}", list.values.iter().map(sorted_value).collect::<Vec<_>>()),
        other => format!("{other:?}"),
    }
}

proptest! {
    #![proptest_config(config())]

    /// Requests as the official encoder writes them.
    #[test]
    fn whole_requests(request in requests::request()) {
        prop_assert!(compare(&request.encode_to_vec())?);
    }

    /// Requests with fields moved, repeated, merged, split, removed and added.
    #[test]
    fn damaged_requests(request in requests::request(), damages in vec(damage::damage(), 1..12)) {
        let mut bytes = request.encode_to_vec();
        for (way, damage) in damages {
            bytes = damage::apply(&bytes, &way, &damage);
        }
        compare(&bytes)?;
    }

    /// Requests with bytes altered and cut off. What prost refuses may be broken where nobody looks, and prost does not look at the
    /// wire type of maps; what both read is the same.
    #[test]
    fn broken_requests(request in requests::request(), damages in vec(damage::breakage(), 1..4)) {
        let mut bytes = request.encode_to_vec();
        for (way, damage) in damages {
            bytes = damage::apply(&bytes, &way, &damage);
        }
        let official = RunFunctionRequest::decode(&*bytes).ok();
        let Ok(request) = wire::Request::parse(bytes) else { return Ok(()) };
        request.respond(&Silent);
        let some = json!({"context": {"a": 0}, "required": {"a": 0}, "schemas": {"a": 0}, "credentials": {"a": 0}});
        let expected = official.as_ref().map_or(some, official::seen);
        let seen = seen::seen(&request, &expected);
        if official.is_some() && !seen.to_string().contains(seen::UNREADABLE) {
            prop_assert_eq!(seen, expected);
        }
    }

    /// Two requests, one after the other: every message in them is merged.
    #[test]
    fn merged_requests(first in requests::request(), second in requests::request()) {
        prop_assert!(compare(&[first.encode_to_vec(), second.encode_to_vec()].concat())?);
    }

    /// Any bytes.
    #[test]
    fn noise(bytes in vec(any::<u8>(), 0..100)) {
        if let Ok(request) = wire::Request::parse(bytes) {
            request.respond(&Silent);
        }
    }
}
