//! Layers: gzipped tar archives without times and owners.

use std::io::{self, Write as _};

use flate2::{Compression, GzBuilder};
use tar::{Builder, EntryType, Header};

use super::digest;
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
        // Neither the time nor the name of a file is in the header, and the system is always "unknown".
        // Whoever changes this, or takes a library that compresses otherwise, changes `COMPRESSED_BY` as well, as a test below says.
        // A program of 17 MB takes a seventh of the time that it would at the usual level, and becomes a third larger.
        let mut gzip = GzBuilder::new().mtime(0).operating_system(255).write(Vec::new(), Compression::fast());
        gzip.write_all(&archive)?;
        let bytes = gzip.finish()?;
        Ok(Layer { digest: digest(&bytes), diff_id, bytes, content })
    }
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
    use super::super::image::COMPRESSED_BY;
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

    /// Layers of earlier builds are kept where they were compressed as they would be now. If this fails, that is no longer so: give
    /// `COMPRESSED_BY` the next number, and this its digest.
    #[test]
    fn the_way_of_compressing_has_a_number() {
        let text: Vec<u8> =
            (0..200_000_u32).flat_map(|number| (number.wrapping_mul(2_654_435_761) >> 13).to_le_bytes()).collect();
        let layer =
            Layer::new("function", 0o755, &[&text[..], &[0; 100_000], &text[..5000]].concat(), None, &Kept::default())
                .unwrap();
        assert_eq!(
            (COMPRESSED_BY, &*layer.digest),
            ("planewright, compression 1", "sha256:399e12cfb92a7d17a3094c7a0accafcbba9e66be269eeb0021dac3bf6fac46d9")
        );
    }
}
