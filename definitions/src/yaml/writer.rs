//! Writing documents.

use serde::Serialize;
use serde_json::{Map, Value};
use serde_saphyr::SerializerOptions;

/// Why a value could not be written: its `Serialize` failed, or it has a shape that YAML cannot hold.
#[derive(Debug, thiserror::Error)]
#[error("cannot be written as YAML: {0}")]
pub struct WriteError(#[from] serde_saphyr::SerializeError);

/// Writes one document, without a `---` before it and with a line break at its end.
///
/// Keys keep their order ([`order_keys`] gives Kubernetes' own). Equal values give equal bytes.
///
/// # Errors
/// [`WriteError`]; never for a `serde_json::Value`.
pub fn to_string<T: Serialize + ?Sized>(value: &T) -> Result<String, WriteError> {
    Ok(serde_saphyr::to_string_with_options(&value, options())?)
}

/// Writes a stream: the documents in their order, with a `---` line between them.
///
/// # Errors
/// As [`to_string`].
pub fn stream<T: Serialize>(values: impl IntoIterator<Item = T>) -> Result<String, WriteError> {
    let mut out = String::new();
    for value in values {
        if !out.is_empty() {
            out.push_str("---\n");
        }
        out.push_str(&to_string(&value)?);
    }
    Ok(out)
}

/// Puts the keys of a Kubernetes object in the order in which people write them: apiVersion, kind, metadata (name, namespace, labels and
/// annotations first, those two sorted by their keys), spec, everything else as it stood, status.
///
/// Within spec and status, keys stand as they were put there: generated types are written in the order of their schemas.
pub fn order_keys(object: &mut Value) {
    let Value::Object(map) = object else { return };
    if let Some(Value::Object(metadata)) = map.get_mut("metadata") {
        for name in ["labels", "annotations"] {
            if let Some(Value::Object(entries)) = metadata.get_mut(name) {
                entries.sort_keys();
            }
        }
        reorder(metadata, &["name", "generateName", "namespace", "labels", "annotations"], &[]);
    }
    reorder(map, &["apiVersion", "kind", "metadata", "spec"], &["status"]);
}

fn reorder(map: &mut Map<String, Value>, first: &[&str], last: &[&str]) {
    let mut rest = std::mem::take(map);
    let tail: Vec<(String, Value)> = last.iter().filter_map(|key| rest.shift_remove_entry(*key)).collect();
    map.extend(first.iter().filter_map(|key| rest.shift_remove_entry(*key)).collect::<Vec<_>>());
    map.extend(rest);
    map.extend(tail);
}

/// How every document is written. Strings that YAML 1.1 or 1.2 would misread are quoted by the writer's own rules.
fn options() -> SerializerOptions {
    serde_saphyr::ser_options! {
        indent_step: 2,
        compact_list_indent: true,
        // Long scalars stay on one line: a folded one no longer compares, greps or merges as what it is.
        folded_wrap_chars: usize::MAX,
    }
}
