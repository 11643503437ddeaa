//! What the platform is shipped as.

use planewright::emit::{FunctionStep, Package, Pipeline};

/// Its packages, and the provider that it composes with.
pub fn package() -> Package {
    // The repository of the Configuration package. That of the function is beside it, as `function-NAME`.
    Package::new("registry.example.org/acme/starter-platform")
        .provider("xpkg.upbound.io/upbound/provider-aws-s3", "v2.3.0")
        // Says of composed resources whether they are ready.
        .pipeline("archive", Pipeline::new().after(FunctionStep::auto_ready("v0.6.0")))
}
