//! Layers of packages that an earlier build wrote, so that what has not changed is not compressed again.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use fs_err as fs;
use serde_json::Value;

use super::archive::Archived;
use super::digest;
use super::layer::{Layer, compressed_by};

/// Layers by the digest of what is in them.
///
/// A layer is kept if it is whole, by its own digest, and if the image's configuration says that it was compressed as this program would. So the
/// bytes are those that compressing anew would give, and a file that somebody has damaged is written again. (Who forges a layer, with all
/// digests that name it, deceives this as they would deceive a registry; `push` keeps nothing.)
#[derive(Debug, Default)]
pub(crate) struct Kept(BTreeMap<String, Layer>);

impl Kept {
    /// The layers of the packages in a folder, of which there may be none, and no folder either.
    pub(crate) fn in_folder(folder: &Path) -> Self {
        let mut kept = Kept::default();
        let Ok(entries) = fs::read_dir(folder) else { return kept };
        for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
            if path.extension().is_some_and(|extension| extension == "xpkg") {
                // What cannot be read or understood is no help, and whether it can be written is found out later.
                kept.0.extend(fs::read(&path).ok().and_then(|bytes| layers(&bytes).ok()).into_iter().flatten());
            }
        }
        kept
    }

    /// The layer with this in it.
    pub(super) fn layer(&self, diff_id: &str) -> Option<&Layer> {
        self.0.get(diff_id)
    }

    /// With a layer.
    #[cfg(test)]
    pub(super) fn with(layer: Layer) -> Self {
        Kept(BTreeMap::from([(layer.diff_id.clone(), layer)]))
    }
}

/// The layers of an image in a file that are whole, and were compressed as they would be now.
fn layers(archive: &[u8]) -> io::Result<Vec<(String, Layer)>> {
    let Archived { mut files, manifest, config } = Archived::read(archive)?;
    let list = |value: &Value| -> Vec<String> {
        value.as_array().into_iter().flatten().filter_map(|item| Some(item.as_str()?.to_owned())).collect()
    };
    let (names, diff_ids) = (list(&manifest["Layers"]), list(&config["rootfs"]["diff_ids"]));
    let history = config["history"].as_array().map_or(&[][..], Vec::as_slice);
    if names.len() != diff_ids.len() || history.len() != names.len() {
        return Ok(Vec::new());
    }
    let mut layers = Vec::new();
    for ((name, diff_id), made) in names.into_iter().zip(diff_ids).zip(history) {
        let Some(bytes) = files.remove(&name) else { continue };
        let found = digest(&bytes);
        if made["created_by"] == compressed_by() && name == format!("{}.tar.gz", found.trim_start_matches("sha256:")) {
            layers.push((diff_id.clone(), Layer { bytes, digest: found, diff_id, content: None }));
        }
    }
    Ok(layers)
}
