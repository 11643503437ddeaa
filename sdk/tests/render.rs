//! What Crossplane would make of a composite resource.

mod support;

use planewright::compose::Cx;
use planewright::platform::Composition;
use planewright::state::ConditionStatus;
use planewright::testing::Scenario;
use planewright::{assert_render, assert_waits};
use serde_json::json;
use support::Store;
use support::world::*;

const XR: &str = "
apiVersion: storage.example.org/v1
kind: Store
metadata: {name: blue, namespace: shop}
spec: {region: eu}
";

fn composition() -> Composition {
    Composition::new("stores::store", bucket_and_policy).auto_ready()
}

/// What the provider reports of the bucket.
const READY: &str = "
status:
  atProvider: {arn: 'arn:bucket/blue'}
  conditions: [{type: Ready, status: 'True'}]
";

#[test]
fn a_new_composite_resource() {
    let rendered = Scenario::new(XR).render(&composition());
    assert_waits!(rendered, "policy" on "bucket" at "status.atProvider.arn");
    assert_render!(rendered, @r#"
    composite:
      apiVersion: storage.example.org/v1
      kind: Store
      metadata:
        name: blue
        namespace: shop
      status:
        conditions:
          - type: Synced
            status: "True"
            reason: ReconcileSuccess
            lastTransitionTime: "[time]"
          - type: Ready
            status: "False"
            reason: Creating
            lastTransitionTime: "[time]"
            message: "Unready resources: bucket"
    resources:
      bucket:
        resource:
          apiVersion: storage.example.org/v1
          kind: Bucket
          metadata:
            name: "blue-[hash]"
            generateName: blue-
            namespace: shop
            labels:
              crossplane.io/composite: blue
            annotations:
              crossplane.io/composition-resource-name: bucket
          spec:
            forProvider:
              region: eu
        ready: Unspecified
    waiting:
      - key: policy
        field: spec.forProvider.bucketRef
        "on":
          - key: bucket
            path: metadata.name
        kept: false
      - key: policy
        field: spec.forProvider.policy
        "on":
          - key: bucket
            path: status.atProvider.arn
        kept: false
    "#);
    // The name is the same in every run, and so is all that follows from it.
    assert_eq!(rendered.json(), Scenario::new(XR).render(&composition()).json());
    let owner = &rendered.resources["bucket"].resource["metadata"]["ownerReferences"];
    insta::assert_json_snapshot!(owner, @r#"
    [
      {
        "apiVersion": "storage.example.org/v1",
        "blockOwnerDeletion": true,
        "controller": true,
        "kind": "Store",
        "name": "blue",
        "uid": "ef453abe-cf0a-5f1c-b3ad-20dee7d32d90"
      }
    ]
    "#);
}

#[test]
fn it_becomes_ready_step_by_step() {
    let first = Scenario::new(XR).render(&composition());
    let world = Scenario::new(XR).observe_rendered(&first).observe_fields("bucket", READY);
    let second = world.render(&composition());
    assert!(second.waiting.is_empty());
    assert_eq!(
        second.resources["bucket"].resource["metadata"]["name"],
        first.resources["bucket"].resource["metadata"]["name"]
    );
    let ready = "status: {conditions: [{type: Ready, status: 'True'}]}";
    let third = Scenario::new(XR)
        .observe_rendered(&second)
        .observe_fields("bucket", READY)
        .observe_fields("policy", ready)
        .render(&composition());
    let conditions = |rendered: &planewright::render::Rendered| {
        rendered.conditions.iter().map(|condition| format!("{condition}\n")).collect::<String>()
    };
    insta::assert_snapshot!(conditions(&first) + &conditions(&second) + &conditions(&third), @r#"
    {"type":"Responsive","status":"True","reason":"WatchCircuitClosed","lastTransitionTime":"2024-01-01T00:00:00Z"}
    {"type":"Synced","status":"True","reason":"ReconcileSuccess","lastTransitionTime":"2024-01-01T00:00:00Z"}
    {"type":"Ready","status":"False","reason":"Creating","lastTransitionTime":"2024-01-01T00:00:00Z","message":"Unready resources: bucket"}
    {"type":"Responsive","status":"True","reason":"WatchCircuitClosed","lastTransitionTime":"2024-01-01T00:00:00Z"}
    {"type":"Synced","status":"True","reason":"ReconcileSuccess","lastTransitionTime":"2024-01-01T00:00:00Z"}
    {"type":"Ready","status":"False","reason":"Creating","lastTransitionTime":"2024-01-01T00:00:00Z","message":"Unready resources: policy"}
    {"type":"Responsive","status":"True","reason":"WatchCircuitClosed","lastTransitionTime":"2024-01-01T00:00:00Z"}
    {"type":"Synced","status":"True","reason":"ReconcileSuccess","lastTransitionTime":"2024-01-01T00:00:00Z"}
    {"type":"Ready","status":"True","reason":"Available","lastTransitionTime":"2024-01-01T00:00:00Z"}
    "#);
}

#[test]
fn messages_list_three_names_as_crossplane_does() {
    for (count, message) in [
        (1, "Unready resources: r0"),
        (2, "Unready resources: r0, r1"),
        (3, "Unready resources: r0, r1, and r2"),
        (5, "Unready resources: r0, r1, r2, and 2 more"),
    ] {
        let composition = Composition::new("store", move |cx: &mut Cx<Store>| {
            (0..count).for_each(|index| drop(cx.resource(format!("r{index}"), bucket_in("eu"))));
            Ok(())
        });
        let rendered = Scenario::new(XR).render(&composition);
        assert_eq!(rendered.conditions[2]["message"], message);
    }
}

#[test]
fn a_composition_may_say_that_the_composite_resource_is_ready() {
    let composition = Composition::new("store", |cx: &mut Cx<Store>| {
        cx.resource("bucket", bucket_in("eu"));
        cx.composite_ready(true);
        cx.condition("Filled", ConditionStatus::False, "Empty", "nothing in it".to_owned());
        Ok(())
    });
    let rendered = Scenario::new(XR).render(&composition);
    let types: Vec<_> = rendered.conditions.iter().map(|c| (&c["type"], &c["status"], &c["reason"])).collect();
    assert_eq!(
        format!("{types:?}"),
        r#"[(String("Responsive"), String("True"), String("WatchCircuitClosed")), (String("Filled"), String("False"), String("Empty")), (String("Synced"), String("True"), String("ReconcileSuccess")), (String("Ready"), String("True"), String("Available"))]"#
    );
}

#[test]
fn conditions_of_crossplane_say_of_which_generation_they_are_true() {
    let composition = Composition::new("store", |cx: &mut Cx<Store>| {
        cx.condition("Filled", ConditionStatus::False, "Empty", None);
        Ok(())
    });
    let xr = XR.replace("name: blue", "name: blue, generation: 4");
    let rendered = Scenario::new(&xr).render(&composition);
    let generations: Vec<_> = rendered.conditions.iter().map(|c| (&c["type"], c.get("observedGeneration"))).collect();
    let (four, none) = (json!(4), None);
    let expected = [("Responsive", Some(&four)), ("Filled", none), ("Synced", Some(&four)), ("Ready", Some(&four))];
    assert_eq!(format!("{generations:?}"), format!("{:?}", expected.map(|(type_, four)| (json!(type_), four))));
}

#[test]
fn a_fatal_result_changes_nothing() {
    let composition = Composition::new("store", |cx: &mut Cx<Store>| {
        cx.resource("bucket", bucket_in("eu"));
        cx.normal("so far, so good");
        cx.fatal("the region is full");
        Ok(())
    });
    let xr = format!("{XR}status: {{arn: old, conditions: [{{type: Filled, status: 'True', reason: Full}}]}}\n");
    let rendered = Scenario::new(&xr).render(&composition);
    assert_eq!(rendered.fatal.as_deref(), Some(r#"pipeline step "store" returned a fatal result: the region is full"#));
    assert_render!(rendered, @r#"
    composite:
      apiVersion: storage.example.org/v1
      kind: Store
      metadata:
        name: blue
        namespace: shop
      status:
        arn: old
        conditions:
          - type: Filled
            status: Unknown
            reason: FatalError
            lastTransitionTime: "[time]"
            message: A fatal error occurred before the status of this condition could be determined.
          - type: Synced
            status: "False"
            reason: ReconcileError
            lastTransitionTime: "[time]"
            message: "cannot compose resources: pipeline step \"store\" returned a fatal result: the region is full"
    results:
      - step: store
        severity: Normal
        message: "so far, so good"
        target: Composite
      - step: store
        severity: Fatal
        message: the region is full
        target: Composite
    fatal: "pipeline step \"store\" returned a fatal result: the region is full"
    "#);
    insta::assert_debug_snapshot!(rendered.events, @r#"
    [
        Event {
            warning: true,
            reason: "ComposeResources",
            message: "cannot compose resources: pipeline step \"store\" returned a fatal result: the region is full",
        },
        Event {
            warning: false,
            reason: "ComposeResources",
            message: "Pipeline step \"store\": so far, so good",
        },
    ]
    "#);
}

#[test]
fn what_is_no_longer_desired_is_deleted_if_it_is_ours() {
    let composition = |drop: bool| {
        Composition::new("store", move |cx: &mut Cx<Store>| {
            if drop {
                cx.drop_matching(|_| true);
            } else {
                cx.resource("bucket", bucket_in("eu"));
                cx.resource("other", bucket_in("eu"));
            }
            Ok(())
        })
    };
    let first = Scenario::new(XR).render(&composition(false));
    let orphan = "metadata: {ownerReferences: []}";
    let world = Scenario::new(XR).observe_rendered(&first).observe_fields("other", orphan);
    insta::assert_debug_snapshot!(world.render(&composition(true)).deleted, @r#"
    [
        Deleted {
            key: "bucket",
            api_version: "storage.example.org/v1",
            kind: "Bucket",
            name: "blue-a81a69f83f73",
        },
    ]
    "#);
}

#[test]
fn metadata_is_crossplanes_and_the_observed_name_stays() {
    let xr = "
apiVersion: storage.example.org/v1
kind: Store
metadata:
  name: blue-x7
  namespace: shop
  uid: 11111111-2222-3333-4444-555555555555
  labels: {crossplane.io/composite: blue, crossplane.io/claim-name: mine, crossplane.io/claim-namespace: team}
spec: {region: eu}
";
    let composition = Composition::new("store", |cx: &mut Cx<Store>| {
        let metadata = json!({
            "namespace": "elsewhere", "labels": {"z": "1", "a": "2"},
            "annotations": {"crossplane.io/composition-resource-name": "a lie"},
        });
        cx.resource("new", json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata}));
        cx.resource("old", json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "other"}}));
        cx.resource("prefix", json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"generateName": "p-"}}));
        Ok(())
    });
    let rendered = Scenario::new(xr)
        .observe_yaml(
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: as-it-is, namespace: shop, \
             annotations: {crossplane.io/composition-resource-name: old}}}",
        )
        .render(&composition);
    let metadata: Vec<_> = rendered.resources.values().map(|rendered| &rendered.resource["metadata"]).collect();
    insta::assert_json_snapshot!(metadata, @r#"
    [
      {
        "name": "blue-a1c9ab2fee44",
        "generateName": "blue-",
        "namespace": "shop",
        "labels": {
          "a": "2",
          "crossplane.io/claim-name": "mine",
          "crossplane.io/claim-namespace": "team",
          "crossplane.io/composite": "blue",
          "z": "1"
        },
        "annotations": {
          "crossplane.io/composition-resource-name": "new"
        },
        "ownerReferences": [
          {
            "apiVersion": "storage.example.org/v1",
            "blockOwnerDeletion": true,
            "controller": true,
            "kind": "Store",
            "name": "blue-x7",
            "uid": "11111111-2222-3333-4444-555555555555"
          }
        ]
      },
      {
        "name": "as-it-is",
        "namespace": "shop",
        "labels": {
          "crossplane.io/claim-name": "mine",
          "crossplane.io/claim-namespace": "team",
          "crossplane.io/composite": "blue"
        },
        "annotations": {
          "crossplane.io/composition-resource-name": "old"
        },
        "ownerReferences": [
          {
            "apiVersion": "storage.example.org/v1",
            "blockOwnerDeletion": true,
            "controller": true,
            "kind": "Store",
            "name": "blue-x7",
            "uid": "11111111-2222-3333-4444-555555555555"
          }
        ]
      },
      {
        "name": "p-45394f42c2d7",
        "generateName": "p-",
        "namespace": "shop",
        "labels": {
          "crossplane.io/claim-name": "mine",
          "crossplane.io/claim-namespace": "team",
          "crossplane.io/composite": "blue"
        },
        "annotations": {
          "crossplane.io/composition-resource-name": "prefix"
        },
        "ownerReferences": [
          {
            "apiVersion": "storage.example.org/v1",
            "blockOwnerDeletion": true,
            "controller": true,
            "kind": "Store",
            "name": "blue-x7",
            "uid": "11111111-2222-3333-4444-555555555555"
          }
        ]
      }
    ]
    "#);
    insta::assert_debug_snapshot!(rendered.events, @r#"
    [
        Event {
            warning: true,
            reason: "NamespaceOverridden",
            message: "cannot create composed resource \"new\" in namespace \"elsewhere\", using XR namespace \"shop\" instead",
        },
        Event {
            warning: false,
            reason: "ComposeResources",
            message: "Composed resource \"new\" is not yet ready",
        },
        Event {
            warning: false,
            reason: "ComposeResources",
            message: "Composed resource \"old\" is not yet ready",
        },
        Event {
            warning: false,
            reason: "ComposeResources",
            message: "Composed resource \"prefix\" is not yet ready",
        },
    ]
    "#);
}

#[test]
fn names_that_kubernetes_refuses_end_the_render() {
    let composition = Composition::new("store", |cx: &mut Cx<Store>| {
        cx.resource("config", json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "Not_A_Name"}}));
        Ok(())
    });
    let rendered = Scenario::new(XR).render(&composition);
    insta::assert_snapshot!(rendered.fatal.as_deref().unwrap_or_default(), @r#"cannot compose resources: cannot apply composed resource "config" because it has an invalid name "Not_A_Name". Must be a valid RFC 1123 subdomain name."#);
    assert!(rendered.resources.is_empty());
}
