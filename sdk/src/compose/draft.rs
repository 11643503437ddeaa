//! Building a composed resource field by field.

use std::fmt;
use std::rc::Rc;

use super::body::{Body, Encoding};
use super::edge::Use;
use super::ledger::{Held, Ledger};
use super::literal::{Spot, Unknowns, missing};
use super::{Field, FieldValue, Handle, IntoField, View};
use crate::codec::json::{JsonReader, encode};
use crate::codec::{Step, WirePath};
use crate::resource::Resource;

/// A composed resource of the generated kind `K` that is being built. It counts once it is [composed](Draft::compose).
#[must_use = "a draft counts once it is composed: end with `.compose()`"]
pub struct Draft<K> {
    key: Rc<str>,
    ledger: Rc<Ledger>,
    pub(super) value: K,
    pub(super) held: Vec<Held>,
    unknowns: Unknowns,
    pub(super) uses: Vec<Use>,
}

impl<K: fmt::Debug> fmt::Debug for Draft<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Draft({:?})", self.key)
    }
}

impl<K: Resource> Draft<K> {
    pub(crate) fn new(key: &str, ledger: Rc<Ledger>) -> Self {
        let key: Rc<str> = key.into();
        ledger.begin(key.clone());
        Draft { key, ledger, value: K::default(), held: Vec::new(), unknowns: Unknowns::default(), uses: Vec::new() }
    }

    /// Sets a field: `draft.set(field!(spec.for_provider.region), &xr.spec.region)`.
    ///
    /// An `Option` that is unset leaves the field, and the objects around it, alone. A [`Lazy`](super::Lazy) that is not
    /// known holds the resource back, or keeps it as it is: see [`Hold`](super::Hold). What is set later wins, known or not;
    /// of an object that is not known, the fields that are set later are what they were set to.
    pub fn set<F: Default, V: IntoField<F>>(&mut self, field: Field<K, F>, value: V) -> &mut Self {
        match value.into_field() {
            FieldValue::Set(value) => self.put(field, value),
            FieldValue::Read(value, reads) => {
                self.put(field, value);
                self.uses.push(Use { spot: Spot::Steps(field.steps), reads });
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
                self.forget_uses(field.steps);
                self.held.retain(|held| !held.path.starts_with(&path));
                self.held.push(Held { path, pending });
            }
        }
        self
    }

    fn put<F>(&mut self, field: Field<K, F>, value: F) {
        *(field.slot)(&mut self.value) = value;
        self.forget_uses(field.steps);
        if !self.held.is_empty() {
            self.settle(WirePath::of(&self.value, field.steps));
        }
    }

    /// A field is set anew: what was read for it before is not used.
    fn forget_uses(&mut self, steps: &[Step]) {
        self.uses.retain(|used| !matches!(used.spot, Spot::Steps(before) if before.starts_with(steps)));
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

    /// Begins from a value, in place of what was set so far.
    pub fn start_from(&mut self, base: K) -> &mut Self {
        self.value = base;
        self
    }

    /// The resource as built so far, and what is not known of it: what literals write to.
    pub fn parts(&mut self) -> (&mut K, &mut Unknowns) {
        (&mut self.value, &mut self.unknowns)
    }

    /// Declares the resource, which ends the step with a fatal result where a required field is neither set nor known
    /// later. What literals end with, unless the compiler has made sure already: then `complete` is true.
    pub fn finish(mut self, complete: bool) -> Handle<K> {
        let (unknowns, uses) = std::mem::take(&mut self.unknowns).into_parts();
        self.uses.extend(uses);
        for unknown in unknowns {
            let path = unknown.spot.path(Some(&self.value));
            self.held.push(Held { path, pending: unknown.pending });
        }
        if !complete && let Ok(object) = encode(&self.value) {
            let later: Vec<_> = self.held.iter().map(|held| &held.path).collect();
            let missing = missing(K::REQUIRED, &object, &later);
            if !missing.is_empty() {
                self.ledger.fault(format!(
                    "composed resource {:?}: this `{}` lacks required fields: {}. Set them in the literal or in the value \
                     that it begins from",
                    self.key,
                    K::KIND,
                    missing.join(", ")
                ));
            }
        }
        self.compose()
    }

    /// Declares the resource.
    pub fn compose(mut self) -> Handle<K> {
        let held = self.held.iter();
        self.uses.extend(held.map(|held| Use { spot: Spot::Wire(held.path.clone()), reads: held.pending.reads() }));
        self.ledger.uses(&self.key, self.uses);
        let layout = || -> Box<dyn crate::codec::Slot> { Box::new(K::default()) };
        // What waits keeps what it has, or is left out: that is decided on JSON.
        let encoding = if self.held.is_empty() { self.ledger.encoding(&self.key) } else { Encoding(None) };
        match Body::typed(&self.value, (K::API_VERSION, K::KIND), K::SCOPE, layout, encoding) {
            Ok(body) => self.ledger.declare(&self.key, body, self.held),
            Err(error) => self.ledger.undeclarable(&self.key, &error),
        }
        Handle::new(self.key, self.ledger, View::masked())
    }
}
