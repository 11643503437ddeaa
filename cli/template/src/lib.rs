//! A Crossplane platform: `schemas/` pins the providers, `apis/` holds the XRDs, and every composition is a file here.

/// The types that the build script generated from `schemas/` and `apis/`.
pub mod types {
    include!(concat!(env!("OUT_DIR"), "/planewright/mod.rs"));
}

pub mod archive;
pub mod package;

/// What users of this platform may ask for.
pub use types::org::example::platform::v1alpha1 as api;

/// The kinds of provider-aws-s3 that the compositions compose.
pub use types::io::upbound::m::aws::s3::v1beta1 as s3;
