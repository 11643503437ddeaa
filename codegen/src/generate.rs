//! The run from schema files to generated files.

use std::path::{Path, PathBuf};

use planewright_definitions::model::Kind;
use planewright_definitions::reference::KnownKinds;
use rayon::prelude::*;

use crate::config::{Config, Error};
use crate::emit::{self, Composite, Index};
use crate::input::{self, Input};
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
    let prepared = input::prepare(config, schemas, apis)?;
    if output::is_current(out, &prepared.digest) {
        return Ok(Report { inputs: prepared.inputs, ..Report::default() });
    }
    let (files, mut report) = render(config, schemas, apis)?;
    report.changed = output::write(out, &files, &prepared.digest).map_err(Error::Io)?;
    report.inputs = prepared.inputs;
    Ok(report)
}

/// Tells how the output folder differs from what would be generated.
pub(crate) fn check(config: &Config, schemas: &[PathBuf], apis: &[PathBuf], out: &Path) -> Result<Vec<Drift>, Error> {
    Ok(output::drift(out, &render(config, schemas, apis)?.0))
}

/// Makes all files in memory.
fn render(config: &Config, schemas: &[PathBuf], apis: &[PathBuf]) -> Result<(Vec<File>, Report), Error> {
    let Input { kinds, known, composites, warnings } = input::load(config, schemas, apis)?;
    let mut index = Index::default();
    for kind in &kinds {
        index.insert(kind);
    }
    let providers = kinds.par_iter().map(|kind| {
        let module = normalise::normalise(kind, Profile::Provider, &known, &config.names);
        let items = emit::record(&module, &index, config.docs);
        let contents = emit::source(items, config.pretty);
        (module, contents)
    });
    let mut made: Vec<(Module, String)> = providers.collect();
    made.extend(composites.into_iter().map(|(kind, legacy, schema)| {
        let module = module_of(&kind, config);
        let composite = Composite { module, legacy, schema };
        let contents = emit::source(emit::composite(&composite, &index, config.docs), config.pretty);
        (composite.module, contents)
    }));
    made.sort_by(|(a, _), (b, _)| (&a.group, &a.version, &a.kind).cmp(&(&b.group, &b.version, &b.kind)));
    let report = Report { kinds: made.len(), warnings, ..Report::default() };
    let kinds = made.iter_mut().map(|(module, contents)| (&*module, std::mem::take(contents)));
    Ok((emit::tree(&config.root_file, kinds.collect()), report))
}

/// The types of a composite resource or claim.
pub(crate) fn module_of(kind: &Kind, config: &Config) -> Module {
    normalise::normalise(kind, Profile::Composite, &KnownKinds::default(), &config.names)
}
