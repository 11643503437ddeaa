//! Steps in order, what they ask for, and what they may be asked with.

mod support;

use std::cell::Cell;
use std::rc::Rc;

use planewright::assert_render;
use planewright::compose::{AutoReady, Composer, Cx};
use planewright::platform::{CompositeKind, Composition};
use planewright::render::{Inputs, Step, render};
use planewright::state::{Function, Requirements, ResourceSelector, Response, Source};
use planewright::testing::Scenario;
use serde_json::json;
use support::world::*;
use support::{Bucket, Store};

const XR: &str = "
apiVersion: storage.example.org/v1
kind: Store
metadata: {name: blue, namespace: shop}
spec: {region: eu}
";

#[test]
fn steps_hand_on_what_they_do_not_speak_of() {
    let first = Composer::new(|cx: &mut Cx<Store>| {
        cx.resource("first", bucket_in("eu"));
        cx.resource("both", bucket_in("eu"));
        cx.status(support::store::Status { arn: Some("one".to_owned()), ..Default::default() });
        cx.set_context("said", "hello")?;
        Ok(())
    });
    let second = Composer::new(|cx: &mut Cx<Store>| {
        assert_eq!(cx.context::<String>("said")?.as_deref(), Some("hello"));
        cx.resource(
            "both",
            Bucket {
                metadata: Some(planewright::shapes::ObjectMeta::default().with_label("by", "second")),
                ..Default::default()
            },
        );
        cx.ready("first", true);
        cx.status(support::store::Status {
            buckets: Some([("a".to_owned(), "b".to_owned())].into()),
            ..Default::default()
        });
        Ok(())
    });
    let steps = [Step::new("first", &first), Step::new("second", &second), Step::new("ready", &AutoReady)];
    let rendered = match render(&CompositeKind::of::<Store>(), &steps, store_xr(), Inputs::default()) {
        Ok(rendered) => rendered,
        Err(error) => panic!("{error}"),
    };
    assert_render!(rendered, @r#"
    composite:
      apiVersion: storage.example.org/v1
      kind: Store
      metadata:
        name: blue
        namespace: shop
      status:
        arn: one
        buckets:
          a: b
        conditions:
          - type: Synced
            status: "True"
            reason: ReconcileSuccess
            lastTransitionTime: "[time]"
          - type: Ready
            status: "False"
            reason: Creating
            lastTransitionTime: "[time]"
            message: "Unready resources: both"
    resources:
      both:
        resource:
          apiVersion: storage.example.org/v1
          kind: Bucket
          metadata:
            name: "blue-[hash]"
            generateName: blue-
            namespace: shop
            labels:
              by: second
              crossplane.io/composite: blue
            annotations:
              crossplane.io/composition-resource-name: both
          spec:
            forProvider:
              region: eu
        ready: Unspecified
      first:
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
              crossplane.io/composition-resource-name: first
          spec:
            forProvider:
              region: eu
        ready: "True"
    context:
      said: hello
    "#);
}

/// Asks for one more object in every run.
struct NeverContent(Cell<usize>);

impl Function for NeverContent {
    fn run(&self, _: Rc<dyn Source>) -> Response {
        self.0.set(self.0.get() + 1);
        let selector = ResourceSelector::named::<Bucket>(format!("bucket-{}", self.0.get()));
        let requirements = Requirements { resources: [("bucket".to_owned(), selector)].into(), ..Default::default() };
        Response { requirements, ..Default::default() }
    }
}

#[test]
fn requirements_are_looked_for_until_they_settle() {
    let composition = Composition::new("store", |cx: &mut Cx<Store>| {
        let config = cx.require_any("config", ResourceSelector::named::<Bucket>("shared").in_namespace("shop"));
        // What the second asks for follows from what the first found.
        if let Some(found) = config.first::<Bucket>() {
            let team =
                found.metadata.as_ref().and_then(|metadata| metadata.label("team")).unwrap_or_default().to_owned();
            let all = cx.require_any("team", ResourceSelector::labelled::<Bucket>([("team", team)]));
            let names: Vec<String> =
                all.all::<Bucket>().unwrap_or_default().into_iter().filter_map(|b| b.metadata?.name).collect();
            cx.status(support::store::Status { arn: Some(names.join(",")), ..Default::default() });
        }
        Ok(())
    });
    let bucket = |name: &str, team: &str| {
        format!(
            "---\n{{apiVersion: storage.example.org/v1, kind: Bucket, metadata: {{name: {name}, namespace: shop, labels: {{team: {team}}}}}}}\n"
        )
    };
    let rendered = Scenario::new(XR)
        .require_yaml(&(bucket("z", "red") + &bucket("shared", "red") + &bucket("green", "green")))
        .render(&composition);
    assert_eq!(rendered.composite["status"]["arn"], "shared,z", "sorted by name");
    insta::assert_json_snapshot!(rendered.json()["requirements"], @r#"
    {
      "store": {
        "resources": {
          "config": {
            "apiVersion": "storage.example.org/v1",
            "kind": "Bucket",
            "namespace": "shop",
            "matchName": "shared"
          },
          "team": {
            "apiVersion": "storage.example.org/v1",
            "kind": "Bucket",
            "matchLabels": {
              "team": "red"
            }
          }
        }
      }
    }
    "#);

    let never = NeverContent(Cell::new(0));
    let error = render(&CompositeKind::of::<Store>(), &[Step::new("never", &never)], store_xr(), Inputs::default());
    insta::assert_snapshot!(error.err().map(|error| error.to_string()).unwrap_or_default(), @r#"cannot run Composition pipeline step "never": requirements didn't stabilize after the maximum number of iterations (5); ask for the same in every run, whatever was found"#);
    assert_eq!(never.0.get(), 6);
}

#[test]
fn inputs_that_cannot_be_are_refused() {
    let composition = Composition::new("stores::store", bucket_and_policy);
    let error = |xr: serde_json::Value, observed: Vec<serde_json::Value>| {
        let inputs = Inputs { observed, ..Inputs::default() };
        composition.render(xr, inputs).err().map(|error| error.to_string()).unwrap_or_default()
    };
    let mut nowhere = store_xr();
    nowhere["metadata"]["namespace"] = json!(null);
    let mut nameless = store_xr();
    nameless["metadata"] = json!({"namespace": "shop"});
    let observed = |metadata: serde_json::Value| json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata});
    let key = json!({"crossplane.io/composition-resource-name": "a"});
    let foreign = json!([{"apiVersion": "v1", "kind": "Pod", "name": "x", "uid": "other", "controller": true}]);
    let errors = [
        error(nowhere, vec![]),
        error(nameless, vec![]),
        error(json!([]), vec![]),
        error(store_xr(), vec![observed(json!({"name": "a", "namespace": "shop"}))]),
        error(store_xr(), vec![observed(json!({"name": "a", "namespace": "x", "annotations": key}))]),
        error(
            store_xr(),
            vec![observed(json!({"name": "a", "namespace": "shop", "annotations": key, "ownerReferences": foreign}))],
        ),
        error(
            store_xr(),
            vec![
                observed(json!({"name": "a", "namespace": "shop", "annotations": key})),
                observed(json!({"name": "b", "namespace": "shop", "annotations": key})),
            ],
        ),
    ];
    insta::assert_snapshot!(errors.join("\n"), @r#"
    Store "blue": metadata.namespace: the kind lives in namespaces, and none is set; set metadata.namespace
    Store: metadata.name: it has no name; give it one
    Store: it is not an object; write apiVersion, kind, metadata and spec
    observed ConfigMap "a": metadata.annotations: it does not say which composed resource it is (annotation crossplane.io/composition-resource-name); give it that annotation, with the key as its value
    observed ConfigMap "a": metadata.namespace: it is not in the namespace of the composite resource, "shop"; a namespaced composite resource observes its own namespace only
    observed ConfigMap "a": metadata.ownerReferences: another object controls it than Store "blue" (uid 0c7b1f1e-0000-4000-8000-000000000001); give the composite resource the uid that the ownerReferences of its resources name
    observed ConfigMap "b": metadata.annotations: two observed resources have the key "a"; leave one of them out
    "#);
}
