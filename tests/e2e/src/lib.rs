//! A small platform: boards of notices, made of ConfigMaps by provider-kubernetes.

/// The types that the build script generated from `schemas/` and `apis/`.
pub mod types {
    include!(concat!(env!("OUT_DIR"), "/planewright/mod.rs"));
}

pub mod board;
pub mod package;

pub use types::io::crossplane::m::kubernetes::v1alpha1 as kubernetes;
pub use types::org::example::bulletin::v1 as api;
