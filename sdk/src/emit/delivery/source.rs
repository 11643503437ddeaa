//! Where what is delivered is kept.

use crate::emit::error::Faults;

/// Where the files are.
#[derive(Clone, Debug)]
#[must_use]
pub struct Source {
    pub(super) url: String,
    pub(super) revision: String,
    pub(super) oci: bool,
    path: String,
}

impl Source {
    /// A branch of a Git repository, by its URL: `https://…` or `ssh://…`.
    pub fn git(url: impl Into<String>, branch: impl Into<String>) -> Self {
        Source { url: url.into(), revision: branch.into(), oci: false, path: String::new() }
    }

    /// An OCI artifact with the files, by its URL, `oci://REGISTRY/PATH`, and a tag. (It is not one of the packages.)
    pub fn oci(url: impl Into<String>, tag: impl Into<String>) -> Self {
        Source { url: url.into(), revision: tag.into(), oci: true, path: String::new() }
    }

    /// The folder in it that `planewright build --out` writes to. Default: the outermost.
    pub fn path(self, path: impl Into<String>) -> Self {
        Source { path: path.into(), ..self }
    }

    /// A folder of the build's output.
    pub(super) fn folder(&self, folder: &str) -> String {
        match self.path.trim_matches('/') {
            "" => folder.to_owned(),
            path => format!("{path}/{folder}"),
        }
    }

    /// Finds what is wrong with it.
    pub(super) fn check(&self, place: &str, faults: &mut Faults) {
        let Source { url, revision, oci, path } = self;
        let begins = if *oci { &["oci://"][..] } else { &["https://", "ssh://", "http://"] };
        if !begins.iter().any(|begin| url.strip_prefix(begin).is_some_and(|rest| rest.contains('/'))) {
            let remedy = format!("write it as {}HOST/PATH", begins.first().copied().unwrap_or_default());
            faults.add(place, format!("{url:?} is no URL of a source"), remedy);
        }
        if revision.is_empty() {
            faults.add(place, "the source has no branch or tag", "name one");
        }
        check_folder(place, path, faults);
    }
}

/// Finds what is wrong with the name of a folder. Engines read `*`, `?`, brackets and braces as patterns or templates.
pub(super) fn check_folder(place: &str, folder: &str, faults: &mut Faults) {
    if folder.split('/').any(|part| part == "..") || folder.starts_with('/') {
        faults.add(place, format!("{folder:?} is no folder of the source"), "name it from the outermost folder");
    } else if folder.contains(['*', '?', '[', ']', '{', '}', '\\', ',', '!']) {
        let remedy = "name one folder, without the characters * ? [ ] { } , ! and \\";
        faults.add(place, format!("{folder:?} would be read as a pattern"), remedy);
    }
}
