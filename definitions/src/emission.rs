//! What a platform's program emits, and the command line writes: objects for a cluster, each with its file, and what goes into
//! which package.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Everything that a platform emits.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Emission {
    /// The files, sorted by path.
    pub files: Vec<EmittedFile>,
    /// The packages.
    pub packages: Vec<EmittedPackage>,
}

/// A file with one object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmittedFile {
    /// Its path in the folder of output, with `/` between the parts.
    pub path: String,
    /// The object.
    pub object: Value,
}

/// A package for a registry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmittedPackage {
    /// What it is.
    pub kind: PackageKind,
    /// Where it is pushed: `REGISTRY/PATH`, without a tag.
    pub repository: String,
    /// Its tag, such as `v0.1.0`.
    pub version: String,
    /// The paths of the files that it holds; the first is the package's metadata.
    pub contents: Vec<String>,
}

/// What a package is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum PackageKind {
    /// A composition function: a program, and the schemas of its inputs.
    Function,
    /// Definitions and compositions.
    Configuration,
}

impl PackageKind {
    /// Its name in package metadata.
    pub fn as_str(self) -> &'static str {
        match self {
            PackageKind::Function => "Function",
            PackageKind::Configuration => "Configuration",
        }
    }
}

impl Emission {
    /// The object of a file.
    pub fn object(&self, path: &str) -> Option<&Value> {
        self.files.iter().find(|file| file.path == path).map(|file| &file.object)
    }
}
