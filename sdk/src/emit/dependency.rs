//! What a platform needs besides itself: providers, and the functions of foreign steps.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Package;
use super::names;
use super::repository::Repository;

/// A package that must be installed.
pub(super) struct Dependency<'a> {
    /// `Provider` or `Function`.
    pub(super) kind: &'static str,
    pub(super) repository: &'a str,
    /// The oldest version that will do.
    pub(super) version: &'a str,
}

/// The providers in the order in which they are named, then the functions. One that several steps name is one dependency, at the latest version that one of
/// them asks for.
pub(super) fn all(package: &Package) -> Vec<Dependency<'_>> {
    let providers =
        package.providers.iter().map(|(repository, version)| Dependency { kind: "Provider", repository, version });
    let mut functions: BTreeMap<&str, &str> = BTreeMap::new();
    for step in package.pipelines.values().flat_map(|pipeline| pipeline.before.iter().chain(&pipeline.after)) {
        let version = functions.entry(&step.repository).or_insert(&step.version);
        if names::version(version) < names::version(&step.version) {
            *version = &step.version;
        }
    }
    let functions =
        functions.into_iter().map(|(repository, version)| Dependency { kind: "Function", repository, version });
    providers.chain(functions).collect()
}

/// The objects by which a cluster installs the dependencies, each with its name, which is the one that Crossplane's package manager
/// gives it as a dependency of the Configuration: so whichever is there first, the other agrees.
pub(super) fn installed(package: &Package) -> Vec<(String, Value)> {
    let objects = all(package).into_iter().filter_map(|Dependency { kind, repository, version }| {
        // What is no repository has been said.
        let name = Repository::parse(repository).ok()?.object_name();
        let object = json!({
            "apiVersion": "pkg.crossplane.io/v1",
            "kind": kind,
            "metadata": { "name": name },
            "spec": { "package": format!("{repository}:{version}") },
        });
        Some((name, object))
    });
    objects.collect()
}
