//! Layers: gzipped tar archives without times and owners.

use std::io::{self, Write as _};

use flate2::{Compression, GzBuilder};
use tar::{Builder, EntryType, Header};

use super::digest;

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
    /// A layer with one file.
    pub(crate) fn new(path: &str, mode: u32, contents: &[u8], content: Option<&'static str>) -> io::Result<Self> {
        let mut archive = Builder::new(Vec::new());
        if let Some((folder, _)) = path.rsplit_once('/') {
            append(&mut archive, &format!("{folder}/"), EntryType::Directory, 0o755, &[])?;
        }
        append(&mut archive, path, EntryType::Regular, mode, contents)?;
        let archive = archive.into_inner()?;
        // Neither the time nor the name of a file is in the header, and the system is always "unknown".
        // A program of 17 MB takes a seventh of the time that it would at the usual level, and becomes a third larger.
        let mut gzip = GzBuilder::new().mtime(0).operating_system(255).write(Vec::new(), Compression::fast());
        gzip.write_all(&archive)?;
        let bytes = gzip.finish()?;
        Ok(Layer { digest: digest(&bytes), diff_id: digest(&archive), bytes, content })
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
