//! Building a composed resource field by field.

use std::fmt;
use std::rc::Rc;

use super::body::Body;
use super::ledger::{Held, Ledger};
use super::{Field, FieldValue, Handle, IntoField, View};
use crate::codec::WirePath;
use crate::codec::json::{JsonReader, encode};
use crate::resource::Resource;

/// A composed resource of the generated kind `K` that is being built. It counts once it is [composed](Draft::compose).
#[must_use = "a draft counts once it is composed: end with `.compose()`"]
pub struct Draft<K> {
    key: String,
    ledger: Rc<Ledger>,
    pub(super) value: K,
    pub(super) held: Vec<Held>,
}

impl<K: fmt::Debug> fmt::Debug for Draft<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Draft({:?})", self.key)
    }
}

impl<K: Resource + 'static> Draft<K> {
    pub(crate) fn new(key: &str, ledger: Rc<Ledger>) -> Self {
        ledger.begin(key);
        Draft { key: key.to_owned(), ledger, value: K::default(), held: Vec::new() }
    }

    /// Sets a field: `draft.set(field!(spec.for_provider.region), &xr.spec.region)`.
    ///
    /// An `Option` that is unset leaves the field, and the objects around it, alone. A [`Lazy`](super::Lazy) that is not
    /// known holds the resource back, or keeps it as it is: see [`Hold`](super::Hold). What is set later wins, known or not;
    /// of an object that is not known, the fields that are set later are what they were set to.
    pub fn set<F: Default, V: IntoField<F>>(&mut self, field: Field<K, F>, value: V) -> &mut Self {
        match value.into_field() {
            FieldValue::Set(value) => {
                *(field.slot)(&mut self.value) = value;
                if !self.held.is_empty() {
                    self.settle(WirePath::of(&self.value, field.steps));
                }
            }
            FieldValue::Unset => {}
            FieldValue::Pending(pending) => {
                let path = WirePath::of(&self.value, field.steps);
                // Going to the slot would make the objects around it, so it is emptied only where it holds something.
                if encode(&self.value)
                    .is_ok_and(|value| path.read(&mut JsonReader(&value)).is_ok_and(|at| at.is_some()))
                {
                    *(field.slot)(&mut self.value) = F::default();
                }
                self.held.retain(|held| !held.path.starts_with(&path));
                self.held.push(Held { path, pending });
            }
        }
        self
    }

    /// Takes note that the field at `path` is known.
    fn settle(&mut self, path: WirePath) {
        // An object that is set as a whole says what is in it, too.
        self.held.retain(|held| !held.path.starts_with(&path));
        // One item says nothing of the others, so a list that is not known is not known with it either.
        let around =
            self.held.iter().find(|held| path.starts_with(&held.path) && path.in_list() && !held.path.in_list());
        if let Some(pending) = around.map(|held| held.pending.clone()) {
            self.held.push(Held { path, pending });
        }
    }

    /// The resource as built so far, for what is easier written as plain Rust.
    pub fn value(&mut self) -> &mut K {
        &mut self.value
    }

    /// Declares the resource.
    pub fn compose(self) -> Handle<K> {
        let layout = || -> Box<dyn crate::codec::Slot> { Box::new(K::default()) };
        match Body::typed(&self.value, K::API_VERSION, K::KIND, K::SCOPE, layout) {
            Ok(body) => self.ledger.declare(&self.key, body, self.held),
            Err(error) => self.ledger.undeclarable(&self.key, &error),
        }
        Handle::new(&self.key, self.ledger, View::masked())
    }
}
