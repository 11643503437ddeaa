//! Status conditions of observed resources, asked for one by one.

use super::Handle;
use crate::codec::{CodecError, Reader};
use crate::state::Place;

impl<K> Handle<K> {
    /// Whether the resource was observed with the condition `type_`, and that condition is `True`: `Ready`, for most
    /// managed resources. Nothing else of the resource is decoded, whatever its kind.
    pub fn has_condition(&self, type_: &str) -> bool {
        let mut found = Ok(false);
        self.ledger
            .source
            .read_observed(Place::Composed(&self.key), &mut |observed| found = has_condition(observed, type_));
        match found {
            Ok(holds) => holds,
            Err(error) => {
                self.ledger.fault(format!(
                    "observed composed resource {:?}: {error}; compose a kind whose status has conditions, or do not ask \
                     for them",
                    self.key
                ));
                false
            }
        }
    }
}

/// Whether an object has a condition of a type, and it is `True`.
///
/// # Errors
/// When the backing is broken.
pub(super) fn has_condition(object: &mut dyn Reader, type_: &str) -> Result<bool, CodecError> {
    let mut holds = false;
    let in_status = |error: CodecError| error.at("conditions").at("status");
    object
        .entry("status", &mut |status| {
            status.entry("conditions", &mut |conditions| {
                conditions.items(&mut |condition| {
                    holds = holds || (condition.has_text("type", type_)? && condition.has_text("status", "True")?);
                    Ok(())
                })
            })
        })
        .map_err(in_status)?;
    Ok(holds)
}
