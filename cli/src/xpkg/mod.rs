//! Crossplane packages (xpkg): images that need no Docker, the same to the byte wherever they are made.
//!
//! A package is an OCI image. One layer holds `package.yaml`, the package's metadata and objects as a YAML stream; the image of a
//! function has its program in another. What a layer is stands twice: as a label of the image's configuration, which a `.xpkg`
//! file can carry, and as an annotation of the layer in the manifest, which a registry can, and by which Crossplane finds it.

mod archive;
mod binary;
mod image;
mod kept;
mod layer;
mod package;

pub(crate) use archive::{Archived, archive};
pub(crate) use binary::Binary;
pub(crate) use image::{INDEX, MANIFEST, index};
pub(crate) use kept::Kept;
pub(crate) use package::{Package, packages};

use sha2::{Digest as _, Sha256};

/// `sha256:` and the digest of bytes.
pub(crate) fn digest(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}
