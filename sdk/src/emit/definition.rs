//! The definitions (XRDs): those that the types were generated from.

use std::collections::BTreeMap;

use planewright_definitions::admission;
use serde_json::Value;

use super::error::Faults;
use super::{Files, Platform};
use crate::platform::CompositeKind;

/// Adds the definition of every kind that is composed, once, and gives back the paths.
pub(super) fn all(platform: &Platform<'_>, files: &mut Files, faults: &mut Faults) -> Vec<String> {
    let mut definitions: BTreeMap<String, &CompositeKind> = BTreeMap::new();
    for composition in platform.compositions {
        let kind = composition.kind();
        if let Some(other) =
            definitions.insert(path(kind, "definition.yaml"), kind).filter(|other| other.group != kind.group)
        {
            let reason = format!(
                "{} and {} have the same plural, {:?}, by which files are named",
                kind.group, other.group, kind.plural
            );
            faults.add(format!("definition of {}", kind.kind), reason, "let one of the groups be another platform's");
        }
    }
    let mut paths = Vec::new();
    for (path, kind) in definitions {
        match definition(kind) {
            Ok(definition) => paths.extend(files.add(&path, Some(definition))),
            Err((reason, remedy)) => faults.add(format!("definition of {}", kind.kind), reason, remedy),
        }
    }
    paths
}

/// The path of a file about a kind of composite resources.
pub(super) fn path(kind: &CompositeKind, file: &str) -> String {
    format!("apis/{}/{file}", kind.plural)
}

/// The definition, judged as a control plane would judge it.
fn definition(kind: &CompositeKind) -> Result<Value, (String, String)> {
    let Some(definition) = kind.definition else {
        let reason = "its type was written by hand, so there is no definition to emit";
        return Err((reason.to_owned(), "generate the type from an XRD in `apis/`".to_owned()));
    };
    let definition: Value =
        serde_json::from_str(definition).map_err(|error| (error.to_string(), "generate the type anew".to_owned()))?;
    admission::admit(&definition)
        .map_err(|refusals| (refusals.to_string(), "correct the XRD in `apis/`".to_owned()))?;
    Ok(definition)
}
