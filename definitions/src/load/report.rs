//! What stops a load, and what does not.

use std::fmt;

use crate::yaml::{Document, Excerpt, Place, Severity, YamlError, render};

/// Why definitions could not be loaded: every problem of every file. Displays them all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadError {
    problems: Vec<Problem>,
}

impl LoadError {
    pub(crate) fn new(problems: Vec<Problem>) -> LoadError {
        LoadError { problems }
    }

    /// The problems, in the order of the files; at least one.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            if index > 0 {
                f.write_str("\n\n")?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for LoadError {}

/// One reason why a load stops. Displays as several lines: reason, place, remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem(Box<Fault>);

/// What a problem or a warning says.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Fault {
    file: String,
    line: usize,
    document: usize,
    path: String,
    reason: String,
    remedy: String,
    excerpt: Option<Excerpt>,
}

impl Fault {
    fn display(&self, severity: Severity) -> String {
        let Fault { file, line, document, path, reason, remedy, excerpt } = self;
        let place = Place { file, line: *line, document: *document, path };
        render(severity, reason, place, excerpt.as_ref(), remedy)
    }
}

impl Problem {
    /// A problem of a whole file, folder or other place, under the name that the user knows it by.
    pub fn of_file(file: &str, reason: impl Into<String>, remedy: impl Into<String>) -> Problem {
        Problem(Box::new(Fault {
            file: file.to_owned(),
            line: 0,
            document: 0,
            path: String::new(),
            reason: reason.into(),
            remedy: remedy.into(),
            excerpt: None,
        }))
    }

    /// A problem at a path of a document.
    pub(crate) fn at(
        document: &Document<'_>,
        file: &str,
        path: &str,
        reason: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Problem {
        let mut problem = Problem::of_file(file, reason, remedy);
        problem.0.line = document.line;
        problem.0.document = document.number;
        problem.0.path = path.to_owned();
        problem
    }

    /// The same problem, shown where the reader met it.
    pub(crate) fn shown_as(mut self, error: &YamlError) -> Problem {
        self.0.line = error.line();
        self.0.excerpt = error.excerpt().cloned();
        self
    }

    /// The file, folder, glob or other place.
    pub fn file(&self) -> &str {
        &self.0.file
    }

    /// The line of the file, counted from 1; 0 where the problem has none.
    pub fn line(&self) -> usize {
        self.0.line
    }

    /// The document of the file, counted from 1; 0 where the problem is not in one.
    pub fn document(&self) -> usize {
        self.0.document
    }

    /// The path in the document, such as `spec.versions[0]`; empty where the problem has none.
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// What is wrong.
    pub fn reason(&self) -> &str {
        &self.0.reason
    }

    /// What to do about it.
    pub fn remedy(&self) -> &str {
        &self.0.remedy
    }
}

impl From<YamlError> for Problem {
    fn from(error: YamlError) -> Problem {
        Problem(Box::new(Fault {
            file: error.file().to_owned(),
            line: error.line(),
            document: error.document(),
            path: String::new(),
            reason: error.reason().to_owned(),
            remedy: error.remedy().to_owned(),
            excerpt: error.excerpt().cloned(),
        }))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.display(Severity::Error))
    }
}

impl std::error::Error for Problem {}

/// Something odd that does not stop a load. Displays as several lines: reason, place, what was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning(Box<Fault>);

impl Warning {
    /// A warning about a path of a document.
    pub(crate) fn at(document: &Document<'_>, file: &str, path: String, reason: String, remedy: &str) -> Warning {
        Warning(Box::new(Fault {
            file: file.to_owned(),
            line: document.line,
            document: document.number,
            path,
            reason,
            remedy: remedy.to_owned(),
            excerpt: None,
        }))
    }

    /// The file.
    pub fn file(&self) -> &str {
        &self.0.file
    }

    /// The path in the document, such as `spec.versions[0].schema.openAPIV3Schema.properties.spec`.
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// What is odd.
    pub fn reason(&self) -> &str {
        &self.0.reason
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.display(Severity::Warning))
    }
}
