//! What a control plane takes without a word, and does not do.

use planewright_definitions::admission::Admitted;
use planewright_definitions::crd::CrdVersion;
use planewright_definitions::emission::Faults;
use planewright_definitions::schema::Schema;
use serde_json::Value;

use crate::Column;
use crate::place::{Place, translate};

/// Finds what of the author's schemas is not in the CRDs that Crossplane derives.
pub(crate) fn dropped(xrd: &Value, admitted: &Admitted, (kind, versions): (&Place, &[Place]), faults: &mut Faults) {
    for crd in std::iter::once(&admitted.composite).chain(&admitted.claim) {
        for (i, derived) in crd.spec.versions.iter().enumerate() {
            let path = format!("spec.versions[{i}].schema.openAPIV3Schema");
            let written = &xrd["spec"]["versions"][i]["schema"]["openAPIV3Schema"];
            let derived = serde_json::to_value(derived.schema()).unwrap_or_default();
            let mut lost = Vec::new();
            compare(written, &derived, path, &mut lost);
            for path in lost {
                faults.add(
                    translate(&path, kind, versions),
                    "Crossplane or the API server drops it without a word",
                    "leave it out, or say it in a CEL rule",
                );
            }
        }
    }
}

/// Adds the paths of what is in `written` and not in `derived`.
fn compare(written: &Value, derived: &Value, path: String, lost: &mut Vec<String>) {
    match (written, derived) {
        (Value::Object(written), Value::Object(derived)) => {
            for (word, value) in written {
                let below =
                    if path.ends_with(".properties") { format!("{path}[{word}]") } else { format!("{path}.{word}") };
                match derived.get(word) {
                    Some(derived) => compare(value, derived, below, lost),
                    None => lost.push(below),
                }
            }
        }
        (Value::Array(written), Value::Array(derived)) if written.len() == derived.len() => {
            for (i, (written, derived)) in written.iter().zip(derived).enumerate() {
                compare(written, derived, format!("{path}[{i}]"), lost);
            }
        }
        (Value::Number(written), Value::Number(derived)) if written.as_f64() == derived.as_f64() => {}
        _ if written == derived => {}
        _ => lost.push(path),
    }
}

/// Finds printer columns that would show nothing, ever. Of a path with a filter or a wildcard, only what stands before it is looked at.
pub(crate) fn columns(columns: &[Column], derived: &CrdVersion, place: &Place, faults: &mut Faults) {
    for column in columns {
        let simple = column.path.split(['[', '*', '\\']).next().unwrap_or_default();
        // `..` finds a name anywhere below, whatever else has it; and a point at the end leads nowhere.
        if simple.contains("..") || column.path.ends_with('.') {
            faults.add(
                place.field(&format!("column {:?}", column.name)),
                format!("{:?} has a step without a name", column.path),
                "name every field on the way, such as .spec.region",
            );
            continue;
        }
        let is_cut = simple.len() < column.path.len();
        let mut names: Vec<&str> = simple.split('.').filter(|name| !name.is_empty()).collect();
        if is_cut && !simple.ends_with('.') && column.path[simple.len()..].starts_with('\\') {
            // The last name goes on after an escaped dot.
            names.pop();
        }
        if names.first() == Some(&"metadata") {
            continue;
        }
        let mut schema = derived.schema();
        for name in names {
            let Some(known) = schema else { break };
            let is_open = known.preserve_unknown_fields == Some(true)
                || known.additional_properties.is_some()
                || known.embedded_resource;
            match known.properties.get(name) {
                Some(property) => schema = Some(property),
                None if is_open => schema = None,
                None => {
                    let known = fields(known);
                    faults.add(
                        place.field(&format!("column {:?}", column.name)),
                        format!("{:?} leads to no field: there is no {name:?}", column.path),
                        format!("choose one of {known}"),
                    );
                    break;
                }
            }
        }
    }
}

fn fields(schema: &Schema) -> String {
    let names: Vec<&str> = schema.properties.keys().map(AsRef::as_ref).collect();
    if names.is_empty() { "the fields that there are".to_owned() } else { names.join(", ") }
}
