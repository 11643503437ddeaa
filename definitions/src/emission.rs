//! What a platform's program emits, and the command line writes: objects for a cluster, each with its file, and what goes into
//! which package.

use std::fmt;

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

/// Where Kratix puts a request for the program that its pipelines run: what the command `promise` reads. A program that has this in it has that command.
pub const PROMISE_INPUT: &str = "/kratix/input/object.yaml";

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

/// One thing that is wrong with what was declared, or with what would be emitted of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where: what of the description, or the object and field.
    pub place: String,
    /// What is wrong.
    pub reason: String,
    /// What to do about it.
    pub remedy: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Fault { place, reason, remedy } = self;
        write!(f, "error: {place}: {reason}\n = help: {}", remedy.replace('\n', "\n         "))
    }
}

/// Every fault; nothing was emitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmitError(pub Vec<Fault>);

impl fmt::Display for EmitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let faults: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&faults.join("\n"))
    }
}

impl std::error::Error for EmitError {}

/// The faults found so far.
#[derive(Debug, Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Adds one; the same one twice is one.
    pub fn add(&mut self, place: impl Into<String>, reason: impl Into<String>, remedy: impl Into<String>) {
        let fault = Fault { place: place.into(), reason: reason.into(), remedy: remedy.into() };
        if !self.0.contains(&fault) {
            self.0.push(fault);
        }
    }

    /// Adds those that were found elsewhere.
    pub fn extend(&mut self, other: Faults) {
        other.0.into_iter().for_each(|Fault { place, reason, remedy }| self.add(place, reason, remedy));
    }

    /// Whether nothing is wrong so far.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `value`, if nothing is wrong.
    ///
    /// # Errors
    /// What is wrong, otherwise.
    pub fn or<T>(self, value: T) -> Result<T, EmitError> {
        if self.0.is_empty() { Ok(value) } else { Err(EmitError(self.0)) }
    }
}
