//! `names.lock`: the names of generated types, so that a new version of a provider renames none.

use std::collections::BTreeMap;
use std::fmt;

use crate::normalise::Module;

/// The name of the file in a folder of schemas.
pub const NAMES_LOCK: &str = "names.lock";

/// The first line of the file.
const HEADER: &str =
    "# Names of generated types. Written by `planewright schemas`; build scripts obey it and never write it.";

/// The names of the types of each kind, by the path of the field that owns them.
///
/// As text: one line a type, `GROUP/VERSION/KIND PATH NAME`, sorted. A line that is missing is no error: what is not in
/// the lock is named by rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamesLock(BTreeMap<String, BTreeMap<String, Box<str>>>);

/// A line of the lock that is not of its form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadLine {
    /// The line, counted from 1.
    pub line: usize,
}

impl NamesLock {
    /// Reads the text of a lock.
    ///
    /// # Errors
    /// Names the first line that is not `GROUP/VERSION/KIND PATH NAME`.
    pub fn parse(text: &str) -> Result<Self, BadLine> {
        let mut lock = NamesLock::default();
        for (index, line) in text.lines().enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let [kind, path, name] = line.split(' ').collect::<Vec<_>>()[..] else {
                return Err(BadLine { line: index + 1 });
            };
            let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
                && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            if !is_name {
                return Err(BadLine { line: index + 1 });
            }
            lock.0.entry(kind.to_owned()).or_default().insert(path.to_owned(), name.into());
        }
        Ok(lock)
    }

    /// The names of one kind's types.
    pub(crate) fn kind(&self, group: &str, version: &str, kind: &str) -> Option<Names<'_>> {
        self.0.get(&format!("{group}/{version}/{kind}")).map(Names)
    }

    /// Records the names of a kind's types in place of the ones it had.
    pub fn record(&mut self, module: &Module) {
        let names = module.types.iter().enumerate().filter(|(index, _)| *index != module.root);
        let names = names.map(|(_, ty)| (one_word(&ty.path), ty.name.as_str().into()));
        self.0.insert(format!("{}/{}/{}", module.group, module.version, module.kind), names.collect());
    }
}

impl fmt::Display for NamesLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        for (kind, names) in &self.0 {
            for (path, name) in names {
                writeln!(f, "{kind} {path} {name}")?;
            }
        }
        Ok(())
    }
}

/// The names of one kind's types.
#[derive(Clone, Copy)]
pub(crate) struct Names<'a>(&'a BTreeMap<String, Box<str>>);

impl<'a> Names<'a> {
    pub(crate) fn get(self, path: &str) -> Option<&'a str> {
        self.0.get(&one_word(path)).map(|name| &**name)
    }
}

/// A path as it stands in a line: field names may contain spaces.
fn one_word(path: &str) -> String {
    path.replace('%', "%25").replace(' ', "%20").replace('\t', "%09").replace('\n', "%0A")
}
