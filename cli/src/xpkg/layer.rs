//! Layers: gzipped tar archives without times and owners.

use std::io::{self, Write as _};
use std::sync::LazyLock;

use flate2::{Compression, GzBuilder};
use tar::{Builder, EntryType, Header};

use super::digest;
use super::image::MADE_BY;
use super::kept::Kept;

/// A layer of an image.
#[derive(Clone, Debug)]
pub(crate) struct Layer {
    /// The compressed archive.
    pub(crate) bytes: Vec<u8>,
    /// Its digest, by which it is stored.
    pub(crate) digest: String,
    /// The digest of the archive before it was compressed.
    pub(crate) diff_id: String,
    /// What Crossplane is to find in it: the value of the annotation `io.crossplane.xpkg`.
    pub(crate) content: Option<&'static str>,
}

/// The package's metadata and objects.
pub(crate) const BASE: &str = "base";
/// Examples. The word is that of the marketplace which first showed them.
pub(crate) const EXAMPLES: &str = "upbound";

impl Layer {
    /// A layer with one file, compressed unless an earlier build has done so.
    pub(crate) fn new(
        path: &str,
        mode: u32,
        contents: &[u8],
        content: Option<&'static str>,
        kept: &Kept,
    ) -> io::Result<Self> {
        let mut archive = Builder::new(Vec::new());
        if let Some((folder, _)) = path.rsplit_once('/') {
            append(&mut archive, &format!("{folder}/"), EntryType::Directory, 0o755, &[])?;
        }
        append(&mut archive, path, EntryType::Regular, mode, contents)?;
        let archive = archive.into_inner()?;
        let diff_id = digest(&archive);
        if let Some(layer) = kept.layer(&diff_id) {
            return Ok(Layer { content, ..layer.clone() });
        }
        let bytes = compressed(&archive)?;
        Ok(Layer { digest: digest(&bytes), diff_id, bytes, content })
    }
}

/// Compresses an archive.
fn compressed(archive: &[u8]) -> io::Result<Vec<u8>> {
    // Neither the time nor the name of a file is in the header, and the system is always "unknown".
    // A program of 17 MB takes a seventh of the time that it would at the usual level, and becomes a third larger.
    let mut gzip = GzBuilder::new().mtime(0).operating_system(255).write(Vec::new(), Compression::fast());
    gzip.write_all(archive)?;
    gzip.finish()
}

/// How layers are compressed, as images say it: the same words for the same bytes. Another version of the compressor may make others of a layer, and then makes
/// others of a sample, whose digest tells; so what one version wrote is not kept by another.
pub(super) fn compressed_by() -> &'static str {
    static WORDS: LazyLock<String> = LazyLock::new(|| {
        let noise = (0..20_000_u32).flat_map(|number| (number.wrapping_mul(2_654_435_761) >> 13).to_le_bytes());
        let mut sample: Vec<u8> = noise.collect();
        sample.extend_from_within(..5_000);
        sample.resize(sample.len() + 70_000, 0);
        // Nothing fails that is written to memory; words that no image has keep nothing.
        let digest = compressed(&sample).map(|bytes| digest(&bytes)).unwrap_or_default();
        format!("{MADE_BY}{}", digest.trim_start_matches("sha256:").get(..16).unwrap_or_default())
    });
    &WORDS
}

/// Adds an entry that belongs to root and was never changed.
pub(super) fn append(
    archive: &mut Builder<Vec<u8>>,
    path: &str,
    kind: EntryType,
    mode: u32,
    contents: &[u8],
) -> io::Result<()> {
    let mut header = Header::new_ustar();
    header.set_entry_type(kind);
    header.set_mode(mode);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(0);
    header.set_size(u64::try_from(contents.len()).map_err(io::Error::other)?);
    archive.append_data(&mut header, path, contents)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_earlier_build_compressed_is_not_compressed_again() {
        let mut layer = Layer::new("function", 0o755, b"program", None, &Kept::default()).unwrap();
        // Bytes that no compression gives, to tell what is kept from what is made.
        layer.bytes = b"kept".to_vec();
        let kept = Kept::with(layer);
        let of = |contents: &[u8], mode| Layer::new("function", mode, contents, Some(BASE), &kept).unwrap();
        assert_eq!((of(b"program", 0o755).bytes, of(b"program", 0o755).content), (b"kept".to_vec(), Some(BASE)));
        assert_ne!(of(b"another", 0o755).bytes, b"kept");
        assert_ne!(of(b"program", 0o644).bytes, b"kept", "its mode is in it");
    }

    /// The words are those of the sample's bytes, so another compressor has others.
    #[test]
    fn the_way_of_compressing_has_a_name() {
        let digest = compressed_by().strip_prefix(MADE_BY).unwrap();
        assert!(digest.len() == 16 && digest.chars().all(|c| c.is_ascii_hexdigit()), "{digest}");
    }
}
