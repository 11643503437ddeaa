//! What may not change in an object that a cluster has.

use planewright_codegen::File;
use planewright_definitions::xrd::{self, XrScope};
use planewright_definitions::yaml;
use serde_json::Value;

use super::previous::{Origin, Previous};
use crate::exit::Refused;

/// The fields that the API server lets nobody change once they are set, by the rules of Crossplane's own CRDs.
const IMMUTABLE: &[(&str, &[&str])] = &[
    (xrd::KIND, &["/spec/group", "/spec/names", "/spec/scope", "/spec/claimNames", "/spec/enforcedCompositionRef"]),
    ("Composition", &["/spec/compositeTypeRef"]),
];

/// Refuses to write an object that differs from what it was before in what may not change: a cluster that has the old one would refuse the new one. What an object
/// is follows from its kind and name, wherever it stands.
pub(crate) fn check(previous: &[Previous], files: &[File]) -> anyhow::Result<()> {
    for file in files {
        let Ok(mut new) = yaml::from_str::<Value>(&file.contents, &file.path) else { continue };
        let Some((_, fields)) = IMMUTABLE.iter().find(|(kind, _)| new["kind"] == *kind) else { continue };
        say_scope(&mut new);
        let identity = |object: &Value| {
            let group = object["apiVersion"].as_str().and_then(|version| version.split('/').next().map(str::to_owned));
            (group, object["kind"].clone(), object["metadata"]["name"].clone())
        };
        for Previous { object: old, path, origin } in
            previous.iter().filter(|old| identity(&old.object) == identity(&new))
        {
            let mut old = old.clone();
            say_scope(&mut old);
            let changed = fields.iter().filter(|field| match (old.pointer(field), new.pointer(field)) {
                (Some(old), Some(new)) => old != new,
                // What is set may be taken away, and what is not may be set.
                _ => false,
            });
            let changed: Vec<String> = changed.map(|field| field.trim_start_matches('/').replace('/', ".")).collect();
            if !changed.is_empty() {
                let place = if *origin == Origin::Git { " as Git has it" } else { "" };
                let reason = format!(
                    "{path}{place}: {} may not change, and a cluster that has {} would refuse it",
                    changed.join(", "),
                    new["metadata"]["name"]
                );
                return Err(Refused::new(reason, remedy(new["kind"] == xrd::KIND, path, *origin)).into());
            }
        }
    }
    Ok(())
}

/// What to do: something else beside the old object, or without it if nobody has it.
fn remedy(is_definition: bool, path: &str, origin: Origin) -> String {
    let beside = match is_definition {
        true => "give the new API a name of its own, another plural or group",
        false => "give the new Composition a name of its own with `Pipeline::name`",
    };
    let without = match origin {
        Origin::Output => "remove the file and build again".to_owned(),
        Origin::Named => "do not compare with it".to_owned(),
        // A definition may be written by hand, and is then there already as it shall be.
        Origin::Git if is_definition => format!("commit without it (`git rm --cached {path}`) and build again"),
        Origin::Git => format!("commit without it (`git rm {path}`) and build again"),
    };
    format!("{beside}; if no cluster has the old one, {without}")
}

/// Says the scope of a definition that leaves it to the default of its version.
fn say_scope(object: &mut Value) {
    if object["kind"] == xrd::KIND && object["spec"].is_object() && object["spec"]["scope"].is_null() {
        let scope = if object["apiVersion"] == xrd::V1 { XrScope::LegacyCluster } else { XrScope::Namespaced };
        object["spec"]["scope"] = serde_json::to_value(scope).unwrap_or_default();
    }
}
