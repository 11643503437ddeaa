//! What a composition declares, and what the desired state becomes.

mod support;

use std::collections::BTreeMap;

use planewright::compose::Lazy;
use planewright::shapes::{AnyResource, NamespacedReference, NamespacedSelector, ObjectMeta};
use planewright::state::ConditionStatus;
use planewright::{field, path};
use serde_json::{Map, json};
use support::world::*;
use support::{Bucket, BucketPolicy, Region, bucket};

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
        // Once more is no other mistake.
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
fn the_composite_resource_has_its_metadata() {
    let mut request = with(&[]);
    request.composite.resource["metadata"] = json!({
        "name": "web",
        "namespace": "shop",
        "labels": {"team": "blue"},
        "managedFields": [{"manager": "kubectl"}],
    });
    let response = run(request, |cx| {
        let metadata = &cx.xr().metadata;
        assert_eq!(metadata, cx.metadata());
        assert_eq!((metadata.name.as_deref(), cx.name()), (Some("web"), "web"));
        assert_eq!(metadata.labels, Some(BTreeMap::from([("team".to_owned(), "blue".to_owned())])));
        Ok(())
    });
    assert!(response.fatal().is_none());
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
fn an_object_without_a_type_is_read_by_pointer() {
    let observed = json!({"apiVersion": "v1", "kind": "ConfigMap", "data": {"a": "1"}});
    run(with(&[("config", observed)]), |cx| {
        let config = cx.resource("config", json!({"apiVersion": "v1", "kind": "ConfigMap"}));
        assert_eq!(config.pointer("/data/a").known(), Some(json!("1")));
        assert_eq!(format!("{:?}", config.pointer("/data/b")), "Pending(config: /data/b)");
        Ok(())
    });
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
