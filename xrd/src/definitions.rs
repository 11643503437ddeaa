//! All definitions of a platform.

use std::fmt;
use std::path::{Path, PathBuf};

use fs_err as fs;
use planewright_definitions::admission;
use planewright_definitions::crd::Crd;
use planewright_definitions::emission::{Emission, EmitError, EmittedFile, Faults};
use planewright_definitions::yaml;
use serde_json::Value;

use crate::{Definition, Xr};

/// The definitions of a platform, which its program emits.
#[derive(Clone, Debug, Default)]
pub struct Definitions(Vec<Definition>);

/// Files in `apis/` that are not what the Rust types say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stale {
    /// The types themselves have faults.
    Refused(EmitError),
    /// The files that are missing, cannot be read, or hold something else.
    Files(Vec<PathBuf>),
}

impl fmt::Display for Stale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Stale::Refused(error) => error.fmt(f),
            Stale::Files(files) => {
                for file in files {
                    writeln!(f, "error: {}: it is not what the Rust types say", file.display())?;
                }
                f.write_str(" = help: write it with `planewright xrd emit`")
            }
        }
    }
}

impl std::error::Error for Stale {}

impl Definitions {
    /// None.
    pub fn new() -> Self {
        Definitions::default()
    }

    /// And that of a type which derives [`Xr`](macro@Xr).
    #[must_use]
    pub fn with<T: Xr>(self) -> Self {
        self.and(T::definition())
    }

    /// And this one.
    #[must_use]
    pub fn and(mut self, definition: Definition) -> Self {
        self.0.push(definition);
        self
    }

    /// The XRDs, each as the file `apis/PLURAL/definition.yaml`.
    ///
    /// # Errors
    /// The faults of every definition ([`Definition::xrd`]), and names that two of them want.
    pub fn emit(&self) -> Result<Emission, EmitError> {
        let mut faults = Faults::default();
        let mut files: Vec<EmittedFile> = Vec::new();
        let mut crds: Vec<Crd> = Vec::new();
        for (i, definition) in self.0.iter().enumerate() {
            let twin = self.0[..i].iter().find(|other| other.path() == definition.path());
            if let Some(twin) = twin {
                faults.add(
                    definition.kind(),
                    format!("{} and {} would both be {}", twin.name(), definition.name(), definition.path()),
                    "a further version derives `XrVersion`; another kind needs a plural of its own",
                );
            }
            let Some((object, admitted)) = definition.judge(&mut faults) else { continue };
            for crd in std::iter::once(admitted.composite).chain(admitted.claim) {
                for other in crds.iter().filter(|_| twin.is_none()) {
                    for refusal in admission::conflicts(&[other.clone(), crd.clone()]).0 {
                        let place = format!("{}, {}", definition.kind(), refusal.path);
                        faults.add(place, refusal.reason, refusal.remedy);
                    }
                }
                crds.push(crd);
            }
            files.push(EmittedFile { path: definition.path(), object });
        }
        files.sort_by(|one, other| one.path.cmp(&other.path));
        faults.or(Emission { files, packages: Vec::new() })
    }

    /// Whether the files in `folder`, the one that has `apis/` in it, are what the types say; their layout does not matter. For a test of
    /// the package that declares the types.
    ///
    /// # Errors
    /// [`Stale`], where they are not.
    pub fn check(&self, folder: impl AsRef<Path>) -> Result<(), Stale> {
        let emission = self.emit().map_err(Stale::Refused)?;
        let is_current = |file: &EmittedFile| {
            let text = fs::read_to_string(folder.as_ref().join(&file.path)).ok()?;
            let object: Value = yaml::from_str(&text, &file.path).ok()?;
            (object == file.object).then_some(())
        };
        let stale = emission.files.iter().filter(|file| is_current(file).is_none());
        let stale: Vec<PathBuf> = stale.map(|file| folder.as_ref().join(&file.path)).collect();
        if stale.is_empty() { Ok(()) } else { Err(Stale::Files(stale)) }
    }
}
