//! A pinned folder that is not as it was pinned generates nothing.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use planewright_codegen::lock::{LockedFile, LockedSource, NAMES_LOCK, SCHEMAS_LOCK, SchemasLock};
use planewright_codegen::{Docs, configure, digest};

const CRD: &str = "apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.example.org}
spec:
  group: example.org
  names: {kind: Thing, plural: things}
  scope: Namespaced
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]
";

/// What a run over a pinned folder says after `change`, with the folder as `schemas`.
fn told(change: impl Fn(&Path)) -> String {
    let place = tempfile::tempdir().unwrap();
    let schemas = place.path().join("schemas");
    fs::create_dir(&schemas).unwrap();
    fs::write(schemas.join("things.yaml"), CRD).unwrap();
    fs::write(schemas.join(NAMES_LOCK), "").unwrap();
    let file = LockedFile { path: "things.yaml".to_owned(), digest: digest(CRD.as_bytes()) };
    let mut lock = SchemasLock::default();
    lock.insert(LockedSource { name: "own".into(), version: "v1".into(), docs: Docs::Full, files: vec![file] });
    fs::write(schemas.join(SCHEMAS_LOCK), lock.to_yaml().unwrap()).unwrap();

    change(&schemas);
    let out = place.path().join("out");
    let result = configure().out_dir(&out).generate(&[&schemas], &[] as &[&str]);
    assert_eq!(out.exists(), result.is_ok(), "all or nothing");
    match result {
        Ok(report) => format!("{} kinds", report.kinds),
        Err(error) => error.to_string().replace(schemas.to_str().unwrap(), "schemas"),
    }
}

#[test]
fn as_it_was_pinned() {
    insta::assert_snapshot!(told(|_| {}), @"1 kinds");
}

#[test]
fn changed_missing_or_added_anywhere() {
    let changed = told(|schemas| fs::write(schemas.join("things.yaml"), CRD.replace("Namespaced", "Cluster")).unwrap());
    insta::assert_snapshot!(changed, @r#"
    error: this is not the file that was pinned
    --> schemas/things.yaml
     = note: pinned as sha256:df4f9c4086ff861ebcfe79cd41869149d49388c59366dbdcf9644340d4740b2a
     = note: it is     sha256:2add518f83d284a57b85a9d0fdc991a519ef757ad809781ff471d51ab4c4894e
     = help: restore it from version control, or pin the source again with `planewright schemas add`
    "#);
    insta::assert_snapshot!(told(|schemas| fs::remove_file(schemas.join("things.yaml")).unwrap()), @r#"
    error: a pinned file is missing
    --> schemas/things.yaml
     = note: pinned as sha256:df4f9c4086ff861ebcfe79cd41869149d49388c59366dbdcf9644340d4740b2a
     = help: restore it from version control, or pin the source again with `planewright schemas add`
    "#);
    let added = told(|schemas| {
        fs::create_dir(schemas.join("more")).unwrap();
        fs::write(schemas.join("more/others.yaml"), CRD.replace("hing", "ther")).unwrap();
    });
    insta::assert_snapshot!(added, @r#"
    error: this file was not pinned
    --> schemas/more/others.yaml
     = note: it is     sha256:1afb0baf4beb3a62866f548a635b429a631ebae603392f16abcfd854f5f68e72
     = help: pin its source with `planewright schemas add`, or move it out of the folder
    "#);
}

#[test]
fn without_its_lock() {
    insta::assert_snapshot!(told(|schemas| fs::remove_file(schemas.join(SCHEMAS_LOCK)).unwrap()), @r#"
    error: it is missing, though the folder was pinned
    --> schemas/planewright.lock
     = help: restore it from version control, or pin the schemas again with `planewright schemas add`
    "#);
}
