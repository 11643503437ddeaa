//! The metadata of the Configuration package.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Platform;
use super::function::annotate;
use super::names::Names;

/// The metadata, with all that the compositions need: the providers, the functions of foreign steps at the version given or
/// later, and this platform's own function at exactly the version that the compositions were emitted with.
pub(super) fn metadata(platform: &Platform<'_>, names: &Names) -> Value {
    let package = platform.package;
    let dependency = |kind: &str, repository: &str, version: String| json!({ "apiVersion": "pkg.crossplane.io/v1", "kind": kind, "package": repository, "version": version });
    let providers = package
        .providers
        .iter()
        .map(|(repository, version)| dependency("Provider", repository, format!(">={version}")));
    // A function that several compositions name is one dependency, at the latest version that one of them asks for.
    let mut foreign: BTreeMap<&str, &str> = BTreeMap::new();
    for step in package.pipelines.values().flat_map(|pipeline| pipeline.before.iter().chain(&pipeline.after)) {
        let version = foreign.entry(&step.repository).or_insert(&step.version);
        if numbers(version) < numbers(&step.version) {
            *version = &step.version;
        }
    }
    let foreign =
        foreign.into_iter().map(|(repository, version)| dependency("Function", repository, format!(">={version}")));
    let own = dependency("Function", &names.function_repository.to_string(), names.version.clone());
    let mut metadata = json!({ "name": names.platform });
    annotate(&mut metadata, package);
    json!({
        "apiVersion": "meta.pkg.crossplane.io/v1",
        "kind": "Configuration",
        "metadata": metadata,
        "spec": {
            "crossplane": { "version": package.crossplane },
            "dependsOn": providers.chain(foreign).chain([own]).collect::<Vec<_>>(),
        },
    })
}

/// The numbers of a version, in their order; one that leads to a release comes before it.
fn numbers(version: &str) -> (Vec<u64>, bool, &str) {
    let version = version.trim_start_matches('v');
    let (numbers, before) = version.split_once('-').map_or((version, ""), |(numbers, before)| (numbers, before));
    (numbers.split('.').map(|number| number.parse().unwrap_or_default()).collect(), before.is_empty(), before)
}
