//! How a definition says itself that Argo CD leaves it where it is.

use serde_json::{Value, json};

use crate::emit::error::Faults;

/// The annotation by which an object says how Argo CD synchronises it: options with commas between them.
const ANNOTATION: &str = "argocd.argoproj.io/sync-options";

/// Never deleted with the rest, and on purpose only when somebody confirms it.
const KEPT: &[&str] = &["Prune=false", "Delete=confirm"];

/// What a definition can say besides, none of which deletes it. Argo CD compares options letter by letter, and passes over what it does not know; those of
/// whole Applications, such as `CreateNamespace=true`, do nothing on an object.
const HARMLESS: &[&str] = &[
    "Prune=confirm",
    "Delete=false",
    "PruneLast=true",
    "Replace=false",
    "ServerSideApply=true",
    "ServerSideApply=false",
    "ClientSideApplyMigration=true",
    "ClientSideApplyMigration=false",
    "SkipDryRunOnMissingResource=true",
    "Validate=false",
];

/// Those by which Argo CD deletes an object and creates it anew where an update is refused.
const RECREATING: &[&str] = &["Replace=true", "Force=true"];

/// Lets a definition say itself that it stays, as its Application does: older versions of Argo CD ask objects alone. What its author says of one of
/// the options stands, unless that would delete it or means nothing.
pub(super) fn keep(definition: &mut Value, faults: &mut Faults) {
    let place = format!("definition of {}", definition["spec"]["names"]["kind"].as_str().unwrap_or_default());
    let Some(metadata) = definition.get_mut("metadata").and_then(Value::as_object_mut) else { return };
    let annotations = metadata.entry("annotations").or_insert_with(|| json!({}));
    let Value::Object(annotations) = annotations else { return };
    let said = annotations.get(ANNOTATION).and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut options: Vec<&str> = said.split(',').map(str::trim).filter(|option| !option.is_empty()).collect();
    for option in &options {
        if let Some((reason, remedy)) = wrong(option) {
            faults.add(place.as_str(), format!("{ANNOTATION}: {reason}"), remedy);
        }
    }
    for option in KEPT {
        let name = option.split('=').next();
        if !options.iter().any(|said| said.split('=').next() == name) {
            options.push(option);
        }
    }
    annotations.insert(ANNOTATION.to_owned(), options.join(",").into());
}

/// What is wrong with an option of a definition, if anything is, and what to do about it.
fn wrong(option: &str) -> Option<(String, String)> {
    if RECREATING.contains(&option) {
        let reason = format!(
            "with {option:?} Argo CD may delete the definition and create it anew, and with it go all of its composite resources"
        );
        return Some((reason, "take it away; what may not change in a definition needs a new API".to_owned()));
    }
    let mut known = KEPT.iter().chain(HARMLESS);
    if known.any(|known| *known == option) {
        return None;
    }
    let known: Vec<&str> = KEPT.iter().chain(HARMLESS).copied().collect();
    let reason = format!("{option:?} is no option that keeps a definition, or that Argo CD heeds on one");
    Some((reason, format!("take it away, or write one of {}", known.join(", "))))
}
