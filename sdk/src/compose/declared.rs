//! The resources that a run has declared.

use std::collections::{BTreeMap, BTreeSet, btree_map};

use serde_json::Value;

use crate::codec::Slot;
use crate::resource::Scope;
use crate::state::{Composed, Ready};

/// What is known of a resource that was declared.
#[derive(Default)]
pub(super) struct Declared {
    /// The name that it was given.
    pub(super) name: Option<String>,
    /// Where objects of its kind live, if that is known.
    pub(super) scope: Option<Scope>,
    /// A value of its type.
    pub(super) layout: Option<fn() -> Box<dyn Slot>>,
    /// The object, if it is held back and so not in the response.
    pub(super) held_back: Option<Value>,
    /// What the response says of it, if it is not.
    pub(super) composed: Option<Composed>,
    /// What is said of its readiness.
    pub(super) ready: Option<Ready>,
}

impl Declared {
    /// A value of its type, if that is a generated one.
    pub(super) fn value(&self) -> Option<Box<dyn Slot>> {
        self.layout.map(|layout| layout())
    }
}

/// The resources that a run has declared, by key. What is said of one is mostly said right after it was declared, so the latest
/// stands apart, where it is found without a search.
#[derive(Default)]
pub(super) struct Declarations {
    /// Each in a place of its own, as a map moves about what it holds.
    before: BTreeMap<String, Box<Declared>>,
    latest: Option<(String, Box<Declared>)>,
    /// Keys that were declared more than once.
    pub(super) twice: BTreeSet<String>,
}

impl Declarations {
    pub(super) fn get(&self, key: &str) -> Option<&Declared> {
        match &self.latest {
            Some((latest, declared)) if latest == key => Some(declared),
            _ => self.before.get(key).map(Box::as_ref),
        }
    }

    pub(super) fn get_mut(&mut self, key: &str) -> Option<&mut Declared> {
        match &mut self.latest {
            Some((latest, declared)) if latest == key => Some(declared),
            _ => self.before.get_mut(key).map(Box::as_mut),
        }
    }

    pub(super) fn contains(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Takes in one more. Whether its key is new shows when the next one comes, or in the end.
    pub(super) fn insert(&mut self, key: &str, declared: Declared) {
        self.settle();
        self.latest = Some((key.to_owned(), Box::new(declared)));
    }

    /// Puts the latest among the others.
    pub(super) fn settle(&mut self) {
        let Some((key, declared)) = self.latest.take() else { return };
        match self.before.entry(key) {
            btree_map::Entry::Vacant(place) => drop(place.insert(declared)),
            btree_map::Entry::Occupied(mut place) => {
                self.twice.insert(place.key().clone());
                place.insert(declared);
            }
        }
    }

    /// All of them, sorted by key, once they are settled.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Declared)> {
        self.before.iter().map(|(key, declared)| (key.as_str(), declared.as_ref()))
    }

    /// All of them, sorted by key.
    pub(super) fn into_sorted(mut self) -> BTreeMap<String, Box<Declared>> {
        self.settle();
        self.before
    }
}
