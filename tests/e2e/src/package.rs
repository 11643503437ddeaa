//! What the platform is shipped as.

use planewright::emit::Package;

use crate::board::EDITION;

/// Its packages, and the provider that it composes with.
pub fn package() -> Package {
    Package::new("registry.example.org/planewright/bulletin")
        .crossplane(">=v2.0.0")
        .provider("xpkg.crossplane.io/crossplane-contrib/provider-kubernetes", "v1.0.0")
        .annotation("meta.crossplane.io/description", format!("Boards of notices, {EDITION} edition"))
}
