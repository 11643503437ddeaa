//! What the composition makes of an archive, in the states of the world that matter.

use planewright::platform::Composition;
use planewright::render::Rendered;
use planewright::testing::Scenario;
use planewright::{assert_render, assert_waits};

use starter_platform_claims::Archive;
use starter_platform_claims::archive::Spec;

const PHOTOS: &str = include_str!("../examples/xr/archive.yaml");

fn composition() -> Composition {
    Composition::new("archive", starter_platform::archive::archive)
}

fn keys(rendered: &Rendered) -> Vec<&str> {
    rendered.resources.keys().map(String::as_str).collect()
}

/// The bucket exists, and S3 has given it an ARN.
fn bucket_exists() -> Scenario {
    let first = Scenario::new(PHOTOS).render(&composition());
    Scenario::new(PHOTOS)
        .observe_rendered(&first)
        .observe_fields("bucket", "status: { atProvider: { arn: 'arn:aws:s3:::photos' } }")
}

#[test]
fn what_needs_the_bucket_waits_for_it() {
    let rendered = Scenario::new(PHOTOS).render(&composition());
    assert_eq!(keys(&rendered), ["bucket"]);
    assert_waits!(rendered, "versioning" on "bucket" at "metadata.name");
}

#[test]
fn everything_is_composed_once_the_bucket_exists() {
    assert_render!(bucket_exists().render(&composition()));
}

#[test]
fn what_exists_stays_when_a_status_is_lost() {
    let rendered = bucket_exists().render(&composition());
    // As after a restore from a backup: every object is there, and no status yet.
    let restored = Scenario::new(PHOTOS).observe_rendered(&rendered).render(&composition());
    assert_eq!(keys(&restored), keys(&rendered));
    assert!(restored.deleted.is_empty());
}

#[test]
fn an_archive_that_a_service_writes_is_accepted() {
    let archive = Archive::new("photos", Spec::new("eu-central-1").keep_versions(false)).namespace("web");
    let rendered = Scenario::new(&archive.to_yaml().unwrap()).render(&composition());
    assert_eq!(keys(&rendered), ["bucket"]);
}
