//! What the API server does with a composite resource before anybody composes for it.

use planewright_definitions::structural::{self, Status};
use serde_json::Value;

use super::{Fault, Input, RenderError};
use crate::platform::CompositeKind;

/// Takes a composite resource as a user writes it, and makes of it what the API server would store: nulls pruned,
/// defaults filled, and judged by its structural schema. A status in it stays as it is: it is what was observed.
///
/// # Errors
/// When the API server would refuse it.
pub fn admit(kind: &CompositeKind, mut composite: Value) -> Result<Value, RenderError> {
    let name = composite.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default();
    let object = format!("{} {name:?}", kind.kind);
    let Value::Object(map) = &mut composite else {
        return Err(Fault::only(
            Input::Composite,
            kind.kind,
            "",
            "it is not an object",
            "write apiVersion, kind, metadata and spec",
        ));
    };
    let status = map.shift_remove("status");
    let schema = kind.schema()?;
    let violations = structural::admit(&mut composite, schema, Status::Subresource);
    if !violations.is_empty() {
        let faults = violations.into_iter().map(|violation| Fault {
            input: Input::Composite,
            object: object.clone(),
            path: if violation.path.is_root() { String::new() } else { violation.path.to_string() },
            reason: violation.reason,
            remedy: violation.remedy,
        });
        return Err(RenderError::Input(faults.collect()));
    }
    if let (Some(status), Value::Object(map)) = (status, &mut composite) {
        map.insert("status".to_owned(), status);
    }
    Ok(composite)
}
