//! Images as files (`.xpkg`): the archive that Docker saves and loads, and that Crossplane's own command line reads.

use std::io;

use serde_json::json;
use tar::{Builder, EntryType};

use super::digest;
use super::image::Image;
use super::layer::append;

/// An image as a file. It has no annotations of layers, so what they say stands in labels as well.
pub(crate) fn archive(image: &Image, name: &str) -> io::Result<Vec<u8>> {
    let config = digest(&image.config);
    let layer = |digest: &str| format!("{}.tar.gz", digest.trim_start_matches("sha256:"));
    let layers: Vec<String> = image.layers.iter().map(|one| layer(&one.digest)).collect();
    let manifest = json!([{ "Config": config, "RepoTags": [name], "Layers": layers }]).to_string();
    let mut archive = Builder::new(Vec::new());
    append(&mut archive, &config, EntryType::Regular, 0o644, &image.config)?;
    for (path, layer) in layers.iter().zip(&image.layers) {
        append(&mut archive, path, EntryType::Regular, 0o644, &layer.bytes)?;
    }
    append(&mut archive, "manifest.json", EntryType::Regular, 0o644, manifest.as_bytes())?;
    archive.into_inner()
}
