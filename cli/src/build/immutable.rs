//! What may not change in an object that a cluster has.

use std::path::Path;

use fs_err as fs;
use planewright_codegen::File;
use planewright_definitions::yaml;
use serde_json::Value;

use crate::exit::Refused;

/// The fields that the API server lets nobody change once they are set, by the rules of Crossplane's own CRDs.
const IMMUTABLE: &[(&str, &[&str])] = &[
    (
        "CompositeResourceDefinition",
        &["/spec/group", "/spec/names", "/spec/scope", "/spec/claimNames", "/spec/enforcedCompositionRef"],
    ),
    ("Composition", &["/spec/compositeTypeRef"]),
];

/// Refuses to write an object that differs from the one of the last build in what may not change: a cluster that has the old
/// one would refuse the new one.
pub(crate) fn check(out: &Path, files: &[File]) -> anyhow::Result<()> {
    for file in files {
        let path = out.join(&file.path);
        if !path.is_file() {
            continue;
        }
        let old = fs::read_to_string(&path)?;
        let read = |text: &str| yaml::from_str::<Value>(text, &file.path).ok();
        let (Some(old), Some(new)) = (read(&old), read(&file.contents)) else { continue };
        let identity = |object: &Value| (object["kind"].clone(), object["metadata"]["name"].clone());
        let fields = IMMUTABLE.iter().filter(|(kind, _)| new["kind"] == *kind).flat_map(|(_, fields)| *fields);
        let changed = fields.filter(|field| match (old.pointer(field), new.pointer(field)) {
            (Some(old), Some(new)) => old != new,
            // What is set may be taken away, and what is not may be set.
            _ => false,
        });
        let changed: Vec<String> = changed.map(|field| field.trim_start_matches('/').replace('/', ".")).collect();
        if identity(&old) == identity(&new) && !changed.is_empty() {
            let reason = format!(
                "{}: {} may not change, and a cluster that has {} would refuse it",
                path.display(),
                changed.join(", "),
                new["metadata"]["name"]
            );
            let remedy =
                "give the new API a name of its own; if no cluster has the old one, remove the file and build again";
            return Err(Refused::new(reason, remedy).into());
        }
    }
    Ok(())
}
