//! What a composition declares, and what becomes of it.

mod support;

use std::rc::Rc;

use planewright::compose::{Composer, Cx, Result};
use planewright::state::{Function as _, Request, Response};
use planewright::{field, path};
use serde_json::{Value, json};
use support::{Bucket, BucketPolicy, Store, bucket, store};

fn store_xr() -> Value {
    json!({
        "apiVersion": "storage.example.org/v1",
        "kind": "Store",
        "metadata": {"name": "blue", "namespace": "shop", "uid": "0c7b1f1e-0000-4000-8000-000000000001"},
        "spec": {"region": "eu", "teams": ["red"]},
    })
}

fn observed_bucket() -> Value {
    json!({
        "apiVersion": "storage.example.org/v1",
        "kind": "Bucket",
        "metadata": {
            "name": "blue-1f", "namespace": "shop",
            "annotations": {"crossplane.io/external-name": "blue-red", "crossplane.io/composition-resource-name": "bucket"},
        },
        "spec": {"forProvider": {"region": "eu"}},
        "status": {"atProvider": {"arn": "arn:bucket/blue-red", "id": "blue-red", "size": 7}},
    })
}

fn observed_policy() -> Value {
    json!({
        "apiVersion": "storage.example.org/v1",
        "kind": "BucketPolicy",
        "metadata": {"name": "blue-2f", "namespace": "shop"},
        "spec": {"forProvider": {"region": "eu", "policy": "allow arn:bucket/blue-red", "bucketRef": {"name": "blue-1f"}}},
    })
}

fn run(request: Request, compose: impl Fn(&mut Cx<Store>) -> Result<()>) -> Response {
    Composer::new(compose).run(Rc::new(request))
}

fn with(observed: &[(&str, Value)]) -> Request {
    let mut request = Request::new(store_xr());
    for (key, object) in observed {
        request.observed.insert((*key).to_owned(), object.clone().into());
    }
    request
}

/// What the response says to people: fatal results and what waits.
fn said(response: &Response) -> String {
    let results = response.results.iter().map(|result| format!("{}: {}\n", result.severity.as_str(), result.message));
    let waiting = response.waiting.iter().map(|waiting| format!("{waiting}\n"));
    results.chain(waiting).collect()
}

fn bucket_and_policy(cx: &mut Cx<Store>) -> Result<()> {
    let xr = cx.xr();
    let bucket = cx.resource(
        "bucket",
        Bucket {
            spec: Some(bucket::Spec {
                for_provider: Some(bucket::ForProvider { region: Some(xr.spec.region.clone()), ..Default::default() }),
                ..Default::default()
            }),
            ..Default::default()
        },
    );
    let mut policy = cx.draft::<BucketPolicy>("policy");
    policy.set(field!(spec.for_provider.region), &xr.spec.region);
    policy.set(field!(spec.for_provider.bucket_ref), &bucket);
    policy.set(
        field!(spec.for_provider.policy),
        bucket.read(path!(status.at_provider.arn)).map(|arn| format!("allow {arn}")),
    );
    policy.compose();
    cx.status(store::Status { arn: bucket.read(path!(status.at_provider.arn)).known(), ..Default::default() });
    Ok(())
}

#[test]
fn a_new_resource_whose_inputs_are_unknown_is_held_back() {
    let response = run(with(&[]), bucket_and_policy);
    assert_eq!(response.composed.keys().collect::<Vec<_>>(), ["bucket"]);
    insta::assert_snapshot!(said(&response), @"
    policy is held back: spec.forProvider.bucketRef waits for bucket: metadata.name
    policy is held back: spec.forProvider.policy waits for bucket: status.atProvider.arn
    ");
    insta::assert_json_snapshot!(response.composed["bucket"].resource, @r#"
    {
      "apiVersion": "storage.example.org/v1",
      "kind": "Bucket",
      "spec": {
        "forProvider": {
          "region": "eu"
        }
      }
    }
    "#);
    assert_eq!(response.status, Some(serde_json::Map::new()));
}

#[test]
fn once_the_bucket_is_observed_the_policy_is_composed() {
    let response = run(with(&[("bucket", observed_bucket())]), bucket_and_policy);
    assert_eq!(said(&response), "");
    insta::assert_json_snapshot!(response.composed["policy"].resource, @r#"
    {
      "apiVersion": "storage.example.org/v1",
      "kind": "BucketPolicy",
      "spec": {
        "forProvider": {
          "bucketRef": {
            "name": "blue-1f"
          },
          "region": "eu",
          "policy": "allow arn:bucket/blue-red"
        }
      }
    }
    "#);
    insta::assert_json_snapshot!(response.status, @r#"
    {
      "arn": "arn:bucket/blue-red"
    }
    "#);
}
