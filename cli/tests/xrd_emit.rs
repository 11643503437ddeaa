//! `planewright xrd emit`: XRDs from a package that declares them as Rust types.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test")]

mod support;

use support::Place;
use support::emission::{EMISSION, script};

const SHOPS: &str = r#"{"path": "apis/shops/definition.yaml", "object": {
  "apiVersion": "apiextensions.crossplane.io/v2", "kind": "CompositeResourceDefinition", "metadata": {"name": "shops.example.org"},
  "spec": {"group": "example.org", "names": {"kind": "Shop", "plural": "shops"}, "scope": "Namespaced",
    "versions": [{"name": "v1", "served": true, "referenceable": true, "schema": {"openAPIV3Schema": {"type": "object"}}}]}}}"#;

/// A place with a program `api` that emits these files, and `platform`, a whole platform's.
fn place(files: &[&str]) -> Place {
    let place = Place::with(&[("platform.json", EMISSION)]);
    emits(&place, files);
    for name in ["api", "platform"] {
        script(&place, name, &format!("[ \"$*\" = 'emit -o json' ] && cat \"$(dirname \"$0\")/{name}.json\""));
    }
    place
}

fn emits(place: &Place, files: &[&str]) {
    place.write("api.json", &format!(r#"{{"files": [{}], "packages": []}}"#, files.join(", ")));
}

const EMIT: &str = "xrd emit --program api --out .";

#[test]
fn a_file_an_api_which_a_second_run_leaves_alone() {
    let place = place(&[SHOPS]);
    let check = place.run("xrd emit --program api --check");
    assert_eq!((check.code, check.out.as_str()), (3, "missing ./apis/shops/definition.yaml\n"));
    let ran = place.run(EMIT);
    insta::assert_snapshot!(ran.told(), @"
    exit 0
    ./apis: 1 XRD written, 0 removed, 0 as before
    ");
    insta::assert_snapshot!(place.read("apis/shops/definition.yaml"), @"");
    assert_eq!(place.run("xrd emit --program api --check").code, 0);
    insta::assert_snapshot!(place.run(EMIT).told(), @"
    exit 0
    ./apis: 0 XRDs written, 0 removed, 1 as before
    ");
}

#[test]
fn it_and_the_build_leave_each_other_s_files_alone() {
    let place = place(&[SHOPS]);
    place.done(EMIT);
    let definition = place.read("apis/shops/definition.yaml");
    // The platform emits the definition that it was generated from, and its composition.
    place.done("build --platform platform --only apis --out .");
    assert_eq!(place.read("apis/shops/definition.yaml"), definition);
    assert!(place.read("apis/shops/composition.yaml").contains("planewright build"));
    assert_eq!(place.run("build --platform platform --only apis --out . --check").told(), "exit 0\n");
    assert_eq!(place.run("xrd emit --program api --check").told(), "exit 0\n");
    // What is declared no longer goes, and nothing else.
    emits(&place, &[]);
    place.done(EMIT);
    assert!(!place.path("apis/shops/definition.yaml").exists());
    assert!(place.path("apis/shops/composition.yaml").exists());
}

#[test]
fn what_was_written_by_hand_is_not_overwritten() {
    let place = place(&[SHOPS]);
    place.write("apis/shops/definition.yaml", "kind: CompositeResourceDefinition\n");
    insta::assert_snapshot!(place.run(EMIT).told(), @"");
    assert_eq!(place.read("apis/shops/definition.yaml"), "kind: CompositeResourceDefinition\n");
}

#[test]
fn what_a_cluster_lets_nobody_change_is_not_changed() {
    let place = place(&[SHOPS]);
    place.done(EMIT);
    emits(&place, &[&SHOPS.replace("Namespaced", "Cluster")]);
    insta::assert_snapshot!(place.run(EMIT).told(), @"");
    assert!(place.read("apis/shops/definition.yaml").contains("scope: Namespaced"));
}

#[test]
fn faults_of_the_types_and_other_programs_are_refused() {
    let place = place(&[SHOPS]);
    script(&place, "broken", "echo 'error: Shop v1 (shops::ShopSpec), spec.crossplane: reserved' >&2; exit 2");
    insta::assert_snapshot!(place.run("xrd emit --program broken").told(), @"");
    insta::assert_snapshot!(place.run("xrd emit --program platform").told(), @"");
    insta::assert_snapshot!(place.run("xrd emit").told(), @"");
    assert!(!place.path("apis").exists());
}
