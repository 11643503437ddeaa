//! The typed input of a pipeline step, and its schema (feature `schema`).

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::composition_version::{COMPOSITION, COMPOSITION_VERSION, OPERATION};
use super::error::without_value;
use super::{Error, Result};
use crate::codec::json::read_value;
use crate::state::Source;

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
///
/// Fields named `composition`, `compositionVersion` and `operation` are the program's own, by which it chooses what to run: a type cannot have
/// them.
pub trait StepInput: DeserializeOwned + JsonSchema {
    /// API group, such as `network.fn.example.org`. No cluster ever serves it.
    const GROUP: &'static str;
    /// Version, such as `v1beta1`.
    const VERSION: &'static str;
    /// Kind, such as `Layout`.
    const KIND: &'static str;
}

/// Fields of an input that are not its type's: what every object has, and what `planewright build` writes for the program itself.
pub(super) const MACHINERY: &[&str] = &["apiVersion", "kind", "metadata", COMPOSITION, COMPOSITION_VERSION, OPERATION];

/// The step's input as a `T`, if the pipeline gives the step one.
pub(super) fn typed<T: StepInput>(source: &dyn Source) -> Result<Option<T>> {
    let Some(mut reader) = source.input() else { return Ok(None) };
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
        MACHINERY.iter().for_each(|machinery| drop(map.shift_remove(*machinery)));
    }
    T::deserialize(value).map(Some).map_err(|error| {
        let (kind, reason) = (T::KIND, without_value(&error));
        Error::new(format!("the step's input is no {kind}: {reason}; correct the step's input in the Composition"))
    })
}
