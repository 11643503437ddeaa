//! The order of keys in what is rendered: that of the schemas, level by level, with maps sorted. So a difference shows what has changed, and nothing else.
//!
//! That single types keep to it, whatever order they are read in, is shown in `codec` and `claims`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use planewright::platform::Composition;
use planewright::testing::Scenario;
use planewright_definitions::crd::Crd;
use planewright_definitions::schema::{Schema, SchemaOrBool};
use planewright_definitions::yaml;
use reference_platform::{eks, network, sql_instance};
use serde_json::Value;

/// Where keys do not stand in the order of the schema, or of the alphabet in a map.
fn disorder(value: &Value, schema: &Schema, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(map) if !schema.properties.is_empty() => {
            let places: Vec<usize> = map.keys().filter_map(|key| schema.properties.get_index_of(&**key)).collect();
            if !places.is_sorted() {
                found.push(format!("{path}: {:?}", map.keys().collect::<Vec<_>>()));
            }
            for (key, value) in map {
                if let Some(schema) = schema.properties.get(&**key) {
                    disorder(value, schema, &format!("{path}.{key}"), found);
                }
            }
        }
        Value::Object(map) => {
            if let Some(SchemaOrBool::Schema(schema)) = schema.additional_properties.as_deref() {
                if !map.keys().is_sorted() {
                    found.push(format!("{path}: {:?}", map.keys().collect::<Vec<_>>()));
                }
                map.iter().for_each(|(key, value)| disorder(value, schema, &format!("{path}.{key}"), found));
            }
        }
        Value::Array(items) => {
            if let Some(schema) = &schema.items {
                items.iter().for_each(|item| disorder(item, schema, &format!("{path}[]"), found));
            }
        }
        _ => {}
    }
}

/// The words of every object, in their order.
fn outermost(object: &Value, found: &mut Vec<String>) {
    let order = |object: &Value, words: &[&str]| {
        let keys = object.as_object().unwrap().keys();
        let places: Vec<usize> = keys.filter_map(|key| words.iter().position(|word| word == key)).collect();
        places.is_sorted()
    };
    let metadata = ["name", "generateName", "namespace", "labels", "annotations", "ownerReferences"];
    if !order(object, &["apiVersion", "kind", "metadata", "spec", "status"]) || !order(&object["metadata"], &metadata) {
        found.push(format!("{}: {:?}", object["kind"], object));
    }
    for map in ["labels", "annotations"] {
        if object["metadata"][map].as_object().is_some_and(|map| !map.keys().is_sorted()) {
            found.push(format!("{}: {map}", object["kind"]));
        }
    }
}

fn files(folder: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file()).collect();
    files.sort();
    files
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

/// The schemas of the pinned kinds.
fn pinned() -> BTreeMap<(String, String), Schema> {
    let crds = files("schemas").into_iter().filter(|path| path.extension().is_some_and(|end| end == "yaml"));
    let mut schemas = BTreeMap::new();
    for path in crds {
        let crd: Crd = yaml::from_str(&read(&path), "").unwrap();
        for version in &crd.spec.versions {
            let key = (format!("{}/{}", crd.spec.group, version.name), crd.spec.names.kind.clone());
            schemas.insert(key, version.schema().unwrap().clone());
        }
    }
    schemas
}

/// With fields that wait or are kept, with defaults and with what was observed: every composed resource and every status of every input.
#[test]
fn everything_that_is_rendered_follows_its_schema() {
    let pinned = pinned();
    let (mut found, mut judged) = (Vec::new(), 0);
    for path in files("examples/xr").into_iter().chain(files("tests/render/cases")) {
        if path.file_stem().unwrap().to_string_lossy().contains('.') {
            continue;
        }
        let composite = read(&path);
        let kind = composite.lines().find_map(|line| line.strip_prefix("kind: ")).unwrap();
        let composition = match kind {
            "EKS" => Composition::new("eks", eks::eks),
            "Network" => Composition::new("network", network::network),
            _ => Composition::new("sql_instance", sql_instance::sql_instance),
        };
        let mut scenario = Scenario::new(&composite);
        let observed = path.with_extension("observed.yaml");
        if observed.is_file() {
            scenario = scenario.observe_yaml(&read(&observed));
        }
        let rendered = scenario.render(&composition);
        outermost(&rendered.composite, &mut found);
        // The status, which is set bit by bit. Its conditions are Crossplane's, in the order in which people write them.
        let mut status = rendered.composite["status"].clone();
        status["conditions"] = Value::Null;
        let schema = &composition.kind().schema().unwrap().properties["status"];
        disorder(&status, schema, &format!("{}: status", path.display()), &mut found);
        for (key, rendered) in rendered.resources {
            let object = &rendered.resource;
            outermost(object, &mut found);
            let text = |field: &str| object[field].as_str().unwrap().to_owned();
            if let Some(schema) = pinned.get(&(text("apiVersion"), text("kind"))) {
                judged += 1;
                disorder(
                    &object["spec"],
                    &schema.properties["spec"],
                    &format!("{}: {key}.spec", path.display()),
                    &mut found,
                );
            }
        }
    }
    assert!(judged > 100, "{judged}");
    assert_eq!(found, Vec::<String>::new());
}
