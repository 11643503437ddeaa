//! The lines of a file around a fault, drawn as rustc draws them.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};

/// The line of a fault and the two before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Excerpt {
    /// The lines.
    text: String,
    /// The number of the first of them in its file.
    first_line: usize,
    /// The fault, in bytes of `text`.
    span: Range<usize>,
}

/// How many characters of a line are kept before and after the fault.
const BEFORE: usize = 2_000;
const AFTER: usize = 80;
/// How many characters of the lines above the fault are kept.
const ABOVE: usize = 120;

impl Excerpt {
    /// The excerpt of `text`, whose first line has the number `first_line` in its file, around a 1-based line of
    /// `text` and a 1-based column in characters. Nothing where the place lies outside or far to the right.
    pub(crate) fn new(text: &str, first_line: usize, line: usize, column: usize) -> Option<Excerpt> {
        if line == 0 || column == 0 || column > BEFORE {
            return None;
        }
        let start = line.saturating_sub(3);
        let mut lines: Vec<&str> = text.split('\n').skip(start).take(line - start).collect();
        if lines.len() != line - start {
            return None;
        }
        let fault = lines.pop()?.trim_end_matches('\r');
        let mut excerpt = String::new();
        for above in lines {
            excerpt.extend(above.trim_end_matches('\r').chars().take(ABOVE).map(visible));
            excerpt.push('\n');
        }
        let mut span = excerpt.len()..excerpt.len();
        let mut in_word = true;
        for (index, c) in fault.chars().take(column + AFTER).enumerate() {
            if index + 1 == column {
                span = excerpt.len()..excerpt.len();
            }
            excerpt.push(visible(c));
            if index + 1 >= column {
                in_word = in_word && !c.is_whitespace() && (index + 1 == column || c != ':');
                if in_word || index + 1 == column {
                    span.end = excerpt.len();
                }
            }
        }
        if span.is_empty() {
            span = excerpt.len()..excerpt.len();
        }
        Some(Excerpt { text: excerpt, first_line: first_line + start, span })
    }
}

/// A character as it is shown: control characters must not reach a terminal.
fn visible(c: char) -> char {
    if c.is_control() && c != '\t' { '\u{fffd}' } else { c }
}

/// Error or warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Severity {
    /// The run stops.
    Error,
    /// The run goes on.
    Warning,
}

/// Where a fault is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    /// The file as the user named it.
    pub(crate) file: &'a str,
    /// The line in it, 0 where it is not known.
    pub(crate) line: usize,
    /// The document in it, 0 or 1 where that goes without saying.
    pub(crate) document: usize,
    /// The path in the document, empty where it is the whole.
    pub(crate) path: &'a str,
}

/// A fault for people: reason, place, excerpt, remedy; several lines without the last line break.
pub(crate) fn render(
    severity: Severity,
    reason: &str,
    place: Place<'_>,
    excerpt: Option<&Excerpt>,
    remedy: &str,
) -> String {
    let level = match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(reason);
    let mut group = match excerpt {
        Some(excerpt) => title.element(
            Snippet::source(excerpt.text.as_str())
                .line_start(excerpt.first_line)
                .path(place.file)
                .fold(false)
                .annotation(AnnotationKind::Primary.span(excerpt.span.clone())),
        ),
        None if place.line > 0 => title.element(Origin::path(place.file).line(place.line)),
        None => title.element(Origin::path(place.file)),
    };
    if !place.path.is_empty() {
        group = group.element(Level::NOTE.message(format!("at {}", place.path)));
    }
    if place.document > 1 {
        group = group.element(Level::NOTE.message(format!("in document {} of the file", place.document)));
    }
    if !remedy.is_empty() {
        group = group.element(Level::HELP.message(remedy));
    }
    Renderer::plain().render(&[group])
}
