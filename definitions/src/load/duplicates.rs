//! Definitions that stand in several places.

use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash, Hasher};

use indexmap::IndexMap;

use super::{Definition, Problem, Stream, definition};
use crate::yaml::{Document, Limits, documents};

/// What identifies a definition, and a digest of the text that it stands in.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    kind: &'static str,
    name: String,
    /// Of the document's text and the place in its list; equal digests are equal content.
    digest: u64,
    /// Line and number of the document, and the place in its list of items.
    line: usize,
    document: usize,
    item: usize,
}

impl Key {
    pub(crate) fn new(definition: &Definition, document: &Document<'_>, item: usize) -> Key {
        let mut hasher = DefaultHasher::new();
        (document.text, item).hash(&mut hasher);
        Key {
            kind: definition.kind(),
            name: definition.name().to_owned(),
            digest: hasher.finish(),
            line: document.line,
            document: document.number,
            item,
        }
    }
}

/// The definitions met so far, and where.
pub(crate) struct Seen<'a> {
    streams: &'a [Stream],
    limits: &'a Limits,
    first: IndexMap<(&'static str, String), (usize, Key)>,
}

impl<'a> Seen<'a> {
    pub(crate) fn new(streams: &'a [Stream], limits: &'a Limits) -> Seen<'a> {
        Seen { streams, limits, first: IndexMap::new() }
    }

    /// Whether a definition of a stream is new; not if an equal one was met.
    ///
    /// # Errors
    /// One of its name with other content was met.
    pub(crate) fn check(&mut self, stream: usize, key: Key) -> Result<bool, Problem> {
        let identity = (key.kind, key.name.clone());
        let Some((other_stream, other)) = self.first.get(&identity) else {
            self.first.insert(identity, (stream, key));
            return Ok(true);
        };
        if other.digest == key.digest || self.again(stream, &key)? == self.again(*other_stream, other)? {
            return Ok(false);
        }
        let place = |stream: usize, key: &Key| format!("{}:{}", self.streams[stream].name(), key.line);
        let document = Document { text: "", line: key.line, number: key.document };
        Err(Problem::at(
            &document,
            self.streams[stream].name(),
            "",
            format!(
                "two {}s are named {}, with different content; the other one is at {}",
                key.kind,
                key.name,
                place(*other_stream, other)
            ),
            "keep one of them: a cluster has one definition of a name, and which one counts must not depend on order",
        ))
    }

    /// Reads a definition again, to compare what it says rather than how it is written.
    fn again(&self, stream: usize, key: &Key) -> Result<Option<Definition>, Problem> {
        let stream = &self.streams[stream];
        let text: Cow<'_, str> = stream.read(self.limits)?;
        let found = documents(&text).find(|document| document.number == key.document);
        let mut definitions = found.map(|document| definition::read(&document, stream.name(), self.limits).definitions);
        Ok(definitions.as_mut().and_then(|all| all.drain(..).nth(key.item)).map(|(definition, _)| definition))
    }
}
