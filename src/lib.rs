//! The reference platform: what a user's own platform looks like.
//!
//! `schemas/` pins the providers, `apis/` holds the XRDs, and every composition is a file here.

/// The types that the build script generated from `schemas/` and `apis/`.
pub mod types {
    include!(concat!(env!("OUT_DIR"), "/planewright/mod.rs"));
}

pub mod eks;
pub mod network;
#[cfg(feature = "commands")]
pub mod package;
pub mod sql_instance;

pub use types::io::upbound::platform::aws::v1alpha1 as platform;

/// The kinds of provider-aws that the compositions compose.
pub mod aws {
    pub use crate::types::io::upbound::m::aws::ec2::v1beta1 as ec2;
    pub use crate::types::io::upbound::m::aws::eks::v1beta1 as eks;
    pub use crate::types::io::upbound::m::aws::iam::v1beta1 as iam;
    pub use crate::types::io::upbound::m::aws::rds::v1beta1 as rds;
}

/// The kinds of provider-helm that the compositions compose.
pub use types::io::crossplane::m::helm::v1beta1 as helm;
/// The kinds of provider-kubernetes that the compositions compose.
pub use types::io::crossplane::m::kubernetes::v1alpha1 as kubernetes;
