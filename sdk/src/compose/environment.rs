//! The pipeline's environment: what function-environment-configs puts into its context.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::error::without_value;
use super::{Cx, Error, Result};
use crate::codec::json::read_value;
use crate::resource::Composite;

/// The key of the pipeline's context under which function-environment-configs puts the environment.
pub const ENVIRONMENT: &str = "apiextensions.crossplane.io/environment";

/// # The environment
impl<X: Composite> Cx<X> {
    /// The environment that an earlier step (function-environment-configs) merged from EnvironmentConfigs, as a `T`; `None`
    /// if there is none. To ask for such configs without that step, see [`Cx::require`] and
    /// [`EnvironmentConfig`](crate::shapes::EnvironmentConfig).
    ///
    /// ```
    /// # use planewright::compose::{Cx, Result};
    /// # use planewright::resource::Composite;
    /// #[derive(serde::Deserialize)]
    /// struct Environment {
    ///     account: String,
    /// }
    ///
    /// fn compose<X: Composite>(cx: &mut Cx<X>) -> Result<()> {
    ///     if let Some(environment) = cx.environment::<Environment>()? {
    ///         cx.resource("role", serde_json::json!({
    ///             "apiVersion": "example.org/v1", "kind": "Role", "spec": {"account": environment.account},
    ///         }));
    ///     }
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// When it is not a `T`.
    pub fn environment<T: DeserializeOwned>(&self) -> Result<Option<T>> {
        let Some(mut reader) = self.ledger.source.context(ENVIRONMENT) else { return Ok(None) };
        let mut value = read_value(&mut *reader)?;
        // The step makes an object of its own kind of it; that kind is not part of the environment.
        if let Value::Object(map) = &mut value {
            let text = |name: &str| map.get(name).and_then(Value::as_str).unwrap_or_default();
            if (text("apiVersion"), text("kind")) == ("internal.crossplane.io/v1alpha1", "Environment") {
                map.shift_remove("apiVersion");
                map.shift_remove("kind");
            }
        }
        T::deserialize(value).map(Some).map_err(|error| {
            Error::new(format!(
                "the environment is not what this composition expects: {}; correct the EnvironmentConfigs that the \
                 pipeline selects",
                without_value(&error)
            ))
        })
    }
}
