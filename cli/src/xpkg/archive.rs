//! Images as files (`.xpkg`): the archive that Docker saves and loads, and that Crossplane's own command line reads.

use std::collections::BTreeMap;
use std::io::{self, Read as _};

use serde_json::{Value, json};
use tar::{Builder, EntryType};

use super::digest;
use super::image::{Image, MADE_BY};
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

/// An image in a file.
pub(crate) struct Archived {
    pub(super) files: BTreeMap<String, Vec<u8>>,
    pub(super) manifest: Value,
    pub(super) config: Value,
}

impl Archived {
    /// Reads one; what is no image has no manifest.
    pub(crate) fn read(archive: &[u8]) -> io::Result<Self> {
        let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        for entry in tar::Archive::new(archive).entries()? {
            let mut entry = entry?;
            let name = entry.path()?.display().to_string();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes)?;
            files.insert(name, bytes);
        }
        let json = |name: &str| -> Value {
            files.get(name).and_then(|bytes| serde_json::from_slice(bytes).ok()).unwrap_or(Value::Null)
        };
        let manifest = json("manifest.json").get_mut(0).map(Value::take).unwrap_or_default();
        let config = json(manifest["Config"].as_str().unwrap_or_default());
        Ok(Archived { files, manifest, config })
    }

    /// The repository that it is of, if it was made here: every layer of such an image says so.
    pub(crate) fn made_for(&self) -> Option<&str> {
        let history = self.config["history"].as_array().filter(|history| !history.is_empty())?;
        let is_ours = |layer: &Value| layer["created_by"].as_str().is_some_and(|by| by.starts_with(MADE_BY));
        let (repository, _) = self.manifest["RepoTags"][0].as_str()?.rsplit_once(':')?;
        history.iter().all(is_ours).then_some(repository)
    }

    /// Whether it is a whole image that something else made. What is damaged is nobody's.
    pub(crate) fn is_of_others(&self) -> bool {
        let config = self.manifest["Config"].as_str().and_then(|name| Some((name, self.files.get(name)?)));
        // Named by its digest, whatever else is in the name.
        let is_whole = config.is_some_and(|(name, bytes)| name.contains(digest(bytes).trim_start_matches("sha256:")));
        let mut layers = self.config["history"].as_array().into_iter().flatten();
        let is_ours = |layer: &Value| layer["created_by"].as_str().is_some_and(|by| by.starts_with(MADE_BY));
        is_whole && !layers.any(is_ours)
    }
}
