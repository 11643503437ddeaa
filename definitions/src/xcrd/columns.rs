//! The printer columns that Crossplane adds to every XR and claim.

use serde_json::{Value, json};

use crate::xrd::XrScope;

/// The columns of an XR.
pub(super) fn composite(scope: XrScope) -> Vec<Value> {
    let machinery = if scope == XrScope::LegacyCluster { ".spec" } else { ".spec.crossplane" };
    let mut columns = conditions();
    columns.push(column("COMPOSITION", &format!("{machinery}.compositionRef.name")));
    let mut revision = column("COMPOSITIONREVISION", &format!("{machinery}.compositionRevisionRef.name"));
    revision["priority"] = json!(1);
    columns.push(revision);
    columns.push(age());
    columns
}

/// The columns of a claim.
pub(super) fn claim() -> Vec<Value> {
    let mut columns = conditions();
    columns.push(column("CONNECTION-SECRET", ".spec.writeConnectionSecretToRef.name"));
    columns.push(age());
    columns
}

fn conditions() -> Vec<Value> {
    vec![
        column("SYNCED", ".status.conditions[?(@.type=='Synced')].status"),
        column("READY", ".status.conditions[?(@.type=='Ready')].status"),
    ]
}

fn column(name: &str, path: &str) -> Value {
    json!({"name": name, "type": "string", "jsonPath": path})
}

fn age() -> Value {
    json!({"name": "AGE", "type": "date", "jsonPath": ".metadata.creationTimestamp"})
}
