//! The metadata of the Configuration package.

use serde_json::{Value, json};

use super::Platform;
use super::dependency::{self, Dependency};
use super::function::annotate;
use super::names::Names;

/// The metadata, with all that the compositions need: the providers, the functions of foreign steps at the version given or
/// later, and this platform's own function at exactly the version that the compositions were emitted with.
pub(super) fn metadata(platform: &Platform<'_>, names: &Names) -> Value {
    let package = platform.package;
    let depends = dependency::all(package).into_iter().map(|dependency| {
        let Dependency { kind, repository, version } = dependency;
        depends_on(kind, repository, &format!(">={version}"))
    });
    let own = depends_on("Function", &names.function_repository.to_string(), &names.version);
    let mut metadata = json!({ "name": names.platform });
    annotate(&mut metadata, package);
    json!({
        "apiVersion": "meta.pkg.crossplane.io/v1",
        "kind": "Configuration",
        "metadata": metadata,
        "spec": {
            "crossplane": { "version": package.crossplane },
            "dependsOn": depends.chain([own]).collect::<Vec<_>>(),
        },
    })
}

fn depends_on(kind: &str, repository: &str, version: &str) -> Value {
    json!({ "apiVersion": "pkg.crossplane.io/v1", "kind": kind, "package": repository, "version": version })
}
