//! What all composed resources of a composition share.

mod support;

use std::collections::BTreeMap;
use std::rc::Rc;

use planewright::compose::{Composer, Cx, Defaults, Result};
use planewright::shapes::{AnyResource, LegacyProviderConfigReference, ManagementPolicy, ObjectMeta};
use planewright::state::{Composed, Function as _, Ready, Request, Response};
use planewright::{field, path, wire};
use proptest::prelude::*;
use serde_json::{Value, json};
use support::protocol;
use support::world::*;
use support::{Bucket, BucketPolicy, Fleet, Region, Store, bucket, region};

fn shared() -> Defaults {
    Defaults::new()
        .label("team", "red")
        .annotation("note", "shared")
        .tag("cost", "42")
        .tags([("team", "red")])
        .region("eu")
        .provider_config("main")
        .management_policies([ManagementPolicy::Observe, ManagementPolicy::Create])
}

#[test]
fn every_kind_gets_what_it_has_a_place_for() {
    let response = run(with(&[]), |cx| {
        cx.resource("before", bucket_in("eu"));
        cx.defaults(shared());
        cx.resource("bucket", Bucket::default());
        cx.draft::<BucketPolicy>("policy").compose();
        cx.resource("config", json!({"apiVersion": "v1", "kind": "ConfigMap"}));
        Ok(())
    });
    assert_eq!(said(&response), "");
    assert_eq!(response.composed["before"].resource.get("metadata"), None, "what was declared before is left alone");
    insta::assert_json_snapshot!(response.composed["bucket"].resource, @r#"
    {
      "apiVersion": "storage.example.org/v1",
      "kind": "Bucket",
      "metadata": {
        "labels": {
          "team": "red"
        },
        "annotations": {
          "note": "shared"
        }
      },
      "spec": {
        "forProvider": {
          "region": "eu",
          "tags": {
            "cost": "42",
            "team": "red"
          }
        },
        "managementPolicies": [
          "Observe",
          "Create"
        ],
        "providerConfigRef": {
          "kind": "ProviderConfig",
          "name": "main"
        }
      }
    }
    "#);
    insta::assert_json_snapshot!(response.composed["policy"].resource, @r#"
    {
      "apiVersion": "storage.example.org/v1",
      "kind": "BucketPolicy",
      "metadata": {
        "labels": {
          "team": "red"
        },
        "annotations": {
          "note": "shared"
        }
      },
      "spec": {
        "forProvider": {
          "region": "eu"
        }
      }
    }
    "#);
    insta::assert_json_snapshot!(response.composed["config"].resource, @r#"
    {
      "apiVersion": "v1",
      "kind": "ConfigMap",
      "metadata": {
        "labels": {
          "team": "red"
        },
        "annotations": {
          "note": "shared"
        }
      }
    }
    "#);
}

#[test]
fn a_cluster_scoped_kind_names_its_provider_config_alone_and_other_tags_are_no_tags() {
    let composer = Composer::new(|cx: &mut Cx<Fleet>| -> Result<()> {
        cx.defaults(shared().cluster_provider_config("all"));
        cx.resource("region", Region::default());
        cx.resource("bucket", Bucket::default());
        let own = LegacyProviderConfigReference::named("own");
        let spec = region::Spec { provider_config_ref: Some(own), ..Default::default() };
        cx.resource("own", Region { spec: Some(spec), ..Default::default() });
        Ok(())
    });
    let fleet = json!({"apiVersion": "storage.example.org/v1", "kind": "Fleet", "metadata": {"name": "all"}});
    let response = composer.run(Rc::new(Request::new(fleet)));
    let spec = |key: &str| response.composed[key].resource["spec"].clone();
    assert_eq!(
        spec("region"),
        json!({"providerConfigRef": {"name": "all"}, "managementPolicies": ["Observe", "Create"]})
    );
    assert_eq!(spec("own")["providerConfigRef"], json!({"name": "own"}));
    assert_eq!(spec("bucket")["providerConfigRef"], json!({"kind": "ClusterProviderConfig", "name": "all"}));
}

#[test]
fn what_a_resource_says_itself_wins() {
    let response = run(with(&[]), |cx| {
        cx.defaults(shared());
        let mut bucket = cx.draft::<Bucket>("bucket");
        bucket.set(field!(metadata), ObjectMeta::default().with_label("team", "blue").with_label("own", "yes"));
        bucket.set(field!(spec.for_provider.region), "us");
        bucket.set(field!(spec.for_provider.tags), [("team", "blue")]);
        bucket.set(field!(spec.management_policies), [ManagementPolicy::All]);
        bucket.set(field!(spec.provider_config_ref.name), "own");
        bucket.compose();
        Ok(())
    });
    insta::assert_json_snapshot!(response.composed["bucket"].resource, @r#"
    {
      "apiVersion": "storage.example.org/v1",
      "kind": "Bucket",
      "metadata": {
        "labels": {
          "own": "yes",
          "team": "blue"
        },
        "annotations": {
          "note": "shared"
        }
      },
      "spec": {
        "forProvider": {
          "region": "us",
          "tags": {
            "cost": "42",
            "team": "blue"
          }
        },
        "managementPolicies": [
          "*"
        ],
        "providerConfigRef": {
          "name": "own"
        }
      }
    }
    "#);
}

#[test]
fn what_an_earlier_step_said_wins_too() {
    let mut request = with(&[]);
    let resource = json!({
        "apiVersion": "storage.example.org/v1", "kind": "Bucket", "metadata": {"labels": {"team": "blue"}},
    });
    request
        .desired
        .composed
        .insert("bucket".to_owned(), Composed { resource: resource.into(), ready: Ready::Unspecified });
    let response = run(request, |cx| {
        cx.defaults(Defaults::new().label("team", "red").label("more", "yes"));
        cx.resource("bucket", Bucket::default());
        Ok(())
    });
    assert_eq!(response.composed["bucket"].resource["metadata"]["labels"], json!({"team": "blue", "more": "yes"}));
}

#[test]
fn a_field_that_is_not_known_yet_counts_as_said() {
    let compose = |cx: &mut Cx<Store>| -> Result<()> {
        cx.defaults(shared());
        let first = cx.resource("first", bucket_in("eu"));
        let mut bucket = cx.draft::<Bucket>("bucket");
        bucket.set(field!(spec.for_provider.region), first.read(path!(status.at_provider.id)).or_omit());
        bucket.set(
            field!(spec.for_provider.tags),
            first.read(path!(status.at_provider.id)).map(|id| [("id".to_owned(), id)].into()),
        );
        bucket.compose();
        Ok(())
    };
    let mut observed = observed_bucket();
    observed["spec"]["forProvider"]["tags"] = json!({"id": "old"});
    let mut first = observed_bucket();
    first["status"] = json!({});
    let response = run(with(&[("first", first), ("bucket", observed)]), compose);
    assert_eq!(
        response.composed["bucket"].resource["spec"]["forProvider"],
        json!({"tags": {"id": "old"}}),
        "neither a region nor tags are made up meanwhile"
    );
}

#[test]
fn empty_values_of_a_composite_resource_mean_its_usual_self() {
    let response = run(with(&[]), |cx| {
        let nothing: [&str; 0] = [];
        cx.defaults(Defaults::new().region("").provider_config("").management_policies(nothing));
        cx.resource("bucket", Bucket::default());
        cx.defaults(Defaults::new().management_policies(["Observe"]).label("a", "b"));
        cx.defaults(Defaults::new().label("c", "d"));
        cx.resource("later", Bucket::default());
        Ok(())
    });
    assert_eq!(response.composed["bucket"].resource["spec"], json!({"managementPolicies": ["*"]}));
    let later = &response.composed["later"].resource;
    assert_eq!(later["spec"], json!({"managementPolicies": ["Observe"]}), "said again, it adds to what was said");
    assert_eq!(later["metadata"]["labels"], json!({"a": "b", "c": "d"}));
}

#[test]
fn an_object_where_no_object_stands_is_left_as_it_is() {
    let response = run(with(&[]), |cx| {
        cx.defaults(shared());
        let odd = AnyResource::new("v1", "ConfigMap").with("metadata", "odd")?;
        cx.resource("odd", odd);
        let whole = bucket::Spec::default();
        cx.resource("bucket", Bucket { spec: Some(whole), ..Default::default() });
        Ok(())
    });
    assert_eq!(response.composed["odd"].resource["metadata"], "odd");
}

/// What an encoded object has under a key, if that is an object.
fn within(object: Vec<u8>, key: &&str) -> Option<Vec<u8>> {
    let value = protocol::entries(&object, 1).remove(*key)?;
    Some(protocol::field(&value, 5).last()?.bytes().to_vec())
}

/// Some of these entries.
fn entries() -> impl Strategy<Value = Option<BTreeMap<String, String>>> {
    let key = prop::sample::select(vec!["cost", "team", "own", "a.b/c"]).prop_map(str::to_owned);
    prop::option::of(prop::collection::btree_map(key, "[a-z]{0,3}", 0..4))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// What is encoded for an answer in bytes at once has the same defaults as what is filled in afterwards.
    #[test]
    fn defaults_are_the_same_however_an_object_is_encoded(
        own in (entries(), entries(), entries()),
        shared in (entries(), entries(), entries()),
        says in prop::collection::vec(any::<bool>(), 9),
    ) {
        let compose = |cx: &mut Cx<Store>| -> Result<()> {
            let some = |at: usize| says.get(at).copied().unwrap_or_default();
            let (labels, annotations, tags) = shared.clone();
            let mut defaults = Defaults::new().tags(tags.unwrap_or_default());
            defaults = labels.unwrap_or_default().into_iter().fold(defaults, |all, (key, value)| all.label(key, value));
            defaults =
                annotations.unwrap_or_default().into_iter().fold(defaults, |all, (key, value)| all.annotation(key, value));
            if some(0) {
                defaults = defaults.region("eu").provider_config("main");
            }
            if some(1) {
                defaults = defaults.management_policies(["Observe", "Create"]);
            }
            cx.defaults(defaults);
            let (labels, annotations, tags) = own.clone();
            let metadata = ObjectMeta { labels, annotations, ..ObjectMeta::default() };
            let mut bucket = cx.draft::<Bucket>("bucket");
            if some(2) {
                bucket.set(field!(metadata), metadata.clone());
            }
            if some(3) {
                bucket.set(field!(spec.for_provider), bucket::ForProvider { tags, ..Default::default() });
            }
            bucket.set(field!(spec.for_provider.region), Some("us").filter(|_| some(4)));
            bucket.set(field!(spec.for_provider.rule[1].name), Some("region").filter(|_| some(5)));
            bucket.set(field!(spec.management_policies), Some(vec![ManagementPolicy::All]).filter(|_| some(6)));
            bucket.set(field!(spec.provider_config_ref.name), Some("own").filter(|_| some(7)));
            bucket.compose();
            let mut policy = cx.draft::<BucketPolicy>("policy");
            policy.set(field!(metadata), Some(metadata).filter(|_| some(8)));
            policy.compose();
            Ok(())
        };
        let composer = Composer::new(compose);
        let request = with(&[]);
        let json = composer.run(Rc::new(request.clone()));
        let bytes = wire::Request::parse(protocol::request(&request)).expect("a request");
        let encoded = composer.run(bytes.source());
        prop_assert_eq!(said(&json), "");
        // In whatever order: maps of the protocol have none.
        let shown = |response: &Response| -> Vec<Value> {
            response.composed.values().map(|composed| composed.resource.clone().into_json()).collect()
        };
        prop_assert_eq!(shown(&encoded), shown(&json));
        // As it is written, every map comes in the order of its keys, with each of them once.
        let answer = bytes.answer(encoded);
        for resource in protocol::entries(protocol::field(&answer, 2)[0].bytes(), 2).values() {
            let object = protocol::field(resource, 1)[0].bytes().to_vec();
            for path in [&["metadata", "labels"][..], &["metadata", "annotations"], &["spec", "forProvider", "tags"]] {
                let keys = path.iter().try_fold(object.clone(), within).map(|map| protocol::keys(&map)).unwrap_or_default();
                prop_assert!(keys.is_sorted_by(|one, next| one < next), "{path:?}: {keys:?}");
            }
        }
    }
}
