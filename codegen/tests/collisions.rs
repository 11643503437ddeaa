//! Names of schemas that would meet in Rust: nothing is lost, and what is generated can be compiled.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::path::PathBuf;

use planewright_codegen::{File, configure};

/// A definition of a kind whose spec has these properties.
fn definition(api_version: &str, definition: &str, group: &str, kind: &str, flags: &str, properties: &str) -> String {
    let plural = format!("{}s", kind.to_lowercase());
    let spec = format!("{{type: object, properties: {properties}}}");
    format!(
        "---
apiVersion: apiextensions.{api_version}
kind: {definition}
metadata: {{name: {plural}.{group}}}
spec:
  group: {group}
  names: {{kind: {kind}, plural: {plural}}}
  scope: Namespaced
  versions:
    - {{name: v1, served: true, {flags}, schema: {{openAPIV3Schema: {{type: object, properties: {{spec: {spec}}}}}}}}}
"
    )
}

fn crd(group: &str, kind: &str, properties: &str) -> String {
    definition("k8s.io/v1", "CustomResourceDefinition", group, kind, "storage: true", properties)
}

fn xrd(group: &str, kind: &str, properties: &str) -> String {
    definition("crossplane.io/v2", "CompositeResourceDefinition", group, kind, "referenceable: true", properties)
}

/// What is generated, by path. No two files have one path.
fn by_path(files: Vec<File>) -> BTreeMap<String, String> {
    let count = files.len();
    let files: BTreeMap<String, String> = files.into_iter().map(|file| (file.path, file.contents)).collect();
    assert_eq!(files.len(), count, "two files have one path");
    files
}

/// Writes inputs where a generator can read them.
fn written<T>(text: &str, read: impl FnOnce(&[PathBuf]) -> T) -> T {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("input.yaml");
    std::fs::write(&path, text).unwrap();
    read(&[path])
}

fn from_schemas(schemas: &str) -> BTreeMap<String, String> {
    by_path(written(schemas, |paths| configure().pretty(true).files(paths, &[] as &[PathBuf]).unwrap().0))
}

fn from_apis(apis: &str) -> BTreeMap<String, String> {
    by_path(written(apis, |paths| configure().pretty(true).files(&[] as &[PathBuf], paths).unwrap().0))
}

fn claims(apis: &str) -> BTreeMap<String, String> {
    by_path(written(apis, |paths| configure().claims(paths).unwrap()))
}

#[test]
fn an_open_object_may_have_a_field_called_extra() {
    let open =
        "{open: {type: object, x-kubernetes-preserve-unknown-fields: true, properties: {extra: {type: string}}}}";
    let thing = &from_schemas(&crd("a.example.org", "Thing", open))["org/example/a/v1/thing.rs"];
    assert!(thing.contains("pub extra_: Option<String>"), "{thing}");
    assert!(thing.contains("pub extra: rt::JsonObject"), "{thing}");
}

#[test]
fn an_enum_may_list_the_word_for_what_is_unlisted() {
    let mode = "{mode: {type: string, enum: [Listed, Unlisted]}}";
    let thing = &from_schemas(&crd("a.example.org", "Thing", mode))["org/example/a/v1/thing.rs"];
    assert!(thing.contains("\"Unlisted\" => Mode::UnlistedValue"), "{thing}");
}

#[test]
fn no_type_of_a_composite_resource_is_called_as_what_its_code_uses() {
    let properties = "{serialize: {type: object, properties: {a: {type: string}}}, \
                       deserialize: {type: object, properties: {b: {type: string}}}, \
                       apiVersion: {type: string, enum: [v1]}, kindName: {type: string, enum: [A]}}";
    let apis = xrd("a.example.org", "Thing", properties);
    for text in from_apis(&apis).values().chain(claims(&apis).values()) {
        for name in ["pub struct Serialize ", "pub struct Deserialize ", "pub enum ApiVersion ", "pub enum KindName "] {
            assert!(!text.contains(name), "{name}: {text}");
        }
    }
}

#[test]
fn kinds_that_differ_in_capitals_have_modules_of_their_own() {
    let both = crd("a.example.org", "HTTPRoute", "{a: {type: string}}") + &crd("a.example.org", "HttpRoute", "{}");
    // The two cannot be in one cluster, whose names for them would be the same; in schemas of two products they can.
    let both = both.replacen("httproutes", "routes", 2);
    let files = from_schemas(&both);
    let version = &files["org/example/a/v1/mod.rs"];
    assert!(version.contains("pub use http_route::HTTPRoute;"), "{version}");
    assert!(version.contains("::HttpRoute;"), "{version}");
}

#[test]
fn a_kind_may_be_called_like_a_group_a_version_or_the_file_of_a_module() {
    let schemas = crd("example.org", "Mod", "{}")
        + &crd("example.org", "Shop", "{}")
        + &crd("shop.v1.example.org", "Thing", "{}");
    let files = from_schemas(&schemas);
    let version = &files["org/example/v1/mod.rs"];
    assert!(
        version.contains("pub mod shop;") && version.contains("::Shop;") && version.contains("::Mod;"),
        "{version}"
    );
    assert!(!version.contains("pub mod r#mod;"), "{version}");
    assert!(!files.contains_key("org/example/v1/shop.rs"), "it would stand beside shop/mod.rs");
}

#[test]
fn claims_of_one_name_in_two_groups_are_told_apart() {
    let files = claims(&(xrd("a.example.org", "Cluster", "{}") + &xrd("b.example.org", "Cluster", "{}")));
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(names, ["cluster_a_example_org.rs", "cluster_b_example_org.rs", "lib.rs"]);
    assert!(!files["lib.rs"].contains("pub use cluster"), "{}", files["lib.rs"]);
}
