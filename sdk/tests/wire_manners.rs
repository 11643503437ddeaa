//! What an answer in bytes owes to Crossplane and to the other steps, one manner a test.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::rc::Rc;

use planewright::compose::Composer;
use planewright::state::{Function as _, Response, Source as _};
use planewright::wire;
use serde_json::{Value, json};
use support::protocol::{self, bytes, entry, number, object};
use support::world::{bucket_and_policy, bucket_in, observed_bucket, store_xr};

/// A field of every wire type that the protocol does not have, as a later version of it might.
fn unknown() -> Vec<u8> {
    [number(100, 7), bytes(101, "new"), vec![0xb1, 0x06, 1, 2, 3, 4, 5, 6, 7, 8], vec![0xbd, 0x06, 1, 2, 3, 4]].concat()
}

/// A request about a store in which the bucket is observed.
fn request(desired: &[u8]) -> Vec<u8> {
    let resource = |value: &Value| bytes(1, object(value));
    let observed = [bytes(1, resource(&store_xr())), entry(2, "bucket", resource(&observed_bucket()))].concat();
    [bytes(1, bytes(1, "the-tag")), bytes(2, observed), bytes(3, desired)].concat()
}

fn respond(request: &[u8]) -> Vec<u8> {
    wire::respond(&Composer::new(bucket_and_policy), request).unwrap()
}

/// The desired state of an answer.
fn desired(answer: &[u8]) -> Vec<u8> {
    protocol::field(answer, 2)[0].bytes().to_vec()
}

/// What an answer says went wrong.
fn fatal(answer: &[u8]) -> String {
    let results = protocol::field(answer, 3);
    assert_eq!(protocol::field(results[0].bytes(), 1)[0].number(), 1, "fatal");
    protocol::field(results[0].bytes(), 2)[0].text()
}

#[test]
fn what_a_step_does_not_speak_of_passes_as_it_came() {
    let foreign = [
        unknown(),
        bytes(1, object(&json!({"kind": "A", "spec": {"n": 1.5}}))),
        entry(2, "secret", b"\xff"),
        number(3, 2),
    ];
    let foreign = foreign.concat();
    let earlier = [entry(2, "zeta", &foreign), unknown(), entry(2, "alpha", &foreign)].concat();
    let context =
        [entry(1, "b", protocol::value(&json!([1]))), unknown(), entry(1, "a", protocol::value(&json!({})))].concat();
    let answer = respond(&[request(&earlier), bytes(5, &context)].concat());
    let resources = protocol::entries(&desired(&answer), 2);
    assert_eq!(resources.keys().collect::<Vec<_>>(), ["alpha", "bucket", "policy", "zeta"], "sorted");
    assert_eq!((&resources["alpha"], &resources["zeta"]), (&foreign, &foreign));
    assert!(desired(&answer).ends_with(&unknown()), "fields that a State does not have yet");
    assert_eq!(protocol::field(&answer, 4)[0].bytes(), context);
}

#[test]
fn what_a_step_declares_keeps_what_earlier_steps_said_of_it() {
    let policy = json!({
        "apiVersion": "storage.example.org/v1", "kind": "BucketPolicy",
        "metadata": {"labels": {"team": "red"}}, "spec": {"forProvider": {"region": "us"}},
    });
    let earlier = [bytes(1, object(&policy)), unknown(), entry(2, "user", "joe"), number(3, 1)].concat();
    let answer = respond(&request(&entry(2, "policy", earlier)));
    let policy = &protocol::entries(&desired(&answer), 2)["policy"];
    let read = protocol::read_resource(policy);
    assert_eq!(read["resource"]["metadata"], json!({"labels": {"team": "red"}}));
    assert_eq!(read["resource"]["spec"]["forProvider"]["region"], "eu", "this step's word");
    assert_eq!((&read["connection"], &read["ready"]), (&json!({"user": "joe"}), &json!(1)));
    let kept = unknown();
    assert!(policy.windows(kept.len()).any(|window| window == kept));
}

#[test]
fn a_status_joins_what_the_composite_resource_is() {
    let composite =
        [unknown(), bytes(1, object(&json!({"metadata": {"name": "x"}, "status": {"buckets": {"a": "b"}}})))].concat();
    let answer = respond(&request(&bytes(1, composite)));
    let composite = protocol::field(&desired(&answer), 1)[0].bytes().to_vec();
    assert_eq!(
        protocol::read_resource(&composite)["resource"],
        json!({
            "apiVersion": "storage.example.org/v1", "kind": "Store", "metadata": {"name": "x"},
            "status": {"arn": "arn:bucket/blue-red", "buckets": {"a": "b"}},
        })
    );
    assert!(composite.ends_with(&unknown()));
}

#[test]
fn a_failed_step_changes_nothing() {
    let earlier = entry(2, "zeta", bytes(1, object(&json!({"kind": "A"}))));
    let request = request(&earlier);
    let answer =
        wire::respond(&Composer::<support::Store, _>::new(|_| Err(planewright::compose::Error::new("no"))), &request)
            .unwrap();
    assert_eq!(fatal(&answer), "no");
    assert_eq!(desired(&answer), earlier);
    let said = wire::Request::parse(request).unwrap().fatal("panicked");
    assert_eq!((fatal(&said), desired(&said)), ("panicked".to_owned(), earlier));
}

#[test]
fn what_the_protocol_cannot_carry_is_a_fatal_result() {
    let request = wire::Request::parse(request(&[])).unwrap();
    let big = json!({"spec": {"list": [1, 9_007_199_254_740_993_i64]}});
    let with = |change: &dyn Fn(&mut Response)| {
        let mut response = Response::default();
        change(&mut response);
        fatal(&request.answer(response))
    };
    insta::assert_snapshot!(with(&|response| {
        let composed = planewright::state::Composed { resource: big.clone().into(), ..Default::default() };
        response.composed.insert("big".to_owned(), composed);
    }), @r#"composed resource "big": spec.list[1]: 9007199254740993 is beyond 2^53 and would be changed on its way to Crossplane; use a string field or a smaller number"#);
    insta::assert_snapshot!(with(&|response| response.status = big.as_object().cloned()), @"the composite resource's status: spec.list[1]: 9007199254740993 is beyond 2^53 and would be changed on its way to Crossplane; use a string field or a smaller number");
    insta::assert_snapshot!(with(&|response| response.context = big.as_object().unwrap().clone()), @r#"the context entry "spec": list[1]: 9007199254740993 is beyond 2^53 and would be changed on its way to Crossplane; use a string field or a smaller number"#);
    insta::assert_snapshot!(with(&|response| response.output = Some(json!([]))), @"the step's output: it is not an object");
}

#[test]
fn a_number_that_is_none_is_refused_where_it_is_read() {
    let nan = [vec![2 << 3 | 1], f64::NAN.to_le_bytes().to_vec()].concat();
    let spec = [entry(1, "region", protocol::value(&json!("eu"))), entry(1, "size", nan)].concat();
    let xr =
        [object(&json!({"apiVersion": "storage.example.org/v1", "kind": "Store"})), entry(1, "spec", bytes(5, spec))];
    let answer = respond(&bytes(2, bytes(1, bytes(1, xr.concat()))));
    insta::assert_snapshot!(fatal(&answer), @"spec.size: NaN is not a finite number");
}

/// Of an entry that comes twice the first does not count, whatever is in it.
#[test]
fn the_last_of_equal_entries_counts() {
    let nan = [vec![2 << 3 | 1], f64::NAN.to_le_bytes().to_vec()].concat();
    let us = json!({"region": "us", "teams": []});
    let first = [entry(1, "spec", nan), entry(1, "spec", protocol::value(&us))].concat();
    let answer = respond(&bytes(2, bytes(1, bytes(1, [first, object(&store_xr())].concat()))));
    assert!(protocol::field(&answer, 3).is_empty(), "{}", fatal(&answer));
    let bucket = &protocol::entries(&desired(&answer), 2)["bucket"];
    assert_eq!(protocol::read_resource(bucket)["resource"]["spec"]["forProvider"]["region"], "eu");
}

#[test]
fn objects_that_nest_too_deep_are_refused_where_they_are_read() {
    let mut value = protocol::value(&json!(1));
    for _ in 0..1_000 {
        value = bytes(6, bytes(1, value));
    }
    let xr =
        [object(&json!({"apiVersion": "storage.example.org/v1", "kind": "Store"})), entry(1, "spec", value)].concat();
    let answer = respond(&bytes(2, bytes(1, bytes(1, xr))));
    assert!(fatal(&answer).ends_with("objects and lists nest more than 128 levels deep"), "{}", fatal(&answer));
}

#[test]
fn what_is_no_request_is_refused_with_its_place() {
    let refused = |request: &[u8]| wire::Request::parse(request.to_vec()).unwrap_err().to_string();
    insta::assert_snapshot!(refused(b"no request"), @"malformed RunFunctionRequest: 110 is no field's number and type; call the function from Crossplane, or with a message of apiextensions.fn.proto.v1");
    insta::assert_snapshot!(refused(&bytes(2, entry(2, "vpc", b"\x0a\x7f"))), @r#"malformed RunFunctionRequest: observed.resources["vpc"]: a field ends beyond its message; call the function from Crossplane, or with a message of apiextensions.fn.proto.v1"#);
    insta::assert_snapshot!(refused(&bytes(1, bytes(1, b"\xff"))), @"malformed RunFunctionRequest: meta: a string is not UTF-8; call the function from Crossplane, or with a message of apiextensions.fn.proto.v1");
    insta::assert_snapshot!(refused(&bytes(8, bytes(2, number(1, 1)))), @r#"malformed RunFunctionRequest: required_resources[""]: field 1 is not of the protocol's type; call the function from Crossplane, or with a message of apiextensions.fn.proto.v1"#);
}

#[test]
fn the_kind_and_the_tag_are_known_before_anything_runs() {
    let whole = wire::Request::parse(request(&[])).unwrap();
    assert_eq!(whole.composite_kind(), Some(("storage.example.org/v1".to_owned(), "Store".to_owned())));
    assert_eq!((whole.tag(), whole.input().is_none()), ("the-tag", true));
    let empty = wire::Request::parse(Vec::new()).unwrap();
    assert_eq!((empty.composite_kind(), empty.tag()), (None, ""));
    assert!(fatal(&empty.respond(&Composer::new(bucket_and_policy))).contains("names no composite resource"));
}

/// Bytes or JSON is a question of speed alone: who looks at what was declared sees the same.
#[test]
fn declared_objects_look_the_same_however_they_are_encoded() {
    let compose = |cx: &mut planewright::compose::Cx<support::Store>| {
        cx.resource("bucket", bucket_in("eu"));
        Ok(())
    };
    let request = wire::Request::parse(request(&[])).unwrap();
    let mut wire = Composer::new(compose).run(request.source());
    let mut json_request = planewright::state::Request::new(store_xr());
    json_request.observed.insert("bucket".to_owned(), observed_bucket().into());
    assert!(json_request.observed_keys() == ["bucket"]);
    let json = Composer::new(compose).run(Rc::new(json_request));
    assert_eq!(wire.composed, json.composed);

    // A change to what was encoded is in the answer.
    let bucket = wire.composed.get_mut("bucket").unwrap();
    bucket.resource["metadata"] = json!({"labels": {"a": "b"}});
    let answer = request.answer(wire);
    let bucket = &protocol::entries(&desired(&answer), 2)["bucket"];
    assert_eq!(protocol::read_resource(bucket)["resource"]["metadata"], json!({"labels": {"a": "b"}}));
    assert_eq!(protocol::read_resource(bucket)["resource"]["spec"]["forProvider"]["region"], "eu");
}
