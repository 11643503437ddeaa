//! The run from schema files to generated files.

use std::path::{Path, PathBuf};

use fs_err as fs;
use planewright_definitions::reference::KnownKinds;
use planewright_definitions::schema::Schema;
use rayon::prelude::*;

use crate::config::{Config, Error};
use crate::emit::{self, Index};
use crate::input::{self, CompositeKind, Input};
use crate::lock::{NAMES_LOCK, NamesLock};
use crate::normalise::{self, Module, Profile};
use crate::output::{self, Drift, File};

/// What a run did.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// How many kinds were generated.
    pub kinds: usize,
    /// How many files were written or removed; none if nothing changed.
    pub changed: usize,
    /// Oddities of the schemas, and what became of them.
    pub warnings: Vec<Warning>,
    /// The files that were read, which a build script watches.
    pub inputs: Vec<PathBuf>,
}

/// An oddity of a schema, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Warning {
    /// The file.
    pub file: PathBuf,
    /// Kind and path, such as `Bucket spec.rules[]`.
    pub path: String,
    /// What is odd, and what became of it.
    pub reason: String,
}

impl std::fmt::Display for Warning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}: {}", self.file.display(), self.path, self.reason)
    }
}

/// Generates into the output folder.
pub(crate) fn run(config: &Config, schemas: &[PathBuf], apis: &[PathBuf], out: &Path) -> Result<Report, Error> {
    let fingerprint = input::fingerprint(config, schemas, apis)?;
    if output::is_current(out, &fingerprint.digest) {
        return Ok(Report { inputs: fingerprint.files, ..Report::default() });
    }
    let (files, mut report) = render(config, schemas, apis)?;
    report.changed = output::write(out, &files, &fingerprint.digest).map_err(Error::Io)?;
    report.inputs = fingerprint.files;
    Ok(report)
}

/// Tells how the output folder differs from what would be generated.
pub(crate) fn check(config: &Config, schemas: &[PathBuf], apis: &[PathBuf], out: &Path) -> Result<Vec<Drift>, Error> {
    input::fingerprint(config, schemas, apis)?;
    Ok(output::drift(out, &render(config, schemas, apis)?.0))
}

/// Makes all files in memory, from schemas that are as they were pinned.
pub(crate) fn files(config: &Config, schemas: &[PathBuf], apis: &[PathBuf]) -> Result<(Vec<File>, Report), Error> {
    let fingerprint = input::fingerprint(config, schemas, apis)?;
    let (files, report) = render(config, schemas, apis)?;
    Ok((files, Report { inputs: fingerprint.files, ..report }))
}

/// The sources of a claim-builder crate.
pub(crate) fn claims(config: &Config, apis: &[PathBuf]) -> Result<Vec<File>, Error> {
    let names = names(config, &[])?;
    let mut kinds: Vec<(Module, Schema)> =
        input::claims(config, apis)?.into_iter().map(|claim| (composite(&claim, &names), claim.schema)).collect();
    kinds.sort_by(|(a, _), (b, _)| (&a.group, &a.version, &a.kind).cmp(&(&b.group, &b.version, &b.kind)));
    Ok(emit::claims(kinds, config.docs))
}

/// Makes `names` those of the types that a run generates; a type that has a name keeps it.
pub(crate) fn record_names(
    config: &Config,
    schemas: &[PathBuf],
    apis: &[PathBuf],
    names: &mut NamesLock,
) -> Result<(), Error> {
    let Input { kinds, known, composites, .. } = input::load(config, schemas, apis)?;
    let modules: Vec<Module> =
        kinds.par_iter().map(|kind| normalise::normalise(kind, Profile::Provider, &known, names)).collect();
    // Where an XRD offers no claim, services write the composite resource: the same kind with the same names.
    let claims = input::claims(config, apis)?;
    let composites: Vec<Module> = composites.iter().chain(&claims).map(|kind| composite(kind, names)).collect();
    *names = NamesLock::default();
    modules.iter().chain(&composites).for_each(|module| names.record(module));
    Ok(())
}

/// Makes all files in memory.
fn render(config: &Config, schemas: &[PathBuf], apis: &[PathBuf]) -> Result<(Vec<File>, Report), Error> {
    let names = names(config, schemas)?;
    let Input { kinds, known, composites, managed, warnings } = input::load(config, schemas, apis)?;
    let mut index = Index::default();
    for kind in &kinds {
        index.insert(kind);
    }
    let pinned = emit::pinned(&kinds, &managed);
    let providers = kinds.par_iter().map(|kind| {
        let module = normalise::normalise(kind, Profile::Provider, &known, &names);
        let contents = emit::source(emit::record(&module, &index, config.docs), config.pretty);
        (module, contents)
    });
    let mut made: Vec<(Module, String)> = providers.collect();
    made.extend(composites.iter().map(|kind| {
        let module = composite(kind, &names);
        let contents = emit::source(emit::composite(&module, kind, &index, config.docs), config.pretty);
        (module, contents)
    }));
    made.sort_by(|(a, _), (b, _)| (&a.group, &a.version, &a.kind).cmp(&(&b.group, &b.version, &b.kind)));
    emit::separate(made.iter_mut().map(|(module, _)| module));
    let report = Report { kinds: made.len(), warnings, ..Report::default() };
    let kinds = made.iter_mut().map(|(module, contents)| (&*module, std::mem::take(contents)));
    Ok((emit::tree(&config.root_file, kinds.collect(), pinned), report))
}

/// The types of a composite resource or claim.
fn composite(kind: &CompositeKind, names: &NamesLock) -> Module {
    normalise::normalise(&kind.kind, Profile::Composite, &KnownKinds::default(), names)
}

/// The names to obey: those that were given, or else those of the folders of schemas.
fn names(config: &Config, schemas: &[PathBuf]) -> Result<NamesLock, Error> {
    match (&config.names, schemas.iter().find(|path| path.join(NAMES_LOCK).is_file())) {
        (Some(names), _) => Ok(names.clone()),
        (None, None) => Ok(NamesLock::default()),
        (None, Some(folder)) => {
            let lock = folder.join(NAMES_LOCK);
            let text = fs::read_to_string(&lock).map_err(Error::Io)?;
            NamesLock::parse(&text).map_err(|bad| Error::Names { lock, line: bad.line })
        }
    }
}
