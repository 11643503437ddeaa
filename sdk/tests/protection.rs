//! Protection from deletion, and the order of deletions.

mod support;

use std::rc::Rc;

use planewright::compose::{Composer, Cx, Defaults, Protection, Result};
use planewright::shapes::{ClusterUsage, ManagementPolicy, Usage};
use planewright::state::{Function as _, Ready, Request, Response};
use planewright::{field, path};
use serde_json::{Value, json};
use support::world::*;
use support::{Bucket, BucketPolicy, Fleet, Region, Store};

fn usage(name: &str, key: &str, spec: Value) -> Value {
    json!({
        "apiVersion": "protection.crossplane.io/v1beta1", "kind": "Usage",
        "metadata": {"name": name, "namespace": "shop", "annotations": {"crossplane.io/composition-resource-name": key}},
        "spec": spec,
        "status": {"conditions": [{"type": "Ready", "status": "True", "reason": "Available"}]},
    })
}

fn fleet(compose: impl Fn(&mut Cx<Fleet>) -> Result<()>, observed: &[(&str, Value)]) -> Response {
    let xr = json!({"apiVersion": "storage.example.org/v1", "kind": "Fleet", "metadata": {"name": "all"}});
    let mut request = Request::new(xr);
    for (key, object) in observed {
        request.observed.insert((*key).to_owned(), object.clone().into());
    }
    Composer::new(compose).run(Rc::new(request))
}

fn protected(cx: &mut Cx<Store>) -> Result<()> {
    cx.resource("bucket", bucket_in("eu")).protect("holds the orders");
    Ok(())
}

#[test]
fn a_protected_resource_loses_the_policy_to_delete_and_is_in_use() {
    let response = run(with(&[]), protected);
    insta::assert_snapshot!(said(&response), @"usage:bucket is held back: spec.of.resourceRef.name waits for bucket: metadata.name");
    let response = run(with(&[("bucket", observed_bucket())]), protected);
    assert_eq!(said(&response), "");
    insta::assert_json_snapshot!(response.composed["bucket"].resource["spec"], @r#"
    {
      "forProvider": {
        "region": "eu"
      },
      "managementPolicies": [
        "Observe",
        "Create",
        "Update",
        "LateInitialize"
      ]
    }
    "#);
    insta::assert_json_snapshot!(response.composed["usage:bucket"].resource, @r#"
    {
      "apiVersion": "protection.crossplane.io/v1beta1",
      "kind": "Usage",
      "spec": {
        "of": {
          "apiVersion": "storage.example.org/v1",
          "kind": "Bucket",
          "resourceRef": {
            "name": "blue-1f"
          }
        },
        "reason": "holds the orders"
      }
    }
    "#);
    assert_eq!(response.composed["usage:bucket"].ready, Ready::False);
}

#[test]
fn the_author_chooses_the_way() {
    let response = run(with(&[("policies", observed_bucket()), ("usage", observed_bucket())]), |cx| {
        cx.defaults(Defaults::new().management_policies(["Observe", "Delete"]));
        cx.resource("policies", bucket_in("eu")).protect(Protection::by_policies());
        cx.resource("usage", bucket_in("eu")).protect(Protection::by_usage("audited"));
        cx.resource("raw", json!({"apiVersion": "a.b/v1", "kind": "Raw", "spec": {"forProvider": {}}}))
            .protect(Protection::by_policies());
        cx.resource("config", json!({"apiVersion": "v1", "kind": "ConfigMap"})).protect("read by all");
        Ok(())
    });
    assert_eq!(
        keys(&response),
        ["config", "policies", "raw", "usage", "usage:usage"],
        "the usage of what does not exist waits\n{}",
        said(&response)
    );
    let policies = |key: &str| response.composed[key].resource["spec"]["managementPolicies"].clone();
    assert_eq!(policies("policies"), json!(["Observe"]));
    assert_eq!(policies("usage"), json!(["Observe", "Delete"]));
    assert_eq!(policies("raw"), json!(["Observe", "Create", "Update", "LateInitialize"]));
    assert_eq!(policies("config"), Value::Null);
}

#[test]
fn policies_that_cannot_be_set_are_refused() {
    let response = run(with(&[("policy", observed_policy())]), |cx| {
        cx.draft::<BucketPolicy>("policy").compose().protect(Protection::by_policies());
        Ok(())
    });
    insta::assert_snapshot!(said(&response), @r#"Fatal: composed resource "policy" is to be protected by its management policies, and its kind has none; protect it with Protection::by_usage"#);
    let mut request = with(&[("bucket", observed_bucket())]);
    let resource = json!({"apiVersion": "storage.example.org/v1", "kind": "Bucket"});
    request.desired.composed.insert(
        "bucket".to_owned(),
        planewright::state::Composed { resource: resource.into(), ready: Ready::Unspecified },
    );
    let response = run(request.clone(), |cx| {
        cx.handle::<Bucket>("bucket").protect(Protection::by_policies());
        Ok(())
    });
    insta::assert_snapshot!(said(&response), @r#"Fatal: composed resource "bucket" is to be protected by its management policies, and this step does not declare it; protect it where it is declared, or with Protection::by_usage"#);
    let response = run(request, |cx| {
        cx.handle::<Bucket>("bucket").protect(Protection::by_usage("audited"));
        Ok(())
    });
    assert_eq!((said(&response).as_str(), keys(&response)), ("", vec!["usage:bucket"]));
}

#[test]
fn a_protection_stays_while_what_it_protects_is_hidden() {
    let spec = json!({
        "of": {"apiVersion": "storage.example.org/v1", "kind": "Bucket", "resourceRef": {"name": "blue-1f"}}, "reason": "old",
    });
    let response = run(with(&[("usage:bucket", usage("u", "usage:bucket", spec))]), protected);
    insta::assert_snapshot!(said(&response), @"usage:bucket is kept as it is: spec.of.resourceRef.name waits for bucket: metadata.name");
    insta::assert_json_snapshot!(response.composed["usage:bucket"].resource["spec"], @r#"
    {
      "of": {
        "apiVersion": "storage.example.org/v1",
        "kind": "Bucket",
        "resourceRef": {
          "name": "blue-1f"
        }
      },
      "reason": "holds the orders"
    }
    "#);
    assert_eq!(response.composed["usage:bucket"].ready, Ready::True);
}

#[test]
fn a_protection_does_not_go_without_a_word() {
    let spec = json!({"of": {"resourceRef": {"name": "blue-1f"}}, "reason": "old"});
    let world = || with(&[("bucket", observed_bucket()), ("usage:bucket", usage("u", "usage:bucket", spec.clone()))]);
    let response = run(world(), |cx| {
        cx.resource("bucket", bucket_in("eu"));
        Ok(())
    });
    assert!(said(&response).contains(r#"composed resource "usage:bucket" exists"#), "{}", said(&response));
    // Nor does it go with the resource that it protects: that is what it is for.
    let response = run(world(), |cx| {
        cx.drop_resource("bucket");
        Ok(())
    });
    assert!(said(&response).contains(r#"composed resource "usage:bucket" exists"#), "{}", said(&response));
    let response = run(world(), |cx| {
        cx.drop_resource("bucket").drop_resource("usage:bucket");
        Ok(())
    });
    assert_eq!(said(&response), "");
}

#[test]
fn the_composite_resource_can_be_protected_itself() {
    let response = run(with(&[]), |cx| {
        cx.protect_composite("the shop is open");
        Ok(())
    });
    insta::assert_json_snapshot!(response.composed[Cx::<Store>::PROTECTION_KEY].resource, @r#"
    {
      "apiVersion": "protection.crossplane.io/v1beta1",
      "kind": "Usage",
      "spec": {
        "of": {
          "apiVersion": "storage.example.org/v1",
          "kind": "Store",
          "resourceRef": {
            "name": "blue"
          }
        },
        "reason": "the shop is open"
      }
    }
    "#);
    let response = fleet(
        |cx| {
            cx.protect_composite("the fleet is at sea");
            Ok(())
        },
        &[],
    );
    insta::assert_json_snapshot!(response.composed["usage:"].resource, @r#"
    {
      "apiVersion": "protection.crossplane.io/v1beta1",
      "kind": "ClusterUsage",
      "spec": {
        "of": {
          "apiVersion": "storage.example.org/v1",
          "kind": "Fleet",
          "resourceRef": {
            "name": "all"
          }
        },
        "reason": "the fleet is at sea"
      }
    }
    "#);
}

#[test]
fn cluster_scoped_resources_have_cluster_usages() {
    let region = json!({
        "apiVersion": "storage.example.org/v1", "kind": "Region", "metadata": {"name": "all-1"},
    });
    let mut bucket = observed_bucket();
    bucket["metadata"]["namespace"] = json!("other");
    let mut policy = observed_policy();
    policy["metadata"]["namespace"] = json!("shop");
    let observed = [("region", region.clone()), ("second", region), ("bucket", bucket), ("policy", policy)];
    let response = fleet(
        |cx| {
            let region = cx.resource("region", Region::default());
            region.protect(Protection::by_usage("in use"));
            let second = cx.resource("second", Region::default());
            second.deleted_before(&region);
            let mut bucket = cx.draft::<Bucket>("bucket");
            bucket.set(field!(metadata.namespace), "other");
            let bucket = bucket.compose();
            bucket.protect(Protection::by_usage("in use"));
            let mut policy = cx.draft::<BucketPolicy>("policy");
            policy.set(field!(metadata.namespace), "shop");
            policy.compose().deleted_before(&bucket);
            Ok(())
        },
        &observed,
    );
    assert_eq!(said(&response), "");
    insta::assert_json_snapshot!(response.composed["usage:region"].resource, @r#"
    {
      "apiVersion": "protection.crossplane.io/v1beta1",
      "kind": "ClusterUsage",
      "spec": {
        "of": {
          "apiVersion": "storage.example.org/v1",
          "kind": "Region",
          "resourceRef": {
            "name": "all-1"
          }
        },
        "reason": "in use"
      }
    }
    "#);
    insta::assert_json_snapshot!(response.composed["usage:region:second"].resource, @r#"
    {
      "apiVersion": "protection.crossplane.io/v1beta1",
      "kind": "ClusterUsage",
      "spec": {
        "by": {
          "apiVersion": "storage.example.org/v1",
          "kind": "Region",
          "resourceRef": {
            "name": "all-1"
          }
        },
        "of": {
          "apiVersion": "storage.example.org/v1",
          "kind": "Region",
          "resourceRef": {
            "name": "all-1"
          }
        },
        "replayDeletion": true
      }
    }
    "#);
    insta::assert_json_snapshot!(response.composed["usage:bucket"].resource, @r#"
    {
      "apiVersion": "protection.crossplane.io/v1beta1",
      "kind": "Usage",
      "spec": {
        "of": {
          "apiVersion": "storage.example.org/v1",
          "kind": "Bucket",
          "resourceRef": {
            "name": "blue-1f"
          }
        },
        "reason": "in use"
      },
      "metadata": {
        "namespace": "other"
      }
    }
    "#);
    insta::assert_json_snapshot!(response.composed["usage:bucket:policy"].resource, @r#"
    {
      "apiVersion": "protection.crossplane.io/v1beta1",
      "kind": "Usage",
      "spec": {
        "by": {
          "apiVersion": "storage.example.org/v1",
          "kind": "BucketPolicy",
          "resourceRef": {
            "name": "blue-2f"
          }
        },
        "of": {
          "apiVersion": "storage.example.org/v1",
          "kind": "Bucket",
          "resourceRef": {
            "name": "blue-1f",
            "namespace": "other"
          }
        },
        "replayDeletion": true
      },
      "metadata": {
        "namespace": "shop"
      }
    }
    "#);
    let response = fleet(
        |cx| {
            let region = cx.resource("region", Region::default());
            let mut bucket = cx.draft::<Bucket>("bucket");
            bucket.set(field!(metadata.namespace), "other");
            bucket.compose().deleted_before(&region);
            Ok(())
        },
        &[],
    );
    insta::assert_snapshot!(said(&response), @r#"Fatal: "bucket" is to be deleted before "region", and only one of the two lives in a namespace: no usage can say so; delete one of them by hand, or order "bucket" and another resource of its scope"#);
}

/// Deletions in the order of reads: the policy reads the bucket, and refers to it.
fn ordered(cx: &mut Cx<Store>) -> Result<()> {
    cx.order_deletion();
    bucket_and_policy(cx)
}

#[test]
fn deletions_follow_reads_and_references() {
    let response = run(with(&[]), ordered);
    assert_eq!(keys(&response), ["bucket"], "what does not exist is in no usage");
    let world = [("bucket", observed_bucket()), ("policy", observed_policy())];
    let response = run(with(&world), ordered);
    assert_eq!(said(&response), "");
    assert_eq!(keys(&response), ["bucket", "policy", "usage:bucket:policy"]);
    insta::assert_json_snapshot!(response.composed["usage:bucket:policy"].resource["spec"], @r#"
    {
      "by": {
        "apiVersion": "storage.example.org/v1",
        "kind": "BucketPolicy",
        "resourceRef": {
          "name": "blue-2f"
        }
      },
      "of": {
        "apiVersion": "storage.example.org/v1",
        "kind": "Bucket",
        "resourceRef": {
          "name": "blue-1f"
        }
      },
      "replayDeletion": true
    }
    "#);
}

#[test]
fn the_opposite_of_a_read_can_be_said_and_a_circle_cannot_be_ordered() {
    let world = [("a", observed_bucket()), ("b", observed_bucket())];
    let circle = |said: bool| {
        move |cx: &mut Cx<Store>| -> Result<()> {
            cx.order_deletion();
            let (a, b) = (cx.handle::<Bucket>("a"), cx.handle::<Bucket>("b"));
            for (key, other) in [("a", &b), ("b", &a)] {
                let mut bucket = cx.draft::<Bucket>(key);
                bucket.set(field!(spec.for_provider.r#type), other.read(path!(status.at_provider.id)));
                bucket.compose();
            }
            if said {
                a.deleted_before(&b);
            }
            Ok(())
        }
    };
    insta::assert_snapshot!(said(&run(with(&world), circle(false))), @r#"Fatal: deletions cannot be ordered by reads: "a", "b" read each other in a circle; say which goes first with a.deleted_before(&b), or do without cx.order_deletion()"#);
    let response = run(with(&world), circle(true));
    assert_eq!((said(&response).as_str(), keys(&response)), ("", vec!["a", "b", "usage:b:a"]));
}

#[test]
fn an_order_stays_when_a_read_vanishes_and_goes_with_its_resources() {
    let spec = json!({"of": {"resourceRef": {"name": "x"}}, "by": {"resourceRef": {"name": "y"}}});
    let world = || {
        with(&[
            ("bucket", observed_bucket()),
            ("policy", observed_policy()),
            ("usage:bucket:policy", usage("u", "usage:bucket:policy", spec.clone())),
        ])
    };
    let response = run(world(), |cx| {
        cx.order_deletion();
        cx.resource("bucket", bucket_in("eu"));
        cx.draft::<BucketPolicy>("policy").compose();
        Ok(())
    });
    assert_eq!((said(&response).as_str(), keys(&response)), ("", vec!["bucket", "policy", "usage:bucket:policy"]));
    let response = run(world(), |cx| {
        cx.order_deletion();
        cx.resource("bucket", bucket_in("eu"));
        cx.drop_matching(|key| key == "policy");
        Ok(())
    });
    assert_eq!((said(&response).as_str(), keys(&response)), ("", vec!["bucket"]));
    assert!(response.dropped.contains("usage:bucket:policy"), "{:?}", response.dropped);
    // Without either word it is a resource like any other.
    let response = run(world(), bucket_and_policy);
    assert!(said(&response).contains(r#""usage:bucket:policy" exists"#), "{}", said(&response));
}

#[test]
fn usages_are_typed_too() {
    let response = run(with(&[]), |cx| {
        let mut usage = cx.draft::<Usage>("own");
        usage.set(field!(spec.reason), "by hand");
        usage.set(field!(spec.of.resource_selector.match_controller_ref), true);
        usage.compose();
        Ok(())
    });
    assert_eq!(
        response.composed["own"].resource["spec"],
        json!({"of": {"resourceSelector": {"matchControllerRef": true}}, "reason": "by hand"})
    );
    let response = fleet(
        |cx| {
            cx.resource("own", ClusterUsage::default());
            Ok(())
        },
        &[],
    );
    assert_eq!(response.composed["own"].resource["kind"], "ClusterUsage");
    assert_eq!(ManagementPolicy::Delete.as_str(), "Delete");
}
