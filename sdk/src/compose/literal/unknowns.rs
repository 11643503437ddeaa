//! What of a literal is not known yet.

use crate::codec::{Slot, Step, WirePath};
use crate::compose::Pending;

/// The fields of a literal whose values are not known, and how many were set.
#[derive(Debug, Default)]
pub struct Unknowns {
    pending: Vec<Unknown>,
    set: usize,
}

/// A field whose value is not known.
#[derive(Debug)]
pub(crate) struct Unknown {
    path: &'static str,
    last: Last,
    pub(crate) pending: Pending,
}

/// The step after the path.
#[derive(Debug)]
enum Last {
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
        self.pending.push(Unknown { path, last: key.map_or(Last::None, Last::Key), pending });
    }

    /// Notes a field, by its Rust name, of the object at `path`.
    pub fn note_field(&mut self, path: &'static str, ident: &'static str, pending: Pending) {
        self.pending.push(Unknown { path, last: Last::Field(ident), pending });
    }

    /// How many fields were set.
    pub fn count(&self) -> usize {
        self.set
    }

    pub(crate) fn into_pending(self) -> Vec<Unknown> {
        self.pending
    }
}

impl Unknown {
    /// Where it is in the object, of which `root` is any value of the type.
    pub(crate) fn path(&self, root: &dyn Slot) -> WirePath {
        let mut steps = steps(self.path);
        match &self.last {
            Last::None => WirePath::of(root, &steps),
            Last::Field(ident) => {
                steps.push(Step::Field(ident));
                WirePath::of(root, &steps)
            }
            Last::Key(key) => WirePath::of(root, &steps).entry(key.clone()),
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
