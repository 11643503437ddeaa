//! `planewright.lock`: where each pinned schema came from, and its digest.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};

use fs_err as fs;
use planewright_definitions::load::{Paths, Source as _};
use planewright_definitions::yaml;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::emit::Docs;
use crate::output::digest;

/// The name of the file in a folder of schemas.
pub const SCHEMAS_LOCK: &str = "planewright.lock";

/// The schemas of a platform: every source, and every file with its digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SchemasLock {
    /// The form of the file: 1.
    pub version: u32,
    /// The sources, sorted by name.
    pub sources: Vec<LockedSource>,
}

/// Where schemas came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LockedSource {
    /// What the source is called, such as `provider-aws-ec2`.
    pub name: String,
    /// Its version, such as `v2.3.0`, as it was told.
    pub version: String,
    /// How much of the descriptions was kept.
    pub docs: Docs,
    /// Its files, sorted by path.
    pub files: Vec<LockedFile>,
}

/// One pinned schema.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LockedFile {
    /// Its path beside the lock.
    pub path: String,
    /// The digest of its bytes, `sha256:…`.
    pub digest: String,
}

/// How a folder of schemas differs from its lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LockError {
    /// The lock itself cannot be read.
    Unreadable {
        /// The lock.
        lock: PathBuf,
        /// Why.
        reason: String,
        /// What to do about it.
        remedy: String,
    },
    /// A file that the lock names is not there.
    Missing {
        /// The file.
        file: PathBuf,
        /// The digest that was pinned.
        pinned: String,
    },
    /// A file is not the one that was pinned.
    Changed {
        /// The file.
        file: PathBuf,
        /// The digest that was pinned.
        pinned: String,
        /// The digest of what is there.
        found: String,
    },
    /// A schema that the lock does not name.
    Unlisted {
        /// The file.
        file: PathBuf,
        /// The digest of what is there.
        found: String,
    },
}

/// As errors of the loader: reason, place, both digests, remedy.
impl fmt::Display for LockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const RESTORE: &str = "restore it from version control, or pin the source again with `planewright schemas add`";
        let (reason, file, pinned, found, remedy) = match self {
            LockError::Unreadable { lock, reason, remedy } => (reason.as_str(), lock, None, None, remedy.as_str()),
            LockError::Missing { file, pinned } => ("a pinned file is missing", file, Some(pinned), None, RESTORE),
            LockError::Changed { file, pinned, found } => {
                ("this is not the file that was pinned", file, Some(pinned), Some(found), RESTORE)
            }
            LockError::Unlisted { file, found } => (
                "this file was not pinned",
                file,
                None,
                Some(found),
                "pin its source with `planewright schemas add`, or move it out of the folder",
            ),
        };
        write!(f, "error: {reason}\n--> {}", file.display())?;
        if let Some(digest) = pinned {
            write!(f, "\n = note: pinned as {digest}")?;
        }
        if let Some(digest) = found {
            write!(f, "\n = note: it is     {digest}")?;
        }
        write!(f, "\n = help: {remedy}")
    }
}

impl std::error::Error for LockError {}

impl LockError {
    /// The folder was pinned, as its other lock tells, and its lock is gone.
    pub(crate) fn lost(folder: &Path) -> Self {
        LockError::Unreadable {
            lock: folder.join(SCHEMAS_LOCK),
            reason: "it is missing, though the folder was pinned".to_owned(),
            remedy: "restore it from version control, or pin the schemas again with `planewright schemas add`"
                .to_owned(),
        }
    }
}

impl Default for SchemasLock {
    fn default() -> Self {
        SchemasLock { version: 1, sources: Vec::new() }
    }
}

impl SchemasLock {
    /// Reads the lock of a folder; nothing if the folder has none.
    ///
    /// # Errors
    /// When it is not of the form.
    pub fn read(folder: &Path) -> Result<Option<Self>, LockError> {
        let path = folder.join(SCHEMAS_LOCK);
        if !path.exists() {
            return Ok(None);
        }
        let unreadable = |reason: String, remedy: &str| LockError::Unreadable {
            lock: path.clone(),
            reason,
            remedy: remedy.to_owned(),
        };
        let restore = "restore it from version control; `planewright schemas add` brings it up to date";
        let text =
            fs::read_to_string(&path).map_err(|e| unreadable(format!("cannot be read: {}", e.kind()), restore))?;
        let lock: SchemasLock = yaml::from_str(&text, &path.display().to_string())
            .map_err(|e| unreadable(format!("line {} is not of a lock's form: {}", e.line(), e.reason()), restore))?;
        match lock.version {
            1 => Ok(Some(lock)),
            other => Err(unreadable(
                format!("version {other} of the lock is not known here"),
                "use the planewright that wrote it, or a newer one",
            )),
        }
    }

    /// The digest of a folder's lock, `sha256:…`, which names all its schemas at once; `None` if the folder has none.
    pub fn digest(folder: &Path) -> Option<String> {
        fs::read(folder.join(SCHEMAS_LOCK)).ok().map(|bytes| digest(&bytes))
    }

    /// The text of the lock.
    ///
    /// # Errors
    /// When the YAML writer refuses it, which no lock of ours does.
    pub fn to_yaml(&self) -> Result<String, yaml::WriteError> {
        let text = yaml::to_string(self)?;
        Ok(format!("# Pinned schemas. Written by `planewright schemas`; a file that differs fails the build.\n{text}"))
    }

    /// Compares a folder with its lock: every file there, none changed, none that nobody pinned.
    pub fn verify(&self, folder: &Path) -> Vec<LockError> {
        let mut files: Vec<&LockedFile> = self.sources.iter().flat_map(|source| &source.files).collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let mut errors: Vec<LockError> =
            files.par_iter().filter_map(|locked| compare(&folder.join(&locked.path), &locked.digest)).collect();
        for file in unlisted(folder, &files) {
            let found = fs::read(&file).map(|bytes| digest(&bytes)).unwrap_or_default();
            errors.push(LockError::Unlisted { file, found });
        }
        errors
    }

    /// Puts a source in, in place of what it was, and in place of files of the same path in other sources.
    pub fn insert(&mut self, source: LockedSource) {
        self.sources.retain(|old| old.name != source.name);
        for old in &mut self.sources {
            old.files.retain(|file| source.files.iter().all(|new| new.path != file.path));
        }
        self.sources.retain(|old| !old.files.is_empty());
        self.sources.push(source);
        self.sources.sort_by(|a, b| a.name.cmp(&b.name));
    }
}

fn compare(file: &Path, pinned: &str) -> Option<LockError> {
    let (file, pinned) = (file.to_owned(), pinned.to_owned());
    match fs::read(&file) {
        Err(_) => Some(LockError::Missing { file, pinned }),
        Ok(bytes) => {
            let found = digest(&bytes);
            (found != pinned).then_some(LockError::Changed { file, pinned, found })
        }
    }
}

/// The schema files of a folder, and of the folders in it, that no source names: the loader would read them too.
fn unlisted(folder: &Path, listed: &[&LockedFile]) -> Vec<PathBuf> {
    let listed: BTreeSet<PathBuf> = listed.iter().map(|locked| folder.join(&locked.path)).collect();
    let streams = Paths::new([folder]).streams().unwrap_or_default();
    let files = streams.iter().map(|stream| PathBuf::from(stream.name()));
    files.filter(|file| !listed.contains(file)).collect()
}
