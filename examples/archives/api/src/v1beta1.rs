//! The API as it was before an archive had drawers.

use planewright_xrd::XrVersion;
use planewright_xrd::schemars::{self, JsonSchema};

/// Buckets that keep what is put into them.
#[derive(Debug, XrVersion, JsonSchema)]
#[xr(version = "v1beta1", deprecated = "use v1, in which an archive has drawers")]
pub struct ArchiveSpec {
    /// The AWS region.
    pub region: String,
}
