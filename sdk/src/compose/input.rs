//! The typed input of a pipeline step, and its schema (feature `schema`).

use planewright_definitions::admission;
use planewright_definitions::crd::Crd;
use planewright_definitions::json_schema::{Reader, make_structural};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::error::without_value;
use super::{Cx, Error, Result};
use crate::codec::json::read_value;
use crate::resource::Composite;

/// The input that a Composition gives a step of its pipeline, as a Rust type of a kind of its own.
///
/// ```
/// use planewright::compose::{Cx, Result, StepInput, input_crd};
/// # use planewright::resource::Composite;
///
/// /// How a network is laid out.
/// #[derive(serde::Deserialize, schemars::JsonSchema)]
/// #[serde(rename_all = "camelCase")]
/// struct Layout {
///     /// Zones of the region that are used.
///     zones: u8,
///     /// What names begin with.
///     name_prefix: Option<String>,
/// }
///
/// impl StepInput for Layout {
///     const GROUP: &'static str = "network.fn.example.org";
///     const VERSION: &'static str = "v1beta1";
///     const KIND: &'static str = "Layout";
/// }
///
/// fn compose<X: Composite>(cx: &mut Cx<X>) -> Result<()> {
///     let layout = cx.step_input::<Layout>()?;
///     Ok(())
/// }
///
/// // The package of the function holds this CRD, so that the input can be validated outside a cluster.
/// let crd = input_crd::<Layout>().unwrap();
/// assert_eq!(crd.metadata.name, "layouts.network.fn.example.org");
/// ```
pub trait StepInput: DeserializeOwned + JsonSchema {
    /// API group, such as `network.fn.example.org`. No cluster ever serves it.
    const GROUP: &'static str;
    /// Version, such as `v1beta1`.
    const VERSION: &'static str;
    /// Kind, such as `Layout`.
    const KIND: &'static str;
}

impl<X: Composite> Cx<X> {
    /// The step's typed input, if the Composition gives the step one.
    ///
    /// # Errors
    /// When it is of another kind, or not a `T`.
    pub fn step_input<T: StepInput>(&self) -> Result<Option<T>> {
        let Some(mut reader) = self.ledger.source.input() else { return Ok(None) };
        let mut value = read_value(&mut *reader)?;
        let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
        let wanted = format!("{}/{}", T::GROUP, T::VERSION);
        if (text("apiVersion"), text("kind")) != (wanted.as_str(), T::KIND) {
            return Err(Error::new(format!(
                "the step's input is {} ({}), and this step takes {} ({wanted}); correct the step's input in the Composition",
                text("kind"),
                text("apiVersion"),
                T::KIND
            )));
        }
        if let Value::Object(map) = &mut value {
            ["apiVersion", "kind", "metadata"].iter().for_each(|machinery| drop(map.shift_remove(*machinery)));
        }
        T::deserialize(value).map(Some).map_err(|error| {
            let (kind, reason) = (T::KIND, without_value(&error));
            Error::new(format!("the step's input is no {kind}: {reason}; correct the step's input in the Composition"))
        })
    }
}

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
