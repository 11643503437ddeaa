//! What of a literal is not known yet.

use std::fmt;

use crate::codec::{Slot, Step, WirePath};
use crate::compose::edge::Use;
use crate::compose::{Pending, Reads};

/// The fields of a literal whose values are not known, how many were set, and what their values were read from.
#[derive(Default)]
pub struct Unknowns {
    pending: Vec<Unknown>,
    uses: Vec<Use>,
    set: usize,
}

impl fmt::Debug for Unknowns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unknowns").field("pending", &self.pending).field("set", &self.set).finish_non_exhaustive()
    }
}

/// A field whose value is not known.
#[derive(Debug)]
pub(crate) struct Unknown {
    pub(crate) spot: Spot,
    pub(crate) pending: Pending,
}

/// Where a field is.
#[derive(Debug)]
pub(crate) enum Spot {
    /// At the end of these steps through the type.
    Steps(&'static [Step]),
    /// At a path as literals write it, and a step after that.
    Literal(&'static str, Last),
    /// At a path as it stands in the object.
    Wire(WirePath),
}

/// The step after a literal's path.
#[derive(Debug)]
pub(crate) enum Last {
    None,
    Field(&'static str),
    Key(String),
}

impl Unknowns {
    /// Notes that a field was set.
    pub fn set(&mut self) {
        self.set += 1;
    }

    /// Notes a field whose value is not known: its path from the root in Rust names, such as `spec.rule[0].name`, and for
    /// an entry of a map its key.
    pub fn note(&mut self, path: &'static str, key: Option<String>, pending: Pending) {
        let spot = Spot::Literal(path, key.map_or(Last::None, Last::Key));
        self.pending.push(Unknown { spot, pending });
    }

    /// Notes a field, by its Rust name, of the object at `path`.
    pub fn note_field(&mut self, path: &'static str, ident: &'static str, pending: Pending) {
        self.pending.push(Unknown { spot: Spot::Literal(path, Last::Field(ident)), pending });
    }

    /// Notes what the value of a field was read from.
    pub fn read(&mut self, path: &'static str, reads: Reads) {
        self.uses.push(Use { spot: Spot::Literal(path, Last::None), reads });
    }

    /// Notes what the value of a field, by its Rust name, of the object at `path` was read from.
    pub fn read_field(&mut self, path: &'static str, ident: &'static str, reads: Reads) {
        self.uses.push(Use { spot: Spot::Literal(path, Last::Field(ident)), reads });
    }

    /// How many fields were set.
    pub fn count(&self) -> usize {
        self.set
    }

    pub(crate) fn into_parts(self) -> (Vec<Unknown>, Vec<Use>) {
        (self.pending, self.uses)
    }
}

impl Spot {
    /// Where it is in the object, of which `root` is any value of the type.
    pub(crate) fn path(&self, root: Option<&dyn Slot>) -> WirePath {
        let wire = |steps: &[Step]| root.map_or_else(|| WirePath::guess(steps), |root| WirePath::of(root, steps));
        match self {
            Spot::Steps(steps) => wire(steps),
            Spot::Wire(path) => path.clone(),
            Spot::Literal(path, last) => {
                let mut steps = steps(path);
                match last {
                    Last::None => wire(&steps),
                    Last::Field(ident) => {
                        steps.push(Step::Field(ident));
                        wire(&steps)
                    }
                    Last::Key(key) => wire(&steps).entry(key.clone()),
                }
            }
        }
    }
}

/// The steps of a path as the literals write it: names, `[0]` and `["key"]`.
fn steps(path: &'static str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        let (step, after) = if let Some(quoted) = rest.strip_prefix("[\"") {
            let (key, after) = quoted.split_once("\"]").unwrap_or((quoted, ""));
            (Step::Key(key), after)
        } else if let Some(index) = rest.strip_prefix('[') {
            let (index, after) = index.split_once(']').unwrap_or((index, ""));
            (Step::Index(index.parse().unwrap_or_default()), after)
        } else {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            let (name, after) = rest.split_at(end);
            (Step::Field(name), after)
        };
        steps.push(step);
        rest = after.strip_prefix('.').unwrap_or(after);
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_form_of_step() {
        assert_eq!(
            steps(r#"spec.rule[12].tags["a.b"].name"#),
            [
                Step::Field("spec"),
                Step::Field("rule"),
                Step::Index(12),
                Step::Field("tags"),
                Step::Key("a.b"),
                Step::Field("name")
            ]
        );
        assert_eq!(steps(""), []);
    }
}
