//! A small platform whose API is declared in Rust, in `api/`: buckets that keep what is put into them.

/// The types that the build script generated.
pub mod types {
    include!(concat!(env!("OUT_DIR"), "/planewright/mod.rs"));
}

pub mod archive;

pub use types::io::upbound::m::aws::s3::v1beta1 as s3;
pub use types::org::example::archive::v1 as api;
