//! There and back: Rust types → XRD → generated Rust types → XRD.
//!
//! The generated types of both definitions are in `round_trip/`, with `JsonSchema` derived again; `PLANEWRIGHT_UPDATE=1 cargo test -p
//! planewright-xrd --test round_trip` writes them anew.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod api;

use std::collections::BTreeSet;
use std::path::Path;

use planewright_codegen::{Docs, configure};
use planewright_definitions::yaml;
use planewright_xrd::schemars::JsonSchema;
use planewright_xrd::{Definition, Definitions, Version, Xr, XrScope};
use quote::ToTokens as _;
use serde_json::{Map, Value, json};
use syn::{Attribute, Item};

/// What generated types have from the sdk, as far as schemas go.
mod rt {
    pub type Map<K, V> = std::collections::BTreeMap<K, V>;
    pub type Json = serde_json::Value;
}

#[rustfmt::skip]
#[path = "round_trip/vault.rs"]
#[allow(dead_code, reason = "their schemas matter")]
mod vault;
#[rustfmt::skip]
#[path = "round_trip/x_database.rs"]
#[allow(dead_code, unused_imports, reason = "their schemas matter")]
mod x_database;

/// What the generator makes of a definition: the items of its spec, as a file.
fn generated(definition: &Value, kind: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("definition.yaml"), yaml::to_string(definition).unwrap()).unwrap();
    let none: [&Path; 0] = [];
    let (files, _) = configure().docs(Docs::Full).files(&none, &[folder.path()]).unwrap();
    let path = format!("/{kind}.rs");
    let source = &files.iter().find(|file| file.path.ends_with(&path)).unwrap().contents;
    let mut file = syn::parse_file(source).unwrap();
    file.attrs.clear();
    file.items.retain_mut(|item| match item {
        Item::Struct(item) => keep(&mut item.attrs),
        Item::Enum(item) => keep(&mut item.attrs),
        _ => false,
    });
    // The composite resource itself is the first.
    file.items.remove(0);
    let imports = "use super::rt;\nuse planewright_xrd::schemars::{self, JsonSchema};\n\n";
    format!("{imports}{}", prettyplease::unparse(&file))
}

/// Keeps a type that is read, which those of a status are not, and derives its schema instead.
fn keep(attributes: &mut Vec<Attribute>) -> bool {
    let is_read = attributes.iter().any(|attribute| attribute.to_token_stream().to_string().contains("Deserialize"));
    attributes.retain(|attribute| attribute.path().is_ident("doc"));
    attributes.push(syn::parse_quote!(#[derive(JsonSchema)]));
    is_read
}

#[test]
fn the_generated_types_are_those_that_are_derived_again() {
    for (definition, kind) in
        [(api::vault::VaultSpec::definition(), "vault"), (api::database::DatabaseSpec::definition(), "x_database")]
    {
        let made = generated(&definition.xrd().unwrap(), kind);
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/round_trip/{kind}.rs"));
        if std::env::var_os("PLANEWRIGHT_UPDATE").is_some() {
            std::fs::write(&path, &made).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(committed == made, "{kind}: run with PLANEWRIGHT_UPDATE=1 and review the difference");
    }
}

/// The schema of a spec.
fn spec<T: JsonSchema>() -> Value {
    let version = Version::new::<T>("v1");
    let definition = Definition::new("round.example.org", "Trip", XrScope::Cluster, version);
    definition.xrd().unwrap()["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"].clone()
}

/// What of a schema a Rust type without attributes says: shapes, names, comments, and what is always there once defaults are.
fn shape(schema: &Value) -> Value {
    let Value::Object(map) = schema else { return schema.clone() };
    let mut kept = Map::new();
    for word in ["type", "enum"] {
        kept.extend(map.get(word).map(|value| (word.to_owned(), value.clone())));
    }
    // Either is free JSON to a composition.
    let free = ["x-kubernetes-int-or-string", "x-kubernetes-preserve-unknown-fields"];
    kept.insert("free".to_owned(), free.iter().any(|word| map.contains_key(*word)).into());
    if !map.contains_key("enum") {
        kept.extend(map.get("description").map(|text| ("description".to_owned(), text.clone())));
    }
    for word in ["items", "additionalProperties"] {
        kept.extend(map.get(word).map(|inner| (word.to_owned(), shape(inner))));
    }
    if let Some(Value::Object(properties)) = map.get("properties") {
        let required: BTreeSet<&str> =
            map.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        let always: Vec<&String> = properties
            .iter()
            .filter(|(name, property)| required.contains(name.as_str()) || property.get("default").is_some())
            .map(|(name, _)| name)
            .collect();
        kept.insert("always".to_owned(), json!(always));
        let properties: Map<String, Value> =
            properties.iter().map(|(name, property)| (name.clone(), shape(property))).collect();
        kept.insert("properties".to_owned(), Value::Object(properties));
    }
    Value::Object(kept)
}

#[test]
fn deriving_again_gives_the_same_schemas() {
    assert_eq!(shape(&spec::<vault::Spec>()), shape(&spec::<api::vault::VaultSpec>()));
    assert_eq!(shape(&spec::<x_database::Spec>()), shape(&spec::<api::database::DatabaseSpec>()));
}

#[test]
fn the_order_of_definitions_does_not_matter() {
    let one = Definitions::new().with::<api::vault::VaultSpec>().with::<api::database::DatabaseSpec>();
    let other = Definitions::new().with::<api::database::DatabaseSpec>().with::<api::vault::VaultSpec>();
    assert_eq!(one.emit().unwrap(), other.emit().unwrap());
}
