//! What the composition makes of a store, in the states of the world that matter.

use planewright::platform::Composition;
use planewright::render::Rendered;
use planewright::testing::Scenario;
use planewright::{assert_render, assert_waits};

const PHOTOS: &str = include_str!("../store.yaml");

fn composition() -> Composition {
    Composition::new("store", stores::store::store)
}

/// The buckets exist, and S3 has given them ARNs.
fn buckets_exist() -> Scenario {
    let photos = Scenario::new(PHOTOS);
    let first = photos.render(&composition());
    photos
        .observe_rendered(&first)
        .observe_fields("bucket-red", "status: { atProvider: { arn: 'arn:aws:s3:::photos-red' } }")
        .observe_fields("bucket-blue", "status: { atProvider: { arn: 'arn:aws:s3:::photos-blue' } }")
}

fn keys(rendered: &Rendered) -> Vec<&str> {
    rendered.resources.keys().map(String::as_str).collect()
}

#[test]
fn a_policy_waits_for_its_bucket() {
    let rendered = Scenario::new(PHOTOS).render(&composition());
    assert_eq!(keys(&rendered), ["bucket-blue", "bucket-red"]);
    assert_waits!(rendered, "policy-red" on "bucket-red" at "status.atProvider.arn");
}

#[test]
fn the_rest_follows_once_the_buckets_have_arns() {
    let rendered = buckets_exist().render(&composition());
    assert_eq!(keys(&rendered), ["bucket-blue", "bucket-red", "expiry-blue", "policy-blue", "policy-red"]);
    assert_eq!(
        rendered.composite["status"]["buckets"],
        serde_json::json!({ "blue": "arn:aws:s3:::photos-blue", "red": "arn:aws:s3:::photos-red" })
    );
}

#[test]
fn what_exists_stays_when_a_status_is_lost() {
    let rendered = buckets_exist().render(&composition());
    // As after a restore from a backup: every object is there, and no status yet.
    let restored = Scenario::new(PHOTOS).observe_rendered(&rendered).render(&composition());
    assert_eq!(keys(&restored), keys(&rendered));
    assert!(restored.deleted.is_empty());
    assert_eq!(restored.resources["policy-red"].resource["spec"], rendered.resources["policy-red"].resource["spec"]);
}

#[test]
fn a_team_that_leaves_takes_its_resources_along() {
    let rendered = buckets_exist().render(&composition());
    let red_alone = "
apiVersion: storage.example.org/v1
kind: Store
metadata: { name: photos, namespace: web }
spec:
  region: eu-central-1
  teams: [{ name: red, reader: 'arn:aws:iam::111122223333:role/red' }]
";
    let left = Scenario::new(red_alone).observe_rendered(&rendered).render(&composition());
    let deleted: Vec<&str> = left.deleted.iter().map(|deleted| deleted.key.as_str()).collect();
    assert_eq!(deleted, ["bucket-blue", "expiry-blue", "policy-blue"]);
}

#[test]
fn a_store_without_teams_composes_nothing() {
    let empty = "
apiVersion: storage.example.org/v1
kind: Store
metadata: { name: empty, namespace: web }
spec: { region: eu-central-1 }
";
    assert_render!(Scenario::new(empty).render(&composition()), @r#"
    composite:
      apiVersion: storage.example.org/v1
      kind: Store
      metadata:
        name: empty
        namespace: web
      status:
        conditions:
          - type: Synced
            status: "True"
            reason: ReconcileSuccess
            lastTransitionTime: "[time]"
          - type: Ready
            status: "True"
            reason: Available
            lastTransitionTime: "[time]"
    "#);
}
