//! A store and what exists of it.

use std::rc::Rc;

use planewright::compose::{Composer, Cx, Result};
use planewright::state::{Function as _, Request, Response};
use planewright::{field, path};
use serde_json::{Value, json};

use super::{Bucket, BucketPolicy, Store, bucket, store};

/// The composite resource.
pub fn store_xr() -> Value {
    json!({
        "apiVersion": "storage.example.org/v1",
        "kind": "Store",
        "metadata": {"name": "blue", "namespace": "shop", "uid": "0c7b1f1e-0000-4000-8000-000000000001"},
        "spec": {"region": "eu", "teams": ["red"]},
    })
}

/// The bucket as its provider reports it.
pub fn observed_bucket() -> Value {
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

/// The policy as it was created.
pub fn observed_policy() -> Value {
    json!({
        "apiVersion": "storage.example.org/v1",
        "kind": "BucketPolicy",
        "metadata": {
            "name": "blue-2f", "namespace": "shop",
            "annotations": {"crossplane.io/composition-resource-name": "policy"},
        },
        "spec": {"forProvider": {"region": "eu", "policy": "allow arn:bucket/blue-red", "bucketRef": {"name": "blue-1f"}}},
    })
}

/// A request in which these resources are observed.
pub fn with(observed: &[(&str, Value)]) -> Request {
    let mut request = Request::new(store_xr());
    for (key, object) in observed {
        request.observed.insert((*key).to_owned(), object.clone().into());
    }
    request
}

/// Runs a composition once.
pub fn run(request: Request, compose: impl Fn(&mut Cx<Store>) -> Result<()>) -> Response {
    Composer::new(compose).run(Rc::new(request))
}

/// What a response says to people: its results and what waits.
pub fn said(response: &Response) -> String {
    let results = response.results.iter().map(|result| format!("{}: {}\n", result.severity.as_str(), result.message));
    let waiting = response.waiting.iter().map(|waiting| format!("{waiting}\n"));
    results.chain(waiting).collect()
}

/// The keys that a response desires.
pub fn keys(response: &Response) -> Vec<&str> {
    response.composed.keys().map(String::as_str).collect()
}

/// A bucket in a region.
pub fn bucket_in(region: &str) -> Bucket {
    let for_provider = bucket::ForProvider { region: Some(region.to_owned()), ..Default::default() };
    Bucket { spec: Some(bucket::Spec { for_provider: Some(for_provider), ..Default::default() }), ..Default::default() }
}

/// The composition of most tests: a bucket, a policy that needs what the bucket becomes, and a status.
pub fn bucket_and_policy(cx: &mut Cx<Store>) -> Result<()> {
    let xr = cx.xr();
    let bucket = cx.resource("bucket", bucket_in(&xr.spec.region));
    let arn = bucket.read(path!(status.at_provider.arn));
    let mut policy = cx.draft::<BucketPolicy>("policy");
    policy.set(field!(spec.for_provider.region), &xr.spec.region);
    policy.set(field!(spec.for_provider.bucket_ref), &bucket);
    policy.set(field!(spec.for_provider.policy), arn.as_ref().map(|arn| format!("allow {arn}")));
    policy.compose();
    cx.status(store::Status { arn: arn.known(), ..Default::default() });
    Ok(())
}
