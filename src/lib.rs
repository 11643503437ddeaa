//! The reference platform: what a user's own platform looks like.
//!
//! `schemas/` pins the providers, `apis/` holds the XRDs, and every composition is a file here.

/// The types that the build script generated from `schemas/` and `apis/`.
pub mod types {
    include!(concat!(env!("OUT_DIR"), "/planewright/mod.rs"));
}

pub mod network;

pub use types::io::upbound::m::aws::ec2::v1beta1 as ec2;
pub use types::io::upbound::platform::aws::v1alpha1 as platform;
