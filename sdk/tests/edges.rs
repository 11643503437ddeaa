//! Which composed resources read what from which others.

mod support;

use planewright::compose::{Cx, Lazy, Result};
use planewright::platform::{Composition, Exit, run as run_program};
use planewright::render::GraphFormat;
use planewright::state::{DEPENDENCIES_CAPABILITY, Request, Response, dependencies};
use planewright::testing::Scenario;
use planewright::{field, path, resource, text};
use support::world::*;
use support::{Bucket, BucketPolicy, Store};

/// A policy that reads in every way.
fn reading(cx: &mut Cx<Store>) -> Result<()> {
    let xr = cx.xr();
    let bucket = cx.resource("bucket", bucket_in("eu"));
    let other = cx.resource("other", bucket_in("eu"));
    let id = |of: &planewright::compose::Handle<Bucket>| of.read(path!(status.at_provider.id));
    let mut policy = cx.draft::<BucketPolicy>("draft");
    policy.set(field!(spec.for_provider.region), id(&other));
    policy.set(field!(spec.for_provider.region), &xr.spec.region);
    policy.set(field!(spec.for_provider.bucket_ref), &bucket);
    policy.set(field!(spec.for_provider.policy), id(&bucket).zip(id(&other)).map(|(one, two)| one + &two));
    policy.set(field!(spec.for_provider.statement[0].resource), bucket.external_name().or(Lazy::Known("x".into())));
    policy.compose();
    resource!(cx, literal: BucketPolicy {
        spec.for_provider: {
            bucket: &bucket,
            region: xr.spec.region,
            policy: text!("{} {}", bucket.status.at_provider.arn, id(&other)),
        },
    });
    cx.connection_secret("connection").detail("id", id(&other)).detail("fixed", "a").compose();
    Ok(())
}

fn observed(mut request: Request) -> Request {
    request.wants_edges = true;
    request
}

fn edges(response: &Response) -> String {
    response.edges.iter().map(|edge| format!("{edge}\n")).collect()
}

#[test]
fn edges_are_the_same_before_and_after_values_are_known() {
    let new = edges(&run(observed(with(&[])), reading));
    insta::assert_snapshot!(new, @r#"
    connection: data.id from other: status.atProvider.id
    draft: spec.forProvider.bucketRef from bucket: metadata.name
    draft: spec.forProvider.policy from bucket: status.atProvider.id
    draft: spec.forProvider.policy from other: status.atProvider.id
    draft: spec.forProvider.statement[0].resource from bucket: metadata.annotations["crossplane.io/external-name"]
    literal: spec.forProvider.bucketRef from bucket: metadata.name
    literal: spec.forProvider.policy from bucket: status.atProvider.arn
    literal: spec.forProvider.policy from other: status.atProvider.id
    "#);
    let world = with(&[("bucket", observed_bucket()), ("other", observed_bucket())]);
    let response = run(observed(world.clone()), reading);
    assert_eq!(said(&response), "");
    assert_eq!(edges(&response), new);
    assert!(run(world, reading).edges.is_empty(), "nobody asked");
}

#[test]
fn dependencies_are_declared_to_a_crossplane_that_takes_them() {
    let mut request = with(&[("bucket", observed_bucket()), ("other", observed_bucket())]);
    let response = run(request.clone(), reading);
    assert_eq!(dependencies(&request, &response), None);
    request.capabilities.insert(DEPENDENCIES_CAPABILITY.to_owned());
    let response = run(request.clone(), reading);
    let pairs = dependencies(&request, &response).into_iter().flatten();
    let pairs: Vec<String> = pairs.map(|pair| format!("{} needs {}", pair.key, pair.on)).collect();
    assert_eq!(
        pairs,
        [
            "connection needs other",
            "draft needs bucket",
            "draft needs other",
            "literal needs bucket",
            "literal needs other"
        ]
    );
}

const XR: &str =
    "{apiVersion: storage.example.org/v1, kind: Store, metadata: {name: blue, namespace: shop}, spec: {region: eu}}";

fn drawn(cx: &mut Cx<Store>) -> Result<()> {
    reading(cx)?;
    cx.order_deletion();
    let config = cx.resource("config \"quoted\" <b>", serde_json::json!({"apiVersion": "v1", "kind": "ConfigMap"}));
    config.deleted_before(&cx.handle::<Bucket>("bucket"));
    cx.handle::<Bucket>("bucket").protect("holds the orders");
    Ok(())
}

#[test]
fn a_graph_is_a_list_and_two_kinds_of_pictures() {
    let rendered = Scenario::new(XR).render(&Composition::new("store", drawn));
    insta::assert_snapshot!(rendered.graph(GraphFormat::Text), @r#"
    bucket (Bucket) protected
    config "quoted" <b> (ConfigMap)
      is deleted before bucket
    connection (Secret)
      reads other: status.atProvider.id
    draft (BucketPolicy) held back
      reads bucket: metadata.annotations["crossplane.io/external-name"], metadata.name, status.atProvider.id
      reads other: status.atProvider.id
    literal (BucketPolicy) held back
      reads bucket: metadata.name, status.atProvider.arn
      reads other: status.atProvider.id
    other (Bucket)
    "#);
    insta::assert_snapshot!(rendered.graph(GraphFormat::Dot), @r#"
    digraph composition {
      rankdir=LR;
      node [shape=box];
      "bucket" [label="bucket\nBucket protected"];
      "config \"quoted\" <b>" [label="config \"quoted\" <b>\nConfigMap"];
      "connection" [label="connection\nSecret"];
      "draft" [label="draft\nBucketPolicy held back", style=dashed];
      "literal" [label="literal\nBucketPolicy held back", style=dashed];
      "other" [label="other\nBucket"];
      "connection" -> "other" [label="status.atProvider.id"];
      "draft" -> "bucket" [label="metadata.annotations[\"crossplane.io/external-name\"]\nmetadata.name\nstatus.atProvider.id"];
      "draft" -> "other" [label="status.atProvider.id"];
      "literal" -> "bucket" [label="metadata.name\nstatus.atProvider.arn"];
      "literal" -> "other" [label="status.atProvider.id"];
      "config \"quoted\" <b>" -> "bucket" [label="deleted before", style=dotted];
    }
    "#);
    insta::assert_snapshot!(rendered.graph(GraphFormat::Mermaid), @r#"
    flowchart LR
      n0["bucket<br/>Bucket protected"]
      n1["config &quot;quoted&quot; &lt;b><br/>ConfigMap"]
      n2["connection<br/>Secret"]
      n3["draft<br/>BucketPolicy held back"]
      n4["literal<br/>BucketPolicy held back"]
      n5["other<br/>Bucket"]
      n2 -->|"status.atProvider.id"| n5
      n3 -->|"metadata.annotations[&quot;crossplane.io/external-name&quot;]<br/>metadata.name<br/>status.atProvider.id"| n0
      n3 -->|"status.atProvider.id"| n5
      n4 -->|"metadata.name<br/>status.atProvider.arn"| n0
      n4 -->|"status.atProvider.id"| n5
      n1 -.->|"deleted before"| n0
    "#);
}

#[test]
fn the_command_shows_the_graph() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("store.yaml");
    std::fs::write(&file, XR).expect("a file");
    let graph = |arguments: &[&str]| {
        let arguments = arguments.iter().map(|argument| argument.to_string().into());
        let all = ["platform".into(), "graph".into(), file.clone().into()].into_iter().chain(arguments);
        run_program("platform", "1.2.3", &[Composition::new("store", reading)], all)
    };
    let output = graph(&[]);
    assert_eq!(output.exit, Exit::Done);
    assert!(output.data.starts_with("bucket (Bucket)\n"), "{}", output.data);
    assert!(output.notes.contains("waiting: draft is held back"), "{}", output.notes);
    assert!(graph(&["--format", "dot"]).data.starts_with("digraph composition {\n"));
    assert!(graph(&["--format", "mermaid"]).data.starts_with("flowchart LR\n"));
    assert_eq!(graph(&["--format", "png"]).exit, Exit::BadInput);
}
