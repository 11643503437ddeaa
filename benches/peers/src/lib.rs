//! The composition that functions in other languages are measured with: a network of 7 N + 4 resources in N zones.

/// The types that the build script generated from `schemas/` and `apis/`.
pub mod types {
    include!(concat!(env!("OUT_DIR"), "/planewright/mod.rs"));
}

pub mod network;

pub use types::io::upbound::m::aws::ec2::v1beta1 as ec2;
pub use types::org::example::platform::aws::v1alpha1 as platform;
