//! Composite resources that are not composed.

use serde_json::Value;

/// The annotation with which users pause a composite resource: `"true"`.
const PAUSED: &str = "crossplane.io/paused";

/// Why Crossplane calls no function for a composite resource, and touches nothing that is composed.
#[derive(Clone, Copy, Debug)]
pub(super) enum Halt {
    /// It has the annotation that pauses it, which holds up its deletion too.
    Paused,
    /// It is being deleted: what it controls goes with it, and it goes last.
    Deleting,
}

impl Halt {
    pub(super) fn of(composite: &Value) -> Option<Self> {
        let metadata = composite.get("metadata")?;
        let paused = metadata.get("annotations").and_then(|annotations| annotations.get(PAUSED));
        match paused.and_then(Value::as_str) {
            Some("true") => Some(Halt::Paused),
            _ => metadata.get("deletionTimestamp").is_some_and(|time| !time.is_null()).then_some(Halt::Deleting),
        }
    }
}
