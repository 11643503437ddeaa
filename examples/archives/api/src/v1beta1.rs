//! The API as it was before an archive could say how long it keeps what is in it.

use planewright_xrd::schemars::{self, JsonSchema};
use planewright_xrd::{XrVersion, list_map};

use crate::Drawer;

/// Buckets that keep what is put into them.
#[derive(Debug, XrVersion, JsonSchema)]
#[xr(version = "v1beta1", deprecated = "use v1, which has tags and says how long everything is kept")]
pub struct ArchiveSpec {
    /// The AWS region.
    pub region: String,
    /// One bucket for each drawer.
    #[schemars(transform = list_map(["name"]), length(min = 1, max = 20))]
    pub drawers: Vec<Drawer>,
}
