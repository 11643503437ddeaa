//! The function: what a cluster installs, and the metadata of its package.

use serde_json::{Value, json};

use super::names::Names;
use super::{Package, Platform};

/// The Function object, with the runtime that it runs in. It bears the name that Crossplane's package manager would give it as a
/// dependency of the Configuration, so that whichever is there first, the other agrees.
pub(super) fn installed(package: &Package, names: &Names) -> Value {
    let mut metadata = json!({ "name": names.function });
    annotate(&mut metadata, package);
    json!({
        "apiVersion": "pkg.crossplane.io/v1",
        "kind": "Function",
        "metadata": metadata,
        "spec": {
            "package": format!("{}:{}", names.function_repository, names.version),
            "runtimeConfigRef": { "name": names.function },
        },
    })
}

/// The metadata of the Function package.
pub(super) fn metadata(platform: &Platform<'_>, names: &Names) -> Value {
    let mut capabilities = Vec::new();
    if !platform.compositions.is_empty() {
        capabilities.push("composition");
    }
    if platform.operates {
        capabilities.push("operation");
    }
    let mut metadata = json!({ "name": names.function_repository.name() });
    annotate(&mut metadata, platform.package);
    json!({
        "apiVersion": "meta.pkg.crossplane.io/v1",
        "kind": "Function",
        "metadata": metadata,
        "spec": { "capabilities": capabilities, "crossplane": { "version": platform.package.crossplane } },
    })
}

/// Adds the annotations of the package.
pub(super) fn annotate(metadata: &mut Value, package: &Package) {
    if !package.annotations.is_empty() {
        metadata["annotations"] = json!(package.annotations);
    }
}
