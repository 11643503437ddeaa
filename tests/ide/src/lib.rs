//! A platform to complete in, with generated types of real size.

/// The types that the build script generated from `schemas/` and `apis/`.
pub mod types {
    include!(concat!(env!("OUT_DIR"), "/planewright/mod.rs"));
}

pub mod host;

pub use types::io::upbound::m::aws::ec2::v1beta1 as ec2;
pub use types::org::example::ide::v1 as platform;
