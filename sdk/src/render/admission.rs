//! What the API server does with a composite resource before anybody composes for it.

use planewright_definitions::structural::{self, Status};
use serde_json::Value;

use super::{Fault, Input, RenderError, names};
use crate::codec::Mask;
use crate::codec::json::decode;
use crate::platform::CompositeKind;
use crate::shapes::ObjectMeta;

/// Takes a composite resource as a user writes it, and makes of it what the API server would store: nulls pruned,
/// defaults filled, and judged by its structural schema. A status in it stays as it is: it is what was observed.
///
/// # Errors
/// When the API server would refuse it.
pub fn admit(kind: &CompositeKind, mut composite: Value) -> Result<Value, RenderError> {
    let name = composite.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default();
    let object = format!("{} {name:?}", kind.kind);
    let Value::Object(map) = &composite else {
        return Err(Fault::only(
            Input::Composite,
            kind.kind,
            "",
            "it is not an object",
            "write apiVersion, kind, metadata and spec",
        ));
    };
    let status = map.get("status").cloned();
    let schema = kind.schema()?;
    let fault = |path: String, reason: String, remedy: String| Fault {
        input: Input::Composite,
        object: object.clone(),
        path,
        reason,
        remedy,
    };
    let violations = structural::admit(&mut composite, schema, Status::Subresource);
    let mut faults: Vec<Fault> = violations
        .into_iter()
        .map(|violation| {
            let path = if violation.path.is_root() { String::new() } else { violation.path.to_string() };
            fault(path, violation.reason, violation.remedy)
        })
        .collect();
    faults.extend(metadata(&composite, kind).into_iter().map(|(path, reason, remedy)| fault(path, reason, remedy)));
    if !faults.is_empty() {
        return Err(RenderError::Input(faults));
    }
    if let (Some(status), Value::Object(map)) = (status, &mut composite) {
        map.insert("status".to_owned(), status);
    }
    Ok(composite)
}

/// What is wrong with the metadata: path, reason and remedy of the first fault of each field.
fn metadata(composite: &Value, kind: &CompositeKind) -> Vec<(String, String, String)> {
    let nothing = Value::Object(serde_json::Map::new());
    let value = composite.get("metadata").unwrap_or(&nothing);
    let metadata: ObjectMeta = match decode(value, Mask::ALL) {
        Ok(metadata) => metadata,
        Err(error) => {
            let remedy = "labels and annotations are texts: quote numbers and booleans";
            return vec![(format!("metadata.{}", error.path()), error.reason().to_owned(), remedy.to_owned())];
        }
    };
    let mut wrong = Vec::new();
    let lower = "use lower case letters, digits and `-`, beginning and ending with a letter or digit";
    if let Some(name) = metadata.name.as_deref().filter(|name| !names::is_valid(name, kind.group, kind.kind)) {
        wrong.push(("metadata.name".to_owned(), format!("{name:?} is no name of Kubernetes"), lower.to_owned()));
    }
    if let Some(namespace) = metadata.namespace.as_deref().filter(|namespace| !names::is_label(namespace)) {
        let reason = format!("{namespace:?} is no namespace");
        wrong.push(("metadata.namespace".to_owned(), reason, lower.to_owned()));
    }
    wrong
}
