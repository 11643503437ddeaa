//! The last look at what would be emitted: whatever made it, the control plane would refuse it.

use std::collections::{BTreeMap, BTreeSet};

use planewright_definitions::admission;
use planewright_definitions::crd::Crd;
use planewright_definitions::schema::Schema;
use planewright_definitions::structural::{self, Status};
use serde_json::Value;

use super::Emission;
use super::error::Faults;
use super::names::is_subdomain;

/// Judges every object: names, definitions, the inputs of steps by their schemas, and that no two objects are the same one.
pub(super) fn all(emission: &Emission, faults: &mut Faults) {
    let mut identities: BTreeSet<(&str, &str, &str, &str)> = BTreeSet::new();
    let mut inputs: BTreeMap<(String, String), Schema> = BTreeMap::new();
    let (mut crds, mut files) = (Vec::new(), Vec::new());
    for file in &emission.files {
        let text = |pointer: &str| file.object.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        let (kind, name) = (text("/kind"), text("/metadata/name"));
        // Names of roles are freer.
        if kind != "ClusterRole" && !is_subdomain(name) {
            let remedy = match file.path.starts_with("delivery/") {
                true => {
                    "names have 63 letters, digits and - at most; give the package or the folder of workloads a shorter name"
                }
                false => {
                    "names have lower case letters, digits, - and .; name the package or the Composition otherwise"
                }
            };
            faults.add(&file.path, format!("{name:?} cannot be the name of a {kind}"), remedy);
        }
        if !identities.insert((text("/apiVersion"), kind, text("/metadata/namespace"), name)) {
            faults.add(&file.path, format!("there are two {kind}s called {name}"), "give one of them another name");
        }
        if files.contains(&&file.path) {
            faults.add(&file.path, "two objects would be written to this file", "give one of them another name");
        }
        files.push(&file.path);
        match kind {
            "CustomResourceDefinition" => crds.push((&file.path, &file.object)),
            // It brings one.
            "Promise" => crds.extend(file.object.pointer("/spec/api").map(|api| (&file.path, api))),
            _ => {}
        }
    }
    for (path, object) in crds {
        match serde_json::from_value::<Crd>(object.clone()) {
            Ok(crd) => {
                let refusals = admission::refusals(&crd);
                if !refusals.0.is_empty() {
                    faults.add(path, refusals.to_string(), "correct the type or definition that it was made of");
                }
                for version in &crd.spec.versions {
                    if let Some(schema) = version.schema() {
                        let key = (format!("{}/{}", crd.spec.group, version.name), crd.spec.names.kind.clone());
                        inputs.insert(key, schema.clone());
                    }
                }
            }
            Err(error) => faults.add(path, error.to_string(), "correct the type or definition that it was made of"),
        }
    }
    for file in emission.files.iter().filter(|file| file.object["kind"] == "Composition") {
        let steps = file.object.pointer("/spec/pipeline").and_then(Value::as_array);
        for step in steps.into_iter().flatten() {
            let Some(input) = step.get("input") else { continue };
            let text = |name: &str| input[name].as_str().unwrap_or_default().to_owned();
            let Some(schema) = inputs.get(&(text("apiVersion"), text("kind"))) else { continue };
            for violation in structural::admit(&mut input.clone(), schema, Status::Field) {
                let place = format!("{}: input of the step {}", file.path, step["step"]);
                faults.add(place, violation.to_string(), "correct the input given with Pipeline::input");
            }
        }
    }
}
