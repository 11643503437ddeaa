//! What a composition declares, and what the desired state becomes.

mod support;

use std::collections::BTreeMap;

use planewright::compose::Lazy;
use planewright::shapes::{AnyResource, NamespacedReference, NamespacedSelector, ObjectMeta};
use planewright::state::{ConditionStatus, ConnectionDetails, Ready, Severity, Target};
use planewright::{field, path};
use serde_json::{Map, json};
use support::world::*;
use support::{Bucket, BucketPolicy, Region, bucket, store};

#[test]
fn a_new_resource_whose_inputs_are_unknown_is_held_back() {
    let response = run(with(&[]), bucket_and_policy);
    assert_eq!(keys(&response), ["bucket"]);
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
    assert_eq!(response.status, Some(Map::new()));
}

#[test]
fn what_waited_is_composed_once_it_is_known() {
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

#[test]
fn fields_take_values_options_and_what_converts() {
    let response = run(with(&[]), |cx| {
        let mut bucket = cx.draft::<Bucket>("bucket");
        bucket.set(field!(metadata), ObjectMeta::default().with_label("team", "red"));
        bucket.set(field!(spec.for_provider.region), "eu");
        bucket.set(field!(spec.for_provider.size), 5);
        bucket.set(field!(spec.for_provider.tags), [("a", "b")]);
        bucket.set(field!(spec.for_provider.r#type), Some("hot"));
        bucket.set(field!(spec.for_provider.rule[1].days), 1.5);
        bucket.set(field!(spec.for_provider.rule[0].target), Lazy::Known("cold"));
        bucket.set(field!(spec.provider_config_ref.name), None::<String>);
        bucket.compose();
        Ok(())
    });
    insta::assert_json_snapshot!(response.composed["bucket"].resource, @r#"
    {
      "apiVersion": "storage.example.org/v1",
      "kind": "Bucket",
      "metadata": {
        "labels": {
          "team": "red"
        }
      },
      "spec": {
        "forProvider": {
          "region": "eu",
          "size": 5,
          "tags": {
            "a": "b"
          },
          "rule": [
            {
              "target": "cold"
            },
            {
              "days": 1.5
            }
          ],
          "type": "hot"
        }
      }
    }
    "#);
}

#[test]
fn an_unset_option_makes_no_objects_around_it() {
    let response = run(with(&[]), |cx| {
        let mut bucket = cx.draft::<Bucket>("bucket");
        bucket.set(field!(spec.for_provider.region), cx.namespace().filter(|_| false));
        bucket.compose();
        Ok(())
    });
    assert_eq!(response.composed["bucket"].resource, json!({"apiVersion": "storage.example.org/v1", "kind": "Bucket"}));
}

#[test]
fn what_is_set_is_emitted_even_if_it_is_empty() {
    let response = run(with(&[]), |cx| {
        let for_provider =
            bucket::ForProvider { tags: Some(BTreeMap::new()), rule: Some(vec![]), ..Default::default() };
        let mut bucket = cx.draft::<Bucket>("bucket");
        bucket.set(field!(Bucket: spec.for_provider), for_provider);
        bucket.compose();
        Ok(())
    });
    assert_eq!(response.composed["bucket"].resource["spec"], json!({"forProvider": {"tags": {}, "rule": []}}));
}

#[test]
fn references_and_selectors_know_their_kind() {
    let response = run(with(&[("bucket", observed_bucket())]), |cx| {
        let bucket = cx.resource("bucket", bucket_in("eu"));
        let mut policy = cx.draft::<BucketPolicy>("policy");
        policy.set(field!(spec.for_provider.bucket_ref), NamespacedReference::to(&bucket));
        policy
            .set(field!(spec.for_provider.bucket_selector), NamespacedSelector::controlled().and_labels([("a", "b")]));
        policy.compose();
        Ok(())
    });
    insta::assert_json_snapshot!(response.composed["policy"].resource["spec"], @r#"
    {
      "forProvider": {
        "bucketRef": {
          "name": "blue-1f"
        },
        "bucketSelector": {
          "matchControllerRef": true,
          "matchLabels": {
            "a": "b"
          }
        }
      }
    }
    "#);
}

#[test]
fn a_name_that_the_composition_gives_is_known_at_once() {
    let response = run(with(&[]), |cx| {
        let named = ObjectMeta { name: Some("mine".to_owned()), ..Default::default() };
        let bucket = cx.resource("bucket", Bucket { metadata: Some(named), ..Default::default() });
        let mut policy = cx.draft::<BucketPolicy>("policy");
        policy.set(field!(spec.for_provider.bucket_ref), &bucket);
        policy.compose();
        Ok(())
    });
    assert_eq!(response.composed["policy"].resource["spec"]["forProvider"]["bucketRef"]["name"], "mine");
}

#[test]
fn reads_decode_what_is_asked_for_and_name_it_as_it_stands_in_the_object() {
    run(with(&[("bucket", observed_bucket())]), |cx| {
        let bucket = cx.resource("bucket", bucket_in("eu"));
        let annotation = bucket.read(path!(metadata.annotations["crossplane.io/external-name"]));
        assert_eq!(annotation.known().as_deref(), Some("blue-red"));
        assert_eq!(bucket.read(path!(status.at_provider.size)).known().and_then(|size| size.as_i64()), Some(7));
        assert_eq!(
            format!("{:?}", bucket.read(path!(Bucket: status.conditions[2].r#type))),
            "Pending(bucket: status.conditions[2].type)"
        );
        assert_eq!(
            format!("{:?}", bucket.read(path!(metadata.labels["a.b/c"]))),
            r#"Pending(bucket: metadata.labels["a.b/c"])"#
        );
        Ok(())
    });
}

#[test]
fn a_read_of_one_field_does_not_mind_what_the_others_are() {
    let mut observed = observed_bucket();
    observed["status"]["atProvider"]["id"] = json!(7);
    let response = run(with(&[("bucket", observed)]), |cx| {
        let bucket = cx.resource("bucket", bucket_in("eu"));
        assert!(bucket.read(path!(status.at_provider.arn)).is_known());
        assert!(!bucket.read(path!(status.at_provider.id)).is_known());
        Ok(())
    });
    insta::assert_snapshot!(said(&response), @r#"Fatal: observed composed resource "bucket": status.atProvider.id: expected a string, found the integer 7; the installed kind differs from the schema this platform was built from: build it from the schema of the installed provider"#);
}

#[test]
fn lazy_values_combine() {
    run(with(&[("bucket", observed_bucket())]), |cx| {
        let bucket = cx.resource("bucket", bucket_in("eu"));
        let other = cx.resource("other", bucket_in("eu"));
        let known = || bucket.read(path!(status.at_provider.id));
        let first = || other.read(path!(status.at_provider.id));
        let second = || other.read(path!(status.at_provider.arn));
        let all = "Pending(other: status.atProvider.arn, other: status.atProvider.id)";
        assert_eq!(format!("{:?}", first().zip(second())), all);
        assert_eq!(format!("{:?}", [first(), known(), second()].into_iter().collect::<Lazy<Vec<_>>>()), all);
        assert_eq!(first().or(known()).known().as_deref(), Some("blue-red"));
        assert_eq!(format!("{:?}", first().or(second())), all);
        assert_eq!(known().and_then(|id| first().map(|other| id + &other)).known(), None);
        assert_eq!([known(), known()].into_iter().collect::<Lazy<Vec<_>>>().known().map(|all| all.len()), Some(2));
        assert_eq!(format!("{:?}", known()), "Known(_)", "a value may be a secret");
        Ok(())
    });
}

#[test]
fn a_key_belongs_to_one_resource() {
    let response = run(with(&[]), |cx| {
        cx.resource("bucket", bucket_in("eu"));
        cx.resource("bucket", bucket_in("us"));
        Ok(())
    });
    insta::assert_snapshot!(said(&response), @r#"Fatal: composed resource "bucket": it is declared twice; every composed resource needs a key of its own, made of what tells it apart from the others, and the same in every run"#);
    assert!(response.composed.is_empty(), "a step that failed desires nothing");
}

#[test]
fn mistakes_end_the_step_and_are_all_told() {
    let response = run(with(&[]), |cx| {
        cx.resource("", bucket_in("eu"));
        cx.resource("status", Bucket { status: Some(bucket::Status::default()), ..Default::default() });
        cx.resource("nameless", json!({"metadata": {}}));
        cx.resource("region", Region::default());
        cx.resource("big", json!({"apiVersion": "v1", "kind": "A", "spec": {"n": 9_007_199_254_740_993_i64}}));
        let mut big = cx.draft::<Bucket>("bigger");
        big.set(field!(spec.for_provider.size), 9_007_199_254_740_993_i64);
        big.compose();
        let _ = cx.draft::<Bucket>("forgotten");
        cx.handle::<Bucket>("misspelt").read(path!(status.at_provider.id)).is_known();
        cx.ready("nobody", true);
        cx.drop_resource("region");
        cx.condition("Ready", ConditionStatus::True, "Fine", None);
        Ok(())
    });
    insta::assert_snapshot!(said(&response), @r#"
    Fatal: composed resource "": its key is empty; give it one that is the same in every run
    Fatal: composed resource "status": its status is set; the status belongs to the resource's own controller: leave it unset, and say with ready_when when the resource is ready
    Fatal: composed resource "nameless": it does not say its apiVersion and kind; set both
    Fatal: composed resource "region": Region is cluster-scoped, and Store, which lives in a namespace, cannot compose it: Crossplane refuses to apply it; compose a namespaced kind, or make Store cluster-scoped in its definition
    Fatal: composed resource "big": spec.n: 9007199254740993 is beyond 2^53 and would be changed on its way to Crossplane; use a string field or a smaller number
    Fatal: composed resource "bigger": spec.forProvider.size: 9007199254740993 is beyond 2^53 and would be changed on its way to Crossplane; use a string field or a smaller number
    Fatal: condition "Ready" belongs to Crossplane, which ignores what functions say of it; use a type of your own, and composite_ready to say whether the composite resource is ready
    Fatal: composed resource "forgotten": its draft was begun and never composed; end it with .compose()
    Fatal: composed resource "misspelt" is read but never declared, so it would never be known; declare it, or correct the key
    Fatal: composed resource "nobody": its readiness is set but it is never declared; declare it, or correct the key
    Fatal: composed resource "region" is both declared and dropped; do one of the two
    "#);
}

#[test]
fn an_error_is_a_fatal_result_with_its_causes() {
    let response = run(with(&[]), |_| {
        "x".parse::<i32>()?;
        Ok(())
    });
    insta::assert_snapshot!(said(&response), @"Fatal: invalid digit found in string");
}

#[test]
fn a_request_for_another_kind_is_refused() {
    let mut request = with(&[]);
    request.composite.resource["kind"] = json!("Shop");
    insta::assert_snapshot!(said(&run(request, bucket_and_policy)), @"Fatal: this step composes Store (storage.example.org/v1) and was called for Shop (storage.example.org/v1); correct compositeTypeRef or the step's function in the Composition");
    let mut request = with(&[]);
    request.composite.resource["spec"] = json!({});
    insta::assert_snapshot!(said(&run(request, bucket_and_policy)), @r#"Fatal: Store "blue" is not what this platform was built for: missing field `region`; install the definition that this platform was built from"#);
}

#[test]
fn what_earlier_steps_desire_is_merged_into() {
    let mut request = with(&[]);
    let earlier = json!({
        "apiVersion": "storage.example.org/v1", "kind": "Bucket",
        "metadata": {"labels": {"from": "earlier"}},
        "spec": {"forProvider": {"region": "us", "type": "hot", "rule": [{"name": "a", "days": 1}, {"name": "b"}]}},
    });
    request
        .desired
        .composed
        .insert("bucket".to_owned(), planewright::state::Composed { resource: earlier, ready: Ready::True });
    request.desired.status = json!({"arn": "old", "buckets": {"one": "1"}}).as_object().cloned().unwrap_or_default();
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
          "team": "red"
        }
      },
      "spec": {
        "forProvider": {
          "region": "eu",
          "type": "hot",
          "rule": [
            {
              "name": "a",
              "days": 1
            },
            {
              "name": "b",
              "target": "cold"
            }
          ]
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
    request
        .desired
        .composed
        .insert("bucket".to_owned(), planewright::state::Composed { resource: earlier, ready: Ready::Unspecified });
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
fn an_object_without_a_type_is_composed_as_it_is() {
    let response = run(with(&[]), |cx| {
        let config = AnyResource::new("v1", "ConfigMap").with("data", json!({"a": "1", "b": null}))?;
        cx.resource("config", config);
        cx.resource("raw", json!({"kind": "ConfigMap", "data": {}, "apiVersion": "v1"}));
        Ok(())
    });
    let resources: Vec<_> = response.composed.values().map(|composed| composed.resource.to_string()).collect();
    insta::assert_snapshot!(resources.join("\n"), @r#"
    {"apiVersion":"v1","kind":"ConfigMap","data":{"a":"1"}}
    {"apiVersion":"v1","kind":"ConfigMap","data":{}}
    "#);
}
