//! The path of a field in an object.

use std::fmt;

use serde_json::Value;

/// A path from an object's root; displays as `spec.subnets[0].zone`, a key with dots as `metadata.labels[a.b/c]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FieldPath(Vec<Step>);

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// A key of a mapping.
    Key(String),
    /// An item of a list, counted from 0.
    Item(usize),
}

impl FieldPath {
    /// The steps from the root.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// Whether it is the path of the whole object.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// Goes one step down.
    pub(crate) fn push(&mut self, step: Step) {
        self.0.push(step);
    }

    /// Goes one step up.
    pub(crate) fn pop(&mut self) {
        self.0.pop();
    }

    /// The path of a key below.
    pub(crate) fn key(&self, key: &str) -> FieldPath {
        let mut path = self.clone();
        path.push(Step::Key(key.to_owned()));
        path
    }

    /// Removes the key that the path ends in, if it is there.
    pub(crate) fn remove_from(&self, object: &mut Value) {
        let Some((Step::Key(last), parents)) = self.0.split_last() else { return };
        let parent = parents.iter().try_fold(object, |value, step| match step {
            Step::Key(key) => value.get_mut(key),
            Step::Item(index) => value.get_mut(index),
        });
        if let Some(Value::Object(map)) = parent {
            map.shift_remove(last);
        }
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.0.iter().enumerate() {
            match step {
                Step::Item(item) => write!(f, "[{item}]")?,
                Step::Key(key) if key.contains(['.', '[', ']']) || key.is_empty() => write!(f, "[{key}]")?,
                Step::Key(key) if index == 0 => f.write_str(key)?,
                Step::Key(key) => write!(f, ".{key}")?,
            }
        }
        Ok(())
    }
}
