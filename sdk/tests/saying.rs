//! What a composition says besides its resources, and how it adds to what earlier steps said.

mod support;

use std::collections::BTreeMap;

use planewright::field;
use planewright::render::Inputs;
use planewright::shapes::ObjectMeta;
use planewright::state::{ConditionStatus, ConnectionDetails, Ready, ResourceSelector, Severity, Target};
use serde_json::json;
use support::world::*;
use support::{Bucket, bucket, store};

#[test]
fn readiness_is_what_the_composition_says() {
    let response = run(with(&[("bucket", observed_bucket())]), |cx| {
        let bucket = cx.resource("bucket", bucket_in("eu"));
        bucket.ready_when(|bucket| bucket.status.as_ref().is_some_and(|status| status.at_provider.is_some()));
        cx.resource("new", bucket_in("eu")).ready_when(|_| true);
        cx.resource("silent", bucket_in("eu"));
        cx.resource("said", bucket_in("eu"));
        cx.ready("said", Ready::True);
        cx.composite_ready(false);
        Ok(())
    });
    let ready: Vec<_> = response.composed.iter().map(|(key, composed)| (key.as_str(), composed.ready)).collect();
    let expected =
        [("bucket", Ready::True), ("new", Ready::False), ("said", Ready::True), ("silent", Ready::Unspecified)];
    assert_eq!(ready, expected);
    assert_eq!(response.composite_ready, Some(Ready::False));
}

#[test]
fn connection_details_are_kept_while_they_are_unknown_and_never_printed() {
    let mut request = with(&[("bucket", observed_bucket())]);
    let secret = |text: &str| ConnectionDetails::from_iter([("password".to_owned(), text.as_bytes().to_vec())]);
    request.composite.connection = secret("published");
    if let Some(bucket) = request.observed.get_mut("bucket") {
        bucket.connection = secret("s3cret");
    }
    let response = run(request.clone(), |cx| {
        let bucket = cx.resource("bucket", bucket_in("eu"));
        let other = cx.resource("other", bucket_in("eu"));
        cx.connection_detail("bucket-password", bucket.connection_detail("password"));
        cx.connection_detail("password", other.connection_detail("password"));
        cx.connection_detail("endpoint", "here");
        Ok(())
    });
    assert_eq!(response.connection.get("bucket-password"), Some(b"s3cret".as_slice()));
    assert_eq!(response.connection.get("password"), Some(b"published".as_slice()));
    assert_eq!(response.connection.get("endpoint"), Some(b"here".as_slice()));
    for printed in [format!("{request:?}"), format!("{response:?}")] {
        assert!(!printed.contains("s3cret") && !printed.contains("115, 51"), "{printed}");
    }
}

#[test]
fn what_was_found_and_handed_on_is_never_printed() {
    let secret = json!({"kind": "Secret", "data": {"password": "s3cret"}});
    let mut request = with(&[("secret", secret.clone())]);
    request.required.insert("secret".to_owned(), vec![secret.clone()]);
    request.context.insert("handed".to_owned(), secret.clone());
    request.input = Some(secret.clone());
    request.desired.status.insert("secret".to_owned(), secret.clone());
    let response = run(request.clone(), |cx| {
        cx.set_context("handed", cx.require_any("secret", ResourceSelector::all::<Bucket>()).values())?;
        cx.leave_resource("secret");
        Ok(())
    });
    let inputs = Inputs { required: vec![secret.clone()], observed: vec![secret], ..Inputs::default() };
    for printed in [format!("{request:?}"), format!("{response:?}"), format!("{inputs:?}")] {
        assert!(!printed.contains("s3cret"), "{printed}");
    }
    assert!(format!("{request:?}").contains("handed"), "names are shown");
}

#[test]
fn the_context_carries_no_integer_that_would_be_changed() {
    let response = run(with(&[]), |cx| cx.set_context("large", [u64::MAX]));
    insta::assert_snapshot!(said(&response), @"Fatal: [0]: 18446744073709551615 is beyond 2^53 and would be changed on its way to Crossplane; use a string field or a smaller number");
}

#[test]
fn events_conditions_and_context_are_passed_on() {
    let mut request = with(&[]);
    request.context.insert("region".to_owned(), json!("eu"));
    request.input = Some(json!({"prefix": "a"}));
    let response = run(request, |cx| {
        assert_eq!(cx.context::<String>("region")?.as_deref(), Some("eu"));
        assert_eq!(cx.context::<String>("nothing")?, None);
        assert_eq!(cx.input::<BTreeMap<String, String>>()?, Some([("prefix".to_owned(), "a".to_owned())].into()));
        cx.set_context("size", 5)?;
        cx.normal("one").warning("two");
        cx.result(Severity::Normal, "three".to_owned(), Some("Why".to_owned()), Target::CompositeAndClaim);
        cx.condition("BucketsFull", ConditionStatus::False, "Empty", "there is room".to_owned());
        cx.ttl(std::time::Duration::from_secs(30));
        Ok(())
    });
    insta::assert_debug_snapshot!((&response.results, &response.conditions, &response.context, response.ttl), @r#"
    (
        [
            FunctionResult {
                severity: Normal,
                message: "one",
                reason: None,
                target: Composite,
            },
            FunctionResult {
                severity: Warning,
                message: "two",
                reason: None,
                target: Composite,
            },
            FunctionResult {
                severity: Normal,
                message: "three",
                reason: Some(
                    "Why",
                ),
                target: CompositeAndClaim,
            },
        ],
        [
            TargetedCondition {
                type: "BucketsFull",
                status: False,
                reason: "Empty",
                message: Some(
                    "there is room",
                ),
                target: Composite,
            },
        ],
        {
            "size": Number(5),
        },
        Some(
            30s,
        ),
    )
    "#);
}

#[test]
fn what_earlier_steps_desire_is_merged_into() {
    let mut request = with(&[]);
    // In another order than that of the types, in which it is written.
    let earlier = json!({
        "spec": {"forProvider": {"rule": [{"days": 1, "name": "a"}, {"name": "b"}], "type": "hot", "region": "us"}},
        "metadata": {"labels": {"zone": "one", "from": "earlier"}},
        "kind": "Bucket", "apiVersion": "storage.example.org/v1",
    });
    request
        .desired
        .composed
        .insert("bucket".to_owned(), planewright::state::Composed { resource: earlier.into(), ready: Ready::True });
    request.desired.status = json!({"buckets": {"one": "1"}, "arn": "old"}).as_object().cloned().unwrap_or_default();
    let response = run(request, |cx| {
        let mut bucket = cx.draft::<Bucket>("bucket");
        bucket.set(field!(metadata), ObjectMeta::default().with_label("team", "red"));
        bucket.set(field!(spec.for_provider.region), "eu");
        let rule = bucket::Rule { name: Some("b".to_owned()), target: Some("cold".to_owned()), ..Default::default() };
        bucket.set(field!(spec.for_provider.rule), [rule]);
        bucket.compose();
        cx.status(store::Status { buckets: Some([("two".to_owned(), "2".to_owned())].into()), ..Default::default() });
        Ok(())
    });
    insta::assert_json_snapshot!(response.composed["bucket"].resource, @r#"
    {
      "apiVersion": "storage.example.org/v1",
      "kind": "Bucket",
      "metadata": {
        "labels": {
          "from": "earlier",
          "team": "red",
          "zone": "one"
        }
      },
      "spec": {
        "forProvider": {
          "region": "eu",
          "rule": [
            {
              "name": "a",
              "days": 1
            },
            {
              "name": "b",
              "target": "cold"
            }
          ],
          "type": "hot"
        }
      }
    }
    "#);
    assert_eq!(response.composed["bucket"].ready, Ready::True);
    insta::assert_json_snapshot!(response.status, @r#"
    {
      "arn": "old",
      "buckets": {
        "one": "1",
        "two": "2"
      }
    }
    "#);
}

#[test]
fn two_kinds_cannot_share_a_key() {
    let mut request = with(&[]);
    let earlier = json!({"apiVersion": "storage.example.org/v1", "kind": "BucketPolicy"});
    request.desired.composed.insert(
        "bucket".to_owned(),
        planewright::state::Composed { resource: earlier.into(), ready: Ready::Unspecified },
    );
    insta::assert_snapshot!(said(&run(request, bucket_and_policy)), @r#"
    Fatal: composed resource "bucket": an earlier step desires it as BucketPolicy (storage.example.org/v1), this one declares it as Bucket (storage.example.org/v1); two kinds cannot share a key: give one of them another
    policy is held back: spec.forProvider.bucketRef waits for bucket: metadata.name
    policy is held back: spec.forProvider.policy waits for bucket: status.atProvider.arn
    "#);
    // An observed object of another kind would be lost sight of.
    let request = with(&[("bucket", observed_policy())]);
    insta::assert_snapshot!(said(&run(request, bucket_and_policy)), @r#"
    Fatal: composed resource "bucket": it exists as BucketPolicy (storage.example.org/v1) and is declared as Bucket (storage.example.org/v1); Crossplane would create the second and lose track of the first. Declare the new kind under a new key, and drop the old one with cx.drop_resource("bucket")
    policy is held back: spec.forProvider.policy waits for bucket: status.atProvider.arn
    "#);
}
