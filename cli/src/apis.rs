//! The XRDs of a platform.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use fs_err as fs;
use planewright_definitions::load::{Paths, Source};

/// Where XRDs are looked for if nobody says otherwise.
pub(crate) const DEFAULT: &str = "apis";

/// The folder of XRDs: the one that was named, or else `apis` if there is one.
pub(crate) fn folder(named: Option<&Path>) -> Vec<PathBuf> {
    match named {
        Some(path) => vec![path.to_owned()],
        None => Some(PathBuf::from(DEFAULT)).filter(|path| path.is_dir()).into_iter().collect(),
    }
}

/// Those of `paths` that hold an XRD. All files are looked through, none is parsed.
///
/// What cannot be listed or read is left to the loader, which reports it with a remedy.
pub(crate) fn with_xrds(paths: &[PathBuf]) -> io::Result<Vec<PathBuf>> {
    let mut with = Vec::new();
    for path in paths {
        let Ok(streams) = Paths::new([path]).streams() else { continue };
        for stream in streams {
            match fs::read(stream.name()) {
                Ok(bytes) if mentions_xrd(&bytes) => {
                    with.push(path.clone());
                    break;
                }
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(with)
}

fn mentions_xrd(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_ok_and(|text| text.contains("CompositeResourceDefinition"))
}
