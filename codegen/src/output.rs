//! Files: made in memory, then written where they changed, all or (on an error before the first write) none.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use fs_err as fs;
use sha2::{Digest, Sha256};

/// A file to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its path below the output folder, with `/`.
    pub path: String,
    /// Its text.
    pub contents: String,
}

/// How a folder differs from what would be written there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Drift {
    /// A file that is not there.
    Missing(PathBuf),
    /// A file that has other contents.
    Changed(PathBuf),
    /// A generated file that would not be written.
    Stale(PathBuf),
}

/// The name of the file that remembers what the folder was made from, and what is in it.
const STAMP: &str = ".planewright";

/// Whether `folder` holds the output for inputs of this digest, untouched in names and sizes.
pub(crate) fn is_current(folder: &Path, digest: &str) -> bool {
    let Ok(stamp) = fs::read_to_string(folder.join(STAMP)) else { return false };
    let mut lines = stamp.lines();
    lines.next() == Some(digest)
        && lines.all(|line| {
            let Some((size, path)) = line.split_once(' ') else { return false };
            fs::metadata(folder.join(path)).is_ok_and(|meta| meta.len().to_string() == size)
        })
}

/// Writes the files that are missing or differ, and removes the generated ones that are no longer made.
///
/// Returns how many files changed.
pub(crate) fn write(folder: &Path, files: &[File], digest: &str) -> std::io::Result<usize> {
    let mut changed = 0;
    let stale = stale(folder, files);
    for file in files {
        let path = folder.join(&file.path);
        if fs::read(&path).is_ok_and(|old| old == file.contents.as_bytes()) {
            continue;
        }
        replace(&path, &file.contents)?;
        changed += 1;
    }
    for path in stale {
        fs::remove_file(&path)?;
        changed += 1;
    }
    let list: String = files.iter().map(|file| format!("{} {}\n", file.contents.len(), file.path)).collect();
    replace(&folder.join(STAMP), &format!("{digest}\n{list}"))?;
    Ok(changed)
}

/// Tells how `folder` differs from `files`, without touching it.
pub(crate) fn drift(folder: &Path, files: &[File]) -> Vec<Drift> {
    let mut drift: Vec<Drift> = files
        .iter()
        .filter_map(|file| {
            let path = folder.join(&file.path);
            match fs::read(&path) {
                Err(_) => Some(Drift::Missing(path)),
                Ok(old) if old != file.contents.as_bytes() => Some(Drift::Changed(path)),
                Ok(_) => None,
            }
        })
        .collect();
    drift.extend(stale(folder, files).into_iter().map(Drift::Stale));
    drift.sort();
    drift
}

/// Replaces a file at once: a reader sees the old text or the new one.
fn replace(path: &Path, contents: &str) -> std::io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(".new");
    fs::write(&temporary, contents)?;
    fs::rename(&temporary, path)
}

/// Files that an earlier run wrote, by its stamp, and that this one does not.
fn stale(folder: &Path, files: &[File]) -> Vec<PathBuf> {
    let Ok(stamp) = fs::read_to_string(folder.join(STAMP)) else { return Vec::new() };
    let made: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    let old = stamp.lines().skip(1).filter_map(|line| line.split_once(' ')).map(|(_, path)| path);
    old.filter(|path| !made.contains(path)).map(|path| folder.join(path)).filter(|path| path.exists()).collect()
}

/// The SHA-256 digest of some bytes, as `sha256:…`.
pub fn digest(bytes: &[u8]) -> String {
    let hex: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}
