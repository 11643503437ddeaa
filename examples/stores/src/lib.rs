//! A small platform: a bucket for each team. The guide begins with it.

/// The types that the build script generated from `schemas/` and `apis/`.
pub mod types {
    include!(concat!(env!("OUT_DIR"), "/planewright/mod.rs"));
}

pub mod store;

pub use types::io::upbound::m::aws::s3::v1beta1 as s3;
pub use types::org::example::storage::v1 as api;
