//! What was read from what: the edges between composed resources.

use std::collections::BTreeSet;
use std::fmt;
use std::rc::Rc;

use super::literal::Spot;
use crate::codec::{Slot, Step, WirePath};
use crate::state::{Edge, Wait};

/// What a value was read from: composed resources, and the fields of them. Carried along with the value, so it is cheap:
/// paths become text only when somebody asks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reads(Vec<Read>);

/// A field that was read.
#[derive(Clone)]
struct Read {
    key: Rc<str>,
    path: ReadPath,
}

#[derive(Clone)]
enum ReadPath {
    /// Steps through a type, and how they stand in the object.
    Steps(&'static [Step], fn(&[Step]) -> WirePath),
    Text(Rc<str>),
}

impl Read {
    fn wait(&self) -> Wait {
        let path = match &self.path {
            ReadPath::Steps(steps, wire) => wire(steps).to_string(),
            ReadPath::Text(text) => text.as_ref().to_owned(),
        };
        Wait { key: self.key.as_ref().to_owned(), path }
    }
}

impl PartialEq for Read {
    fn eq(&self, other: &Self) -> bool {
        self.wait() == other.wait()
    }
}

impl fmt::Debug for Read {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.wait().fmt(f)
    }
}

impl Reads {
    /// A field of a composed resource.
    pub(crate) fn field(key: &Rc<str>, steps: &'static [Step], wire: fn(&[Step]) -> WirePath) -> Self {
        Reads(vec![Read { key: key.clone(), path: ReadPath::Steps(steps, wire) }])
    }

    /// Something of a composed resource that has no path through its type.
    pub(crate) fn text(key: &str, path: &str) -> Self {
        Reads(vec![Read { key: key.into(), path: ReadPath::Text(path.into()) }])
    }

    /// Both.
    pub(crate) fn and(mut self, other: Reads) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Whether the value was read from nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The keys of the composed resources, as often as they were read.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|read| &*read.key)
    }
}

/// A field of a declared resource, and what its value was read from.
pub(crate) struct Use {
    pub(crate) spot: Spot,
    pub(crate) reads: Reads,
}

impl Use {
    /// The edges from the resource `key`, of which `root` is any value of its type.
    pub(crate) fn edges(&self, key: &str, root: Option<&dyn Slot>, edges: &mut BTreeSet<Edge>) {
        let field = self.spot.path(root).to_string();
        for read in self.reads.0.iter().filter(|read| &*read.key != key) {
            edges.insert(Edge { key: key.to_owned(), field: field.clone(), on: read.wait() });
        }
    }
}
