//! Loading of definitions: CRDs, XRDs and ManagedResourceDefinitions from files, folders, globs, streams of many
//! documents and the `package.yaml` of Crossplane packages.
//!
//! Definitions are handed to a closure one by one, in parallel, and dropped when it returns, so that a provider's
//! hundred megabytes are never in memory as trees. What the closure answers comes back in a fixed order: that of the
//! paths, of the sorted files in them, and of the documents in those.
//!
//! What is broken stops a load: every broken file is reported, each with place and remedy. What is merely odd, a
//! schema node that the API server would not take, does not: it becomes a schema that allows anything, and a
//! [`Warning`].

mod definition;
mod duplicates;
mod lenient;
mod paths;
mod report;
mod source;

use rayon::prelude::*;

pub use definition::Definition;
pub use paths::Paths;
pub use report::{LoadError, Problem, Warning};
pub use source::{Source, Stream};

use crate::yaml::{self, Limits, documents, stack};
use duplicates::Seen;

/// Loads definitions from sources.
///
/// ```no_run
/// use planewright_definitions::load::Loader;
///
/// let loaded = Loader::new().paths(["schemas", "apis/*.yaml"]).load(|loaded| loaded.definition.name().to_owned())?;
/// assert!(!loaded.results.is_empty());
/// # Ok::<(), planewright_definitions::load::LoadError>(())
/// ```
#[derive(Default)]
pub struct Loader {
    limits: Limits,
    sources: Vec<Box<dyn Source>>,
}

/// One definition, with where it came from.
#[derive(Clone, Debug, PartialEq)]
pub struct Loaded {
    /// The definition.
    pub definition: Definition,
    /// Where it stands.
    pub origin: Origin,
    /// What is odd in it.
    pub warnings: Vec<Warning>,
}

/// Where a definition stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin {
    /// The file, as it was found from the path that was given.
    pub file: String,
    /// The line of the file on which its document begins, counted from 1.
    pub line: usize,
    /// The document of the file, counted from 1.
    pub document: usize,
}

/// What a load gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome<T> {
    /// What the closure answered, in the order of the definitions. A definition that stands in several places with
    /// equal content is here once, from the first place.
    pub results: Vec<T>,
    /// How many documents were no definitions (package metadata, Compositions, …) and were passed over.
    pub foreign: usize,
}

impl Loader {
    /// A loader without sources, with the default limits.
    pub fn new() -> Loader {
        Loader::default()
    }

    /// Sets the limits of every stream and document.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Loader {
        self.limits = limits;
        self
    }

    /// Adds files, folders and globs; see [`Paths`].
    #[must_use]
    pub fn paths<P: Into<std::path::PathBuf>>(self, paths: impl IntoIterator<Item = P>) -> Loader {
        self.source(Paths::new(paths))
    }

    /// Adds a source.
    #[must_use]
    pub fn source(mut self, source: impl Source + 'static) -> Loader {
        self.sources.push(Box::new(source));
        self
    }

    /// Loads every definition and applies the closure to each, in parallel.
    ///
    /// # Errors
    /// Every problem of every source, file and document. The closure may have been called for sound definitions
    /// before: it should have no effects.
    pub fn load<T: Send>(&self, each: impl Fn(Loaded) -> T + Sync) -> Result<Outcome<T>, LoadError> {
        let mut streams = Vec::new();
        let mut problems = Vec::new();
        for source in &self.sources {
            match source.streams() {
                Ok(more) => streams.extend(more),
                Err(more) => problems.extend(more),
            }
        }
        let bytes = stack::size(&self.limits);
        let pool =
            rayon::ThreadPoolBuilder::new().stack_size(bytes).start_handler(move |_| stack::announce(bytes)).build();
        let pool = pool.map_err(|error| {
            let reason = format!("no threads to load on: {error}");
            LoadError::new(vec![Problem::of_file("", reason, "free some memory")])
        })?;
        let limits = &self.limits;
        let read: Vec<Read<T>> =
            pool.install(|| streams.par_iter().map(|stream| read(stream, limits, &each)).collect());

        let mut seen = Seen::new(&streams, &self.limits);
        let mut outcome = Outcome { results: Vec::new(), foreign: 0 };
        let mut given: Vec<Given<'_>> = Vec::new();
        for (index, read) in read.into_iter().enumerate() {
            let asked = streams[index].given();
            if given.last().is_none_or(|last| last.path != asked) {
                given.push(Given { path: asked, sound: true, definitions: 0, foreign: 0 });
            }
            if let Some(last) = given.last_mut() {
                last.sound &= read.problems.is_empty();
                last.definitions += read.entries.len();
                last.foreign += read.foreign;
            }
            problems.extend(read.problems);
            outcome.foreign += read.foreign;
            for entry in read.entries {
                match seen.check(index, entry.key) {
                    Ok(true) => outcome.results.push(entry.result),
                    Ok(false) => {}
                    Err(problem) => problems.push(problem),
                }
            }
        }
        problems.extend(given.iter().filter(|given| given.sound && given.definitions == 0).map(Given::problem));
        if problems.is_empty() { Ok(outcome) } else { Err(LoadError::new(problems)) }
    }
}

/// Everything of one stream.
fn read<T: Send>(stream: &Stream, limits: &Limits, each: &(impl Fn(Loaded) -> T + Sync)) -> Read<T> {
    let file = stream.name();
    let text = match stream.read(limits) {
        Ok(text) => text,
        Err(problem) => return Read { problems: vec![problem], ..Read::default() },
    };
    let documents: Vec<yaml::Document<'_>> = documents(&text).collect();
    let parts: Vec<Read<T>> = documents
        .par_iter()
        .map(|document| {
            let mut read = Read::default();
            let found = definition::read(document, file, limits);
            read.foreign = found.foreign;
            read.problems = found.problems;
            for (item, (definition, warnings)) in found.definitions.into_iter().enumerate() {
                let origin = Origin { file: file.to_owned(), line: document.line, document: document.number };
                let key = duplicates::Key::new(&definition, document, item);
                read.entries.push(Entry { key, result: each(Loaded { definition, origin, warnings }) });
            }
            read
        })
        .collect();
    let mut read = Read::default();
    for part in parts {
        read.entries.extend(part.entries);
        read.foreign += part.foreign;
        read.problems.extend(part.problems);
    }
    read
}

/// What was read of a stream or a document.
struct Read<T> {
    entries: Vec<Entry<T>>,
    foreign: usize,
    problems: Vec<Problem>,
}

impl<T> Default for Read<T> {
    fn default() -> Self {
        Read { entries: Vec::new(), foreign: 0, problems: Vec::new() }
    }
}

/// What the closure answered to one definition.
struct Entry<T> {
    key: duplicates::Key,
    result: T,
}

/// What one path that the user gave held.
struct Given<'a> {
    path: &'a str,
    /// Whether all of it could be read.
    sound: bool,
    definitions: usize,
    foreign: usize,
}

impl Given<'_> {
    /// Why it is of no use.
    fn problem(&self) -> Problem {
        let others = match self.foreign {
            0 => String::new(),
            1 => " (1 other document was passed over)".to_owned(),
            many => format!(" ({many} other documents were passed over)"),
        };
        Problem::of_file(
            self.path,
            format!("no definition is here{others}"),
            "name a file or folder with CustomResourceDefinitions, CompositeResourceDefinitions or \
             ManagedResourceDefinitions",
        )
    }
}
