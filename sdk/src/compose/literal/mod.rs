//! What the literals `resource!`, `status!` and `text!` expand to: plain calls, which can be written by hand as well.
//!
//! A literal begins a [`Draft`], goes into it object by object ([`enter`], [`open`], [`list`], [`item`]), sets its fields
//! ([`put`], [`entry`], [`refer`]) and finishes it. What a field could not be set from, because the value is not known
//! yet, is noted in [`Unknowns`].

mod complete;
mod entries;
mod read;
mod text;
mod unknowns;

pub use complete::complete;
pub(crate) use complete::missing;
pub use entries::{Entries, Objects};
pub use read::{PlainRead, Step};
pub use text::{IntoText, Text};

pub(crate) use unknowns::Spot;
pub use unknowns::Unknowns;

#[doc(hidden)]
pub use super::path::support::{AnyHop, Hop};

use std::fmt;
use std::rc::Rc;

use super::ledger::Ledger;
use super::{Cx, Draft, FieldValue, IntoField};
use crate::codec::Slot;
use crate::resource::{Composes, ComposesUnplaced, Composite, Resource};

/// Begins a composed resource that says its namespace, or may leave it to the composite resource.
pub fn begin<X, K>(cx: &Cx<X>, key: impl AsRef<str>) -> Draft<K>
where
    X: Composite,
    X::Place: Composes<K::Place> + ComposesUnplaced<K::Place>,
    K: Resource,
{
    cx.draft(key)
}

/// Begins a composed resource that says its namespace.
pub fn begin_in_namespace<X, K>(cx: &Cx<X>, key: impl AsRef<str>) -> Draft<K>
where
    X: Composite,
    X::Place: Composes<K::Place>,
    K: Resource,
{
    cx.draft(key)
}

/// Begins to write the composite resource's status.
pub fn begin_status<X: Composite>(cx: &Cx<X>) -> StatusDraft<X::Status> {
    StatusDraft { ledger: cx.ledger().clone(), value: X::Status::default(), unknowns: Unknowns::default() }
}

/// A status that is being written.
#[must_use = "a status counts once it is finished"]
pub struct StatusDraft<S> {
    ledger: Rc<Ledger>,
    value: S,
    unknowns: Unknowns,
}

impl<S> fmt::Debug for StatusDraft<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StatusDraft")
    }
}

impl<S: Slot> StatusDraft<S> {
    /// The status as written so far, and what is not known of it.
    pub fn parts(&mut self) -> (&mut S, &mut Unknowns) {
        (&mut self.value, &mut self.unknowns)
    }

    /// Merges it into what this and earlier steps said. Fields whose values are not known are left out.
    pub fn finish(self) {
        self.ledger.status(&self.value);
    }
}

/// Sets a field, unless its value is unset or not known. `path` is the field's path from the root, in Rust names.
pub fn put<F, V: IntoField<F>>(slot: &mut F, value: V, unknowns: &mut Unknowns, path: &'static str) {
    match value.into_field() {
        FieldValue::Set(value) => {
            *slot = value;
            unknowns.set();
        }
        FieldValue::Read(value, reads) => {
            *slot = value;
            unknowns.set();
            unknowns.read(path, reads);
        }
        FieldValue::Unset => {}
        FieldValue::Pending(pending) => unknowns.note(path, None, pending),
    }
}

/// Sets an entry of a map or of a free-form object. `path` is that of the map.
pub fn entry<M: Entries, V: IntoField<Option<M::Value>>>(
    map: &mut M,
    key: impl Into<String>,
    value: V,
    unknowns: &mut Unknowns,
    path: &'static str,
) {
    match value.into_field() {
        FieldValue::Set(Some(value)) => {
            map.set(key.into(), value);
            unknowns.set();
        }
        FieldValue::Read(Some(value), reads) => {
            map.set(key.into(), value);
            unknowns.set();
            unknowns.read(path, reads);
        }
        FieldValue::Set(None) | FieldValue::Read(None, _) | FieldValue::Unset => {}
        FieldValue::Pending(pending) => unknowns.note(path, Some(key.into()), pending),
    }
}

/// The reference that fills in a plain field, with the Rust name of its own field.
///
/// Generated types have a method for every field that a reference fills in: `vpc_id()` beside the field `vpc_id`.
#[derive(Debug)]
pub struct Referable<'a, F> {
    /// The reference's field.
    pub slot: &'a mut F,
    /// Its Rust name.
    pub ident: &'static str,
}

/// What no block is, for a field that has no such method: the compiler's message says what `&handle` is for.
#[diagnostic::on_unimplemented(
    message = "this field cannot be set by a reference to a composed resource",
    label = "the block has no field of this name with a reference beside it",
    note = "`field: &handle` sets the reference (`fieldRef`) from which the provider fills in `field`; where the schema has none, \
            set the field from what the resource reports, such as `field: handle.status.at_provider.id`"
)]
pub trait HasReference {}

/// Sets a plain field by the reference that fills it in. `path` is that of the object around the two.
pub fn refer<F, V: IntoField<F>>(field: Referable<'_, F>, value: V, unknowns: &mut Unknowns, path: &'static str) {
    match value.into_field() {
        FieldValue::Set(value) => {
            *field.slot = value;
            unknowns.set();
        }
        FieldValue::Read(value, reads) => {
            *field.slot = value;
            unknowns.set();
            unknowns.read_field(path, field.ident, reads);
        }
        FieldValue::Unset => {}
        FieldValue::Pending(pending) => unknowns.note_field(path, field.ident, pending),
    }
}

/// Goes into an object or a map in which something will be set, making it if it is not there.
pub fn enter<T: Default>(slot: &mut Option<T>) -> &mut T {
    slot.get_or_insert_default()
}

/// Goes into an object or a map in which perhaps nothing will be set, making it if it is not there.
pub fn open<'a, T: Default>(slot: &'a mut Option<T>, unknowns: &Unknowns) -> Opened<'a, T> {
    Opened { made: slot.is_none(), slot, before: unknowns.count() }
}

/// An object that is being written.
#[derive(Debug)]
pub struct Opened<'a, T> {
    slot: &'a mut Option<T>,
    made: bool,
    before: usize,
}

impl<T: Default> Opened<'_, T> {
    /// The object itself.
    pub fn inner(&mut self) -> &mut T {
        self.slot.get_or_insert_default()
    }

    /// Leaves the object. One that was made and in which nothing was set is taken away again: fields that are left out
    /// leave no empty objects around them.
    pub fn close(self, unknowns: &Unknowns) {
        if self.made && unknowns.count() == self.before {
            *self.slot = None;
        }
    }

    /// Leaves the object, which counts as set even if it is empty: it was written as `{}`.
    pub fn keep(self, unknowns: &mut Unknowns) {
        self.slot.get_or_insert_default();
        unknowns.set();
    }
}

/// Begins a list anew. It counts as set, even if no item follows.
pub fn list<'a, T>(slot: &'a mut Option<Vec<T>>, unknowns: &mut Unknowns) -> &'a mut Vec<T> {
    unknowns.set();
    slot.insert(Vec::new())
}

/// Adds an item to a list.
pub fn item<T: Default>(list: &mut Vec<T>) -> &mut T {
    list.push(T::default());
    let last = list.len() - 1;
    &mut list[last]
}

/// Goes into an entry of a map or of a free-form object, making it.
pub fn at_key<'a, M: Objects>(map: &'a mut M, key: impl Into<String>, unknowns: &mut Unknowns) -> &'a mut M::Object {
    unknowns.set();
    map.enter(key.into())
}
