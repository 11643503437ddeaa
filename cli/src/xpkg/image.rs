//! Images and indexes, as the OCI image specification has them.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::digest;
use super::layer::{Layer, compressed_by};

/// The media type of manifests.
pub(crate) const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
/// The media type of indexes.
pub(crate) const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";
/// The label and annotation that say what is in a layer.
const CONTENT: &str = "io.crossplane.xpkg";

/// When everything was made, as far as images say: at no time.
const BEGINNING: &str = "1970-01-01T00:00:00Z";
/// What the history of images that are made here begins with.
pub(super) const MADE_BY: &str = "planewright, compression ";

/// The path of the program in the image of a function.
pub(super) const PROGRAM: &str = "function";

/// An image.
#[derive(Clone, Debug)]
pub(crate) struct Image {
    /// The architecture and system that it runs on.
    pub(crate) platform: Platform,
    /// The layers, the lowest first.
    pub(crate) layers: Vec<Layer>,
    /// Its configuration, as JSON.
    pub(crate) config: Vec<u8>,
    /// Its manifest, as JSON.
    pub(crate) manifest: Vec<u8>,
}

/// What an image runs on, in the words of Go: `linux/amd64`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Platform {
    pub(crate) os: String,
    pub(crate) architecture: String,
}

impl std::fmt::Display for Platform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.os, self.architecture)
    }
}

impl Image {
    /// An image that runs `program`, if it runs anything. It belongs to nobody in particular: a number, for there is no list of users in it.
    pub(crate) fn new(platform: Platform, layers: Vec<Layer>, program: Option<&str>) -> Self {
        let labelled = layers.iter().filter_map(|layer| Some((format!("{CONTENT}:{}", layer.digest), layer.content?)));
        let labels: BTreeMap<String, &str> = labelled.collect();
        let mut runs = Map::new();
        if let Some(program) = program {
            runs.insert("User".to_owned(), "65532:65532".into());
            runs.insert("ExposedPorts".to_owned(), json!({ "9443/tcp": {} }));
            runs.insert("Entrypoint".to_owned(), json!([format!("/{program}")]));
        }
        runs.insert("Labels".to_owned(), json!(labels));
        let made = json!({ "created": BEGINNING, "created_by": compressed_by() });
        let config = json!({
            "created": BEGINNING,
            "architecture": platform.architecture,
            "os": platform.os,
            "config": runs,
            "rootfs": { "type": "layers", "diff_ids": layers.iter().map(|layer| &layer.diff_id).collect::<Vec<_>>() },
            "history": vec![made; layers.len()],
        });
        let config = config.to_string().into_bytes();
        let descriptors = layers.iter().map(|layer| {
            let mut descriptor = described(LAYER, &layer.bytes, &layer.digest);
            if let Some(content) = layer.content {
                descriptor["annotations"] = json!({ CONTENT: content });
            }
            descriptor
        });
        let manifest = json!({
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": described(CONFIG, &config, &digest(&config)),
            "layers": descriptors.collect::<Vec<_>>(),
        });
        Image { platform, layers, config, manifest: manifest.to_string().into_bytes() }
    }

    /// The same image without the package: what the program needs to run, and no more. Whoever makes a package of it adds theirs, and Crossplane
    /// takes no image with two.
    pub(crate) fn runtime(&self) -> Self {
        let layers = self.layers.iter().filter(|layer| layer.content.is_none()).cloned().collect();
        Image::new(self.platform.clone(), layers, Some(PROGRAM))
    }
}

/// An index of images, each for another platform.
pub(crate) fn index(images: &[Image]) -> Vec<u8> {
    let manifests = images.iter().map(|image| {
        let mut descriptor = described(MANIFEST, &image.manifest, &digest(&image.manifest));
        descriptor["platform"] = json!({ "architecture": image.platform.architecture, "os": image.platform.os });
        descriptor
    });
    let manifests: Vec<Value> = manifests.collect();
    json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": manifests }).to_string().into_bytes()
}

fn described(media_type: &str, bytes: &[u8], digest: &str) -> Value {
    json!({ "mediaType": media_type, "size": bytes.len(), "digest": digest })
}
