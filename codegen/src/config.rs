//! How to generate, and what can go wrong.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use planewright_definitions::crd::{Crd, CrdVersion};
use planewright_definitions::load::LoadError;
use planewright_definitions::yaml::Limits;

use crate::cargo;
use crate::emit::Docs;
use crate::generate::{self, Report};
use crate::lock::{LockError, NamesLock};
use crate::output::{Drift, File};
use crate::refused::RefusedXrd;
use crate::select::{BadSelector, Selector};

/// How to generate. [`configure`](crate::configure) makes one with every setting at its default.
#[derive(Clone, Debug)]
pub struct Config {
    pub(crate) select: Vec<Selector>,
    pub(crate) docs: Docs,
    pub(crate) pretty: bool,
    pub(crate) names: Option<NamesLock>,
    pub(crate) root_file: String,
    pub(crate) limits: Limits,
    out_dir: Option<PathBuf>,
    bad_selector: Option<BadSelector>,
}

/// Why nothing was generated.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A pattern that is not one.
    #[error(transparent)]
    Selector(#[from] BadSelector),
    /// There is no output folder: not in a build script, and none was named.
    #[error("there is no folder to write to: call this from build.rs, or name one with `out_dir`")]
    NoOutDir,
    /// A file could not be read or written.
    #[error(transparent)]
    Io(std::io::Error),
    /// A definition could not be loaded.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// Pinned schemas are not the ones that were pinned.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n\n"))]
    Pinned(Vec<LockError>),
    /// XRDs that a control plane would refuse.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n\n"))]
    Refused(Vec<RefusedXrd>),
    /// `names.lock` is not of its form.
    #[error("{}:{line}: expected `GROUP/VERSION/KIND PATH NAME`\n  restore the file from version control, or write it anew with `planewright schemas names`", lock.display())]
    Names {
        /// The lock.
        lock: PathBuf,
        /// The line, counted from 1.
        line: usize,
    },
}

impl Config {
    pub(crate) fn new() -> Self {
        Config {
            select: Vec::new(),
            docs: Docs::default(),
            pretty: false,
            names: None,
            root_file: "mod.rs".to_owned(),
            limits: Limits::default(),
            out_dir: None,
            bad_selector: None,
        }
    }

    /// Generates only the kinds that fit one of the patterns given this way. By default all are generated.
    ///
    /// See [`Selector`] for the form. A kind that nobody selects costs nothing; references to it are untyped.
    #[must_use]
    pub fn select(mut self, pattern: &str) -> Self {
        match Selector::parse(pattern) {
            Ok(selector) => self.select.push(selector),
            Err(bad) => self.bad_selector = Some(bad),
        }
        self
    }

    /// How much of the schemas' descriptions becomes documentation. Default: the first sentence.
    #[must_use]
    pub fn docs(mut self, docs: Docs) -> Self {
        self.docs = docs;
        self
    }

    /// Whether the code is laid out for people. Default: no, which is faster; an item takes a line.
    #[must_use]
    pub fn pretty(mut self, pretty: bool) -> Self {
        self.pretty = pretty;
        self
    }

    /// The names that types must keep. Default: what `names.lock` in the folders of schemas says.
    #[must_use]
    pub fn names(mut self, names: NamesLock) -> Self {
        self.names = Some(names);
        self
    }

    /// How large and how deep a file may be. Default: [`Limits::default`].
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Where to write. Default: `OUT_DIR/planewright`, as cargo names it to build scripts.
    #[must_use]
    pub fn out_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.out_dir = Some(folder.into());
        self
    }

    /// The name of the outermost file. Default: `mod.rs`.
    #[must_use]
    pub fn root_file(mut self, name: impl Into<String>) -> Self {
        self.root_file = name.into();
        self
    }

    /// Generates types for the provider CRDs in `schemas` and the XRDs in `apis` (files, folders or globs).
    ///
    /// # Errors
    /// When a file is broken or a pinned schema is not the one that was pinned. Nothing is written then.
    pub fn generate<S: AsRef<Path>, A: AsRef<Path>>(&self, schemas: &[S], apis: &[A]) -> Result<Report, Error> {
        let (schemas, apis) = (owned(schemas), owned(apis));
        generate::run(self, &schemas, &apis, &self.folder()?)
    }

    /// Tells how the output folder differs from what [`generate`](Config::generate) would write.
    ///
    /// # Errors
    /// As for [`generate`](Config::generate).
    pub fn check<S: AsRef<Path>, A: AsRef<Path>>(&self, schemas: &[S], apis: &[A]) -> Result<Vec<Drift>, Error> {
        generate::check(self, &owned(schemas), &owned(apis), &self.folder()?)
    }

    /// Makes in memory what [`generate`](Config::generate) would write, for output that is committed and has no stamp.
    ///
    /// # Errors
    /// As for [`generate`](Config::generate).
    pub fn files<S: AsRef<Path>, A: AsRef<Path>>(
        &self,
        schemas: &[S],
        apis: &[A],
    ) -> Result<(Vec<File>, Report), Error> {
        if let Some(bad) = &self.bad_selector {
            return Err(bad.clone().into());
        }
        generate::files(self, &owned(schemas), &owned(apis))
    }

    /// Generates in a build script, and tells cargo what to watch, what is odd and what is broken.
    pub fn build(&self, schemas: impl AsRef<Path>, apis: impl AsRef<Path>) -> ExitCode {
        cargo::run(self, &[schemas.as_ref()], &[apis.as_ref()])
    }

    /// The claim-builder sources for the XRDs in `apis`: `lib.rs` and a module a kind.
    ///
    /// # Errors
    /// As for [`generate`](Config::generate).
    pub fn claims<A: AsRef<Path>>(&self, apis: &[A]) -> Result<Vec<File>, Error> {
        generate::claims(self, &owned(apis))
    }

    /// Makes `names` the names of the types that [`generate`](Config::generate) would make. Types that have a name there
    /// keep it; names of types that are no longer made go.
    ///
    /// # Errors
    /// As for [`generate`](Config::generate).
    pub fn record_names<S: AsRef<Path>, A: AsRef<Path>>(
        &self,
        schemas: &[S],
        apis: &[A],
        names: &mut NamesLock,
    ) -> Result<(), Error> {
        generate::record_names(self, &owned(schemas), &owned(apis), names)
    }

    /// All that the output depends on besides the input, as text.
    pub(crate) fn fingerprint(&self) -> String {
        format!("{:?} {:?} {} {:?} {}", self.select, self.docs, self.pretty, self.names, self.root_file)
    }

    /// Whether a version of a CRD is selected.
    pub(crate) fn wants(&self, crd: &Crd, version: &CrdVersion) -> bool {
        let storage = crd.storage_version().is_some_and(|storage| storage.name == version.name);
        let (group, kind) = (&crd.spec.group, &crd.spec.names.kind);
        match self.select.as_slice() {
            [] => storage,
            patterns => patterns.iter().any(|pattern| pattern.matches(group, kind, &version.name, storage)),
        }
    }

    fn folder(&self) -> Result<PathBuf, Error> {
        if let Some(bad) = &self.bad_selector {
            return Err(bad.clone().into());
        }
        let from_cargo = || std::env::var_os("OUT_DIR").map(|out| PathBuf::from(out).join("planewright"));
        self.out_dir.clone().or_else(from_cargo).ok_or(Error::NoOutDir)
    }
}

fn owned<P: AsRef<Path>>(paths: &[P]) -> Vec<PathBuf> {
    paths.iter().map(|path| path.as_ref().to_owned()).collect()
}
