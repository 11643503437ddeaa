//! What the platform is shipped as.

use planewright::emit::Package;

use crate::board::EDITION;

/// Its packages. The provider that it composes with is not among what they depend on: that is the cluster's, and of another source in each.
pub fn package() -> Package {
    Package::new("registry.example.org/planewright/bulletin")
        .crossplane(">=v2.0.0")
        .annotation("meta.crossplane.io/description", format!("Boards of notices, {EDITION} edition"))
}
