//! The input of the platform's own steps, by which a Composition, and so every revision of it, says which composition function it means, and
//! the schemas of inputs.

use std::collections::BTreeMap;

use planewright_definitions::crd::Crd;
use serde_json::{Value, json};

use super::error::Faults;
use super::names::{Names, with_v};
use super::{Files, Platform};
use crate::compose::{COMPOSITION, COMPOSITION_VERSION};
use crate::platform::Composition;

/// The kind of inputs of compositions that declare none.
const KIND: &str = "CompositionInput";
const OF_VERSION: &str =
    "The version of the Composition, such as v1.2.3, by which the function knows the revision that calls it.";

/// The input of a composition's own step.
///
/// A CompositionRevision pins its input and not the image of the function. As the input names the composition, an old revision keeps the old
/// composition when another one for the same kind joins it in the program; and as it names the version, the composition can tell on which revision a composite
/// resource is ([`Cx::composition_version`](crate::compose::Cx::composition_version)).
pub(super) fn of(platform: &Platform<'_>, composition: &Composition, names: &Names) -> Value {
    let pipeline = platform.package.pipelines.get(composition.name());
    let mut input = match pipeline.and_then(|pipeline| pipeline.input.as_ref()) {
        Some(Ok(input)) => {
            let mut value = input.value.clone();
            if is_one_of_several(platform, composition) {
                value[COMPOSITION] = composition.name().into();
            }
            value
        }
        // What is wrong with an input has been said.
        Some(Err(_)) | None => json!({
            "apiVersion": format!("{}/v1", group(composition)),
            "kind": KIND,
            COMPOSITION: composition.name(),
        }),
    };
    let version = pipeline.and_then(|pipeline| pipeline.version.as_ref());
    input[COMPOSITION_VERSION] = version.map_or_else(|| names.version.clone(), |version| with_v(version)).into();
    input
}

/// Whether the step must say which composition it means.
fn is_one_of_several(platform: &Platform<'_>, composition: &Composition) -> bool {
    let kind = |composition: &Composition| (composition.kind().api_version, composition.kind().kind);
    platform.compositions.iter().filter(|other| kind(other) == kind(composition)).count() > 1
}

fn group(composition: &Composition) -> String {
    format!("fn.{}", composition.kind().group)
}

/// Adds the schemas of all inputs, and gives back their paths. The Function package holds them, and no cluster installs them.
pub(super) fn crds(platform: &Platform<'_>, files: &mut Files, faults: &mut Faults) -> Vec<String> {
    let mut crds: BTreeMap<String, Value> = BTreeMap::new();
    let mut untyped: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for composition in platform.compositions {
        let typed = platform.package.pipelines.get(composition.name()).and_then(|pipeline| pipeline.input.as_ref());
        match typed {
            Some(Ok(input)) => {
                let crd = crds.entry(input.crd.metadata.name.clone()).or_insert_with(|| whole(&input.crd));
                if is_one_of_several(platform, composition) {
                    say(crd, COMPOSITION, "The composition function that is meant.");
                }
                say(crd, COMPOSITION_VERSION, OF_VERSION);
            }
            Some(Err(_)) => {}
            None => untyped.entry(group(composition)).or_default().push(composition.name()),
        }
    }
    for (group, names) in untyped {
        let crd = chooser(&group, &names);
        if crds.insert(format!("compositioninputs.{group}"), crd).is_some() {
            let reason = format!("an input of a pipeline is a {KIND} of the group {group} too, which is emitted");
            faults.add("inputs", reason, "give the type of the input another kind or group");
        }
    }
    let added = crds
        .into_iter()
        .filter_map(|(name, crd)| files.add(&format!("packages/function/inputs/{name}.yaml"), Some(crd)));
    added.collect()
}

fn whole(crd: &Crd) -> Value {
    serde_json::to_value(crd).unwrap_or_default()
}

/// Gives a typed input one more field.
fn say(crd: &mut Value, field: &str, description: &str) {
    let versions = crd.pointer_mut("/spec/versions").and_then(Value::as_array_mut);
    for version in versions.into_iter().flatten() {
        if let Some(Value::Object(properties)) = version.pointer_mut("/schema/openAPIV3Schema/properties") {
            let about = json!({ "description": description, "type": "string" });
            properties.entry(field).or_insert(about);
        }
    }
}

/// The schema of inputs that only say which composition is meant.
fn chooser(group: &str, names: &[&str]) -> Value {
    json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": { "name": format!("compositioninputs.{group}") },
        "spec": {
            "group": group,
            "names": {
                "kind": KIND,
                "listKind": format!("{KIND}List"),
                "plural": "compositioninputs",
                "singular": "compositioninput",
                "categories": ["crossplane"],
            },
            "scope": "Namespaced",
            "versions": [{
                "name": "v1",
                "served": true,
                "storage": true,
                "schema": { "openAPIV3Schema": {
                    "description": "Says which composition function a step of a pipeline means.",
                    "type": "object",
                    "required": [COMPOSITION],
                    "properties": {
                        "apiVersion": { "type": "string" },
                        "kind": { "type": "string" },
                        "metadata": { "type": "object" },
                        COMPOSITION: {
                            "description": "The name of the composition function.",
                            "type": "string",
                            "enum": names,
                        },
                        COMPOSITION_VERSION: { "description": OF_VERSION, "type": "string" },
                    },
                } },
            }],
        },
    })
}
