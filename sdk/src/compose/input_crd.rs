//! The CRD of a pipeline step's typed input (features `schema` and `commands`).

use planewright_definitions::admission;
use planewright_definitions::crd::Crd;
use planewright_definitions::json_schema::{Reader, make_structural};
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::input::MACHINERY;
use super::{Error, Result, StepInput};

/// The CRD of a step's input, as packages of functions hold it: `crossplane resource validate` and this crate's own
/// validation judge the inputs of pipelines by it. It is never installed in a cluster.
///
/// # Errors
/// When the type has no structural schema: see [`json_schema`](planewright_definitions::json_schema).
pub fn input_crd<T: StepInput>() -> Result<Crd> {
    let settings = SchemaSettings::draft2020_12().for_deserialize().with(|settings| settings.inline_subschemas = true);
    let mut schema = settings.into_generator().into_root_schema_for::<T>().to_value();
    let refuse = |reason: String| {
        Error::new(format!("{} ({}/{}) has no structural schema: {reason}", T::KIND, T::GROUP, T::VERSION))
    };
    make_structural(&mut schema, Reader::Program).map_err(|misfits| {
        let reasons: Vec<String> = misfits.iter().map(ToString::to_string).collect();
        refuse(reasons.join("\n"))
    })?;
    let Value::Object(root) = &mut schema else { return Err(refuse("it is not an object".to_owned())) };
    let properties = root.entry("properties").or_insert_with(|| Value::Object(Map::new()));
    if let Value::Object(properties) = properties {
        if let Some(taken) = MACHINERY.iter().find(|field| properties.contains_key(**field)) {
            return Err(Error::new(format!("the program itself has a field {taken:?} there; name it differently")));
        }
        properties.insert("apiVersion".to_owned(), json!({"type": "string"}));
        properties.insert("kind".to_owned(), json!({"type": "string"}));
        properties.insert("metadata".to_owned(), json!({"type": "object"}));
        properties.sort_keys();
    }
    let singular = T::KIND.to_lowercase();
    let plural = format!("{singular}s");
    let crd = json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": format!("{plural}.{}", T::GROUP)},
        "spec": {
            "group": T::GROUP,
            "names": {
                "kind": T::KIND, "listKind": format!("{}List", T::KIND), "plural": plural, "singular": singular,
                "categories": ["crossplane"],
            },
            "scope": "Namespaced",
            "versions": [{"name": T::VERSION, "served": true, "storage": true, "schema": {"openAPIV3Schema": schema}}],
        },
    });
    let crd: Crd = serde_json::from_value(crd).map_err(|error| refuse(error.to_string()))?;
    let refusals = admission::refusals(&crd);
    match refusals.0.is_empty() {
        true => Ok(crd),
        false => Err(refuse(refusals.to_string())),
    }
}
