//! What is wrong with a document.

use std::fmt;

use serde_saphyr::budget::BudgetBreach;
use serde_saphyr::{DefaultMessageFormatter, Error, Location, MessageFormatter};

use super::excerpt::{Excerpt, Place, Severity, render};
use super::{Document, Limits};

/// Why a document could not be read. Displays as several lines: reason, place with an excerpt, remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YamlError(Box<Fault>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Fault {
    file: String,
    line: usize,
    column: usize,
    document: usize,
    reason: String,
    remedy: String,
    excerpt: Option<Excerpt>,
}

impl YamlError {
    /// The file, as it was named to the reader.
    pub fn file(&self) -> &str {
        &self.0.file
    }

    /// The line of the file, counted from 1; 0 where no line can be named.
    pub fn line(&self) -> usize {
        self.0.line
    }

    /// The column of the line in characters, counted from 1; 0 where none can be named.
    pub fn column(&self) -> usize {
        self.0.column
    }

    /// The document of the file, counted from 1.
    pub fn document(&self) -> usize {
        self.0.document
    }

    /// What is wrong.
    pub fn reason(&self) -> &str {
        &self.0.reason
    }

    /// What to do about it.
    pub fn remedy(&self) -> &str {
        &self.0.remedy
    }

    pub(crate) fn excerpt(&self) -> Option<&Excerpt> {
        self.0.excerpt.as_ref()
    }

    /// A fault of a whole stream.
    pub(crate) fn of_stream(file: &str, reason: impl Into<String>, remedy: impl Into<String>) -> YamlError {
        YamlError(Box::new(Fault {
            file: file.to_owned(),
            line: 0,
            column: 0,
            document: 0,
            reason: reason.into(),
            remedy: remedy.into(),
            excerpt: None,
        }))
    }

    /// A fault at a line and column of a document's text, both counted from 1; 0 where they are not known.
    pub(crate) fn at(
        document: &Document<'_>,
        file: &str,
        (line, column): (usize, usize),
        reason: impl Into<String>,
        remedy: impl Into<String>,
    ) -> YamlError {
        let excerpt = Excerpt::new(document.text, document.line, line, column);
        YamlError(Box::new(Fault {
            file: file.to_owned(),
            line: document.line + line.saturating_sub(1),
            column,
            document: document.number,
            reason: reason.into(),
            remedy: remedy.into(),
            excerpt,
        }))
    }

    /// What the parser said about a document.
    pub(crate) fn of_parser(document: &Document<'_>, file: &str, error: &Error, limits: &Limits) -> YamlError {
        let error = innermost(error);
        let (line, column) = position(error);
        let (reason, remedy) = match error {
            Error::Unexpected { .. } if line > 0 && opens_template(document.text, line) => (
                "`{{` opens two mappings in YAML, and a mapping is no key".to_owned(),
                "render the template first, or quote the expression".to_owned(),
            ),
            error => explain(error, limits),
        };
        YamlError::at(document, file, (line, column), reason, remedy)
    }
}

impl fmt::Display for YamlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Fault { file, line, document, reason, remedy, excerpt, .. } = &*self.0;
        let place = Place { file, line: *line, document: *document, path: "" };
        f.write_str(&render(Severity::Error, reason, place, excerpt.as_ref(), remedy))
    }
}

impl std::error::Error for YamlError {}

/// Whether a line of the text has a template expression.
fn opens_template(text: &str, line: usize) -> bool {
    text.split('\n').nth(line - 1).is_some_and(|line| line.contains("{{"))
}

/// The error itself, without what wraps it.
fn innermost(error: &Error) -> &Error {
    match error.without_snippet() {
        Error::AliasError { error, .. } => innermost(error),
        error => error,
    }
}

/// Line and column in the parsed text, 0 where the parser knows none.
fn position(error: &Error) -> (usize, usize) {
    match error.location() {
        Some(location) if location != Location::UNKNOWN => (location.line() as usize, location.column() as usize),
        _ => (0, 0),
    }
}

/// Reason and remedy.
fn explain(error: &Error, limits: &Limits) -> (String, String) {
    let trusted = "if this document is to be trusted, raise the limit";
    match error {
        Error::DuplicateMappingKey { key, .. } => (
            match key {
                Some(key) => format!("duplicate key `{key}`"),
                None => "duplicate key".to_owned(),
            },
            "keep one of them; YAML forbids a key twice, and readers differ in which one they take".to_owned(),
        ),
        Error::QuotingRequired { value, .. } => {
            (format!("`{value}` is not a string, and a string belongs here"), format!("quote it: \"{value}\""))
        }
        Error::NullIntoString { .. } => {
            ("null, and a string belongs here".to_owned(), "write a string, or leave the key out".to_owned())
        }
        Error::NonFiniteFloat { value, .. } => (
            format!("`{value}` is a number that JSON cannot express"),
            "Kubernetes objects are JSON: write a finite number, or quote it if a string is meant".to_owned(),
        ),
        Error::AliasReplayLimitExceeded { .. }
        | Error::AliasExpansionLimitExceeded { .. }
        | Error::AliasReplayStackDepthExceeded { .. }
        | Error::AliasReplayCounterOverflow { .. } => (
            format!("aliases expand to more than {} nodes", limits.alias_nodes),
            format!("write the values out instead of referring to anchors; {trusted}"),
        ),
        Error::Budget { breach, .. } => (breach_reason(breach, limits), format!("split the document; {trusted}")),
        Error::UnknownAnchor { .. } => (
            "alias to an anchor that was not defined".to_owned(),
            "define the anchor before its first alias, in the same document".to_owned(),
        ),
        Error::RecursiveReferencesRequireWeakTypes { .. } => {
            ("an anchor that contains its own alias".to_owned(), "write the value out: JSON has no cycles".to_owned())
        }
        Error::UnsupportedTag { tag, .. } => {
            (format!("tag `{tag}`"), "remove it: Kubernetes objects are JSON, which has no tags".to_owned())
        }
        Error::SerdeMissingField { field, .. } => {
            (format!("missing field `{field}`"), format!("add `{field}` to this mapping"))
        }
        Error::Eof { .. } => {
            ("the document ends too early".to_owned(), "complete it, or remove what was begun".to_owned())
        }
        // The parser's own guard, for brackets.
        Error::ExternalMessage { msg, .. } if msg.contains("recursion limit") => (
            breach_reason(&BudgetBreach::Depth { depth: limits.depth }, limits),
            format!("split the document; {trusted}"),
        ),
        Error::ExternalMessage { msg, .. } => (
            format!("not YAML: {msg}"),
            "correct the syntax here or on the lines above; often it is an indentation, a tab, or an unquoted `: ` \
             or `{{`"
                .to_owned(),
        ),
        Error::MultipleDocuments { .. } => (
            "a second document begins here".to_owned(),
            "put `---` on a line of its own, ended by LF or CRLF, between documents".to_owned(),
        ),
        other => (
            DefaultMessageFormatter.format_message(other).into_owned(),
            "write here what the definition of this kind asks for".to_owned(),
        ),
    }
}

fn breach_reason(breach: &BudgetBreach, limits: &Limits) -> String {
    match breach {
        BudgetBreach::Depth { .. } => format!("nested deeper than {} levels", limits.depth),
        BudgetBreach::Nodes { .. } | BudgetBreach::Events { .. } => {
            format!("more than {} nodes in one document", limits.nodes)
        }
        BudgetBreach::ScalarBytes { .. } => format!("more than {} bytes of text in one document", limits.scalar_bytes),
        BudgetBreach::Aliases { .. }
        | BudgetBreach::Anchors { .. }
        | BudgetBreach::MergeKeys { .. }
        | BudgetBreach::AliasAnchorRatio { .. }
        | BudgetBreach::RecordedAnchorEvents { .. }
        | BudgetBreach::RecordedAnchorBytes { .. } => "more anchors and aliases than any real document has".to_owned(),
        _ => "more in one document than the limits allow".to_owned(),
    }
}
