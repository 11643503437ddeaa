//! Rust types for a JSON Schema: what is written for the values of a chart of our own, and what the types do.
//!
//! `PLANEWRIGHT_UPDATE=1 cargo test -p planewright-codegen --features typify --test json_schema` writes them anew.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use serde_json::json;

/// The values of a chart.
#[allow(clippy::all, missing_docs, unused_qualifications, reason = "it is generated")]
#[rustfmt::skip]
#[path = "json_schema/values.rs"]
mod values;

use values::{CacheValues, Image};

fn image() -> Image {
    Image { repository: "cache/server".to_owned(), tag: None }
}

#[test]
fn what_is_not_set_is_not_written() {
    let values = CacheValues {
        image: image(),
        replica_count: Some(3),
        args: Vec::new(),
        default: None,
        extra: None,
        mode: None,
        node_selector: [("disk".to_owned(), "ssd".to_owned())].into(),
        password: None,
        port: None,
    };
    let written = serde_json::to_value(&values).unwrap();
    assert_eq!(
        written,
        json!({"image": {"repository": "cache/server"}, "replicaCount": 3, "nodeSelector": {"disk": "ssd"}})
    );
    let read: CacheValues = serde_json::from_value(written).unwrap();
    assert_eq!((read.replica_count, read.mode), (Some(3), None), "no default is made up");
}

#[test]
fn what_the_schema_refuses_is_refused() {
    let read = |more: serde_json::Value| {
        let mut values = json!({"image": {"repository": "a"}});
        values.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        serde_json::from_value::<CacheValues>(values).map(drop).map_err(|error| error.to_string())
    };
    assert_eq!(read(json!({"mode": "cluster", "port": "80", "password": null, "default": false})), Ok(()));
    assert!(read(json!({"mode": "other"})).unwrap_err().contains("unknown variant"));
    assert!(read(json!({"replicas": 1})).unwrap_err().contains("unknown field `replicas`"));
    assert!(serde_json::from_value::<CacheValues>(json!({})).is_err(), "an image is required");
}

#[cfg(feature = "typify")]
#[test]
fn the_types_are_those_of_the_schema() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/json_schema");
    let schema = std::fs::read_to_string(format!("{folder}/values.schema.json")).unwrap();
    let source = planewright_codegen::json_schema_source(&schema, "CacheValues").unwrap();
    assert_eq!(source, planewright_codegen::json_schema_source(&schema, "CacheValues").unwrap());
    if std::env::var_os("PLANEWRIGHT_UPDATE").is_some() {
        std::fs::write(format!("{folder}/values.rs"), &source).unwrap();
    }
    let committed = std::fs::read_to_string(format!("{folder}/values.rs")).unwrap_or_default();
    assert!(source == committed, "run with PLANEWRIGHT_UPDATE=1 and review the difference");
}

#[cfg(feature = "typify")]
#[test]
fn what_is_no_schema_is_refused() {
    let refused = |text: &str| planewright_codegen::json_schema_source(text, "Values").unwrap_err().to_string();
    insta::assert_snapshot!(refused("{"), @"it is not JSON: EOF while parsing an object at line 1 column 1; correct it, or save it as JSON");
    insta::assert_snapshot!(refused("[]"), @"a JSON Schema of values is an object; correct it");
    insta::assert_snapshot!(refused(r#"{"type": 5}"#), @"it is not a JSON Schema of draft 7: data did not match any variant of untagged enum SingleOrVec; correct it");
    insta::assert_snapshot!(refused(r##"{"type": "object", "properties": {"a": {"$ref": "#/definitions/missing"}}}"##), @"it has no Rust types: typify cannot read it; take the values as free JSON, or correct the schema");
    insta::assert_snapshot!(refused(r##"{"$ref": "other.json#/definitions/a"}"##), @"it has no Rust types: typify cannot read it; take the values as free JSON, or correct the schema");
    insta::assert_snapshot!(refused(r#"{"type": "object", "not": {"type": "string"}}"#), @"it has no Rust types: typify cannot read it; take the values as free JSON, or correct the schema");
}
