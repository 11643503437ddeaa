//! The Compositions: a pipeline for every composition function.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::error::Faults;
use super::names::{Names, is_subdomain, label};
use super::repository::Repository;
use super::{Files, FunctionStep, Pipeline, Platform, definition, input};
use crate::platform::Composition;
use crate::state::{ResourceMatch, ResourceSelector};

/// Adds a Composition for every composition function, and gives back the paths.
pub(super) fn all(platform: &Platform<'_>, names: &Names, files: &mut Files, faults: &mut Faults) -> Vec<String> {
    let none = Pipeline::new();
    let mut taken: BTreeMap<String, &str> = BTreeMap::new();
    let mut paths = Vec::new();
    for composition in platform.compositions {
        let pipeline = platform.package.pipelines.get(composition.name()).unwrap_or(&none);
        let kind = composition.kind();
        let name = pipeline.name.clone().unwrap_or_else(|| format!("{}.{}", label(composition.name()), kind.group));
        let place = format!("composition {:?}", composition.name());
        if !is_subdomain(&name) {
            faults.add(
                &place,
                format!("{name:?} cannot be the name of a Composition"),
                "use lower case letters, digits, - and . in Pipeline::name",
            );
        }
        if let Some(other) = taken.insert(name.clone(), composition.name()) {
            let reason = format!("the Composition of {other:?} is called {name} too");
            faults.add(&place, reason, "give one of them another name with Pipeline::name");
        }
        let of_kind = platform.compositions.iter().filter(|other| other.kind().plural == kind.plural).count();
        let file = match of_kind {
            1 => "composition.yaml".to_owned(),
            _ => format!("composition-{}.yaml", label(composition.name())),
        };
        let object = object(platform, composition, pipeline, &name, names);
        paths.extend(files.add(&definition::path(kind, &file), Some(object)));
    }
    paths
}

fn object(platform: &Platform<'_>, composition: &Composition, pipeline: &Pipeline, name: &str, names: &Names) -> Value {
    let mut metadata = json!({ "name": name });
    if !pipeline.labels.is_empty() {
        metadata["labels"] = json!(pipeline.labels);
    }
    let before = pipeline.before.iter().map(foreign);
    let own = own(platform, composition, pipeline, names);
    let after = pipeline.after.iter().map(foreign);
    let steps: Vec<Value> = before.chain([own]).chain(after).collect();
    json!({
        "apiVersion": "apiextensions.crossplane.io/v1",
        "kind": "Composition",
        "metadata": metadata,
        "spec": {
            "compositeTypeRef": { "apiVersion": composition.kind().api_version, "kind": composition.kind().kind },
            "mode": "Pipeline",
            "pipeline": steps,
        },
    })
}

/// The composition's own step.
fn own(platform: &Platform<'_>, composition: &Composition, pipeline: &Pipeline, names: &Names) -> Value {
    let mut step = Map::new();
    step.insert("step".to_owned(), label(composition.name()).into());
    step.insert("functionRef".to_owned(), json!({ "name": names.function }));
    step.insert("input".to_owned(), input::of(platform, composition, names));
    pipeline.credentials.write(&mut step);
    let resources: Vec<Value> = pipeline.resources.iter().map(|(name, selector)| required(name, selector)).collect();
    let schemas: Vec<Value> = pipeline
        .schemas
        .iter()
        .map(|(name, selector)| {
            json!({ "requirementName": name, "apiVersion": selector.api_version, "kind": selector.kind })
        })
        .collect();
    let mut requirements = Map::new();
    for (field, list) in [("requiredResources", resources), ("requiredSchemas", schemas)] {
        if !list.is_empty() {
            requirements.insert(field.to_owned(), list.into());
        }
    }
    if !requirements.is_empty() {
        step.insert("requirements".to_owned(), requirements.into());
    }
    step.into()
}

/// A step of another function, which bears the name that Crossplane's package manager gives it.
fn foreign(step: &FunctionStep) -> Value {
    let function = Repository::parse(&step.repository).unwrap_or_else(|_| Repository::unnamed());
    let mut object = Map::new();
    object.insert("step".to_owned(), step.name.clone().into());
    object.insert("functionRef".to_owned(), json!({ "name": function.object_name() }));
    if let Some(input) = &step.input {
        object.insert("input".to_owned(), input.clone());
    }
    step.credentials.write(&mut object);
    object.into()
}

/// A selector of required resources. One without a name and labels means every object of the kind.
fn required(name: &str, selector: &ResourceSelector) -> Value {
    let mut required = json!({ "requirementName": name, "apiVersion": selector.api_version, "kind": selector.kind });
    if let Some(namespace) = &selector.namespace {
        required["namespace"] = namespace.clone().into();
    }
    match &selector.matching {
        ResourceMatch::Name(name) => required["name"] = name.clone().into(),
        ResourceMatch::Labels(labels) => required["matchLabels"] = json!(labels),
        ResourceMatch::All => {}
    }
    required
}
