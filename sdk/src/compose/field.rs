//! What a field can be set from.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Handle, Lazy, Pending, Reads};
use crate::codec::Nullable;
use crate::shapes::{IntOrString, NamespacedReference, Number, Quantity, Reference};

/// What becomes of a field.
#[derive(Debug)]
pub enum FieldValue<F> {
    /// It is set.
    Set(F),
    /// It is set to what was read from composed resources.
    Read(F, Reads),
    /// It is left as it is.
    Unset,
    /// Its value is not known yet.
    Pending(Pending),
}

/// A value that a field of type `F` can be set from.
///
/// A field of type `Option<T>` takes a `T`, an `Option<T>` (unset leaves the field alone) and a [`Lazy<T>`]; strings
/// also take `&str`, numbers take integers, lists and maps take arrays, and a reference takes a `&Handle` of its kind.
#[diagnostic::on_unimplemented(
    message = "a field of type `{F}` cannot be set from `{Self}`",
    label = "expected a value, an `Option` or a `Lazy` for `{F}`"
)]
pub trait IntoField<F> {
    /// What becomes of the field.
    fn into_field(self) -> FieldValue<F>;
}

impl<T> IntoField<Option<T>> for T {
    fn into_field(self) -> FieldValue<Option<T>> {
        FieldValue::Set(Some(self))
    }
}

#[diagnostic::do_not_recommend]
impl<T> IntoField<Option<T>> for Option<T> {
    fn into_field(self) -> FieldValue<Option<T>> {
        if self.is_some() { FieldValue::Set(self) } else { FieldValue::Unset }
    }
}

#[diagnostic::do_not_recommend]
impl<T> IntoField<Option<T>> for Lazy<T> {
    fn into_field(self) -> FieldValue<Option<T>> {
        match self {
            Lazy::Known(value) => FieldValue::Set(Some(value)),
            Lazy::Read(value, reads) => FieldValue::Read(Some(value), reads),
            Lazy::Pending(pending) if pending.is_empty() => FieldValue::Unset,
            Lazy::Pending(pending) => FieldValue::Pending(pending),
        }
    }
}

#[diagnostic::do_not_recommend]
impl<T> IntoField<Option<Nullable<T>>> for T {
    fn into_field(self) -> FieldValue<Option<Nullable<T>>> {
        FieldValue::Set(Some(Nullable::Value(self)))
    }
}

#[diagnostic::do_not_recommend]
impl<K> IntoField<Option<Reference<K>>> for &Handle<K> {
    fn into_field(self) -> FieldValue<Option<Reference<K>>> {
        Reference::to(self).into_field()
    }
}

#[diagnostic::do_not_recommend]
impl<K> IntoField<Option<NamespacedReference<K>>> for &Handle<K> {
    fn into_field(self) -> FieldValue<Option<NamespacedReference<K>>> {
        NamespacedReference::to(self).into_field()
    }
}

/// Lists of references, from handles in an array, a slice or a list.
macro_rules! references {
    ($($reference:ident),+) => {$(
        #[diagnostic::do_not_recommend]
        impl<K, const N: usize> IntoField<Option<Vec<$reference<K>>>> for [&Handle<K>; N] {
            fn into_field(self) -> FieldValue<Option<Vec<$reference<K>>>> {
                self.into_iter().map($reference::to).collect::<Lazy<Vec<_>>>().into_field()
            }
        }

        #[diagnostic::do_not_recommend]
        impl<K> IntoField<Option<Vec<$reference<K>>>> for &Vec<Handle<K>> {
            fn into_field(self) -> FieldValue<Option<Vec<$reference<K>>>> {
                self.iter().map($reference::to).collect::<Lazy<Vec<_>>>().into_field()
            }
        }

        #[diagnostic::do_not_recommend]
        impl<K> IntoField<Option<Vec<$reference<K>>>> for &[Handle<K>] {
            fn into_field(self) -> FieldValue<Option<Vec<$reference<K>>>> {
                self.iter().map($reference::to).collect::<Lazy<Vec<_>>>().into_field()
            }
        }
    )+};
}

references!(Reference, NamespacedReference);

#[diagnostic::do_not_recommend]
impl<T, const N: usize> IntoField<Option<Vec<T>>> for [T; N] {
    fn into_field(self) -> FieldValue<Option<Vec<T>>> {
        FieldValue::Set(Some(self.into()))
    }
}

#[diagnostic::do_not_recommend]
impl<const N: usize> IntoField<Option<Vec<String>>> for [&str; N] {
    fn into_field(self) -> FieldValue<Option<Vec<String>>> {
        FieldValue::Set(Some(self.map(str::to_owned).into()))
    }
}

#[diagnostic::do_not_recommend]
impl<T, A: Into<String>, const N: usize> IntoField<Option<BTreeMap<String, T>>> for [(A, T); N] {
    fn into_field(self) -> FieldValue<Option<BTreeMap<String, T>>> {
        FieldValue::Set(Some(self.into_iter().map(|(key, value)| (key.into(), value)).collect()))
    }
}

#[diagnostic::do_not_recommend]
impl<A: Into<String>, const N: usize> IntoField<Option<BTreeMap<String, String>>> for [(A, &str); N] {
    fn into_field(self) -> FieldValue<Option<BTreeMap<String, String>>> {
        FieldValue::Set(Some(self.into_iter().map(|(key, value)| (key.into(), value.to_owned())).collect()))
    }
}

/// Conversions that lose nothing and cannot fail: each for the value, an `Option` of it and a `Lazy` of it.
macro_rules! converts {
    ($($from:ty => $to:ty,)+) => {$(
        #[diagnostic::do_not_recommend]
        impl IntoField<Option<$to>> for $from {
            fn into_field(self) -> FieldValue<Option<$to>> {
                FieldValue::Set(Some(<$to>::from(self)))
            }
        }

        #[diagnostic::do_not_recommend]
        impl IntoField<Option<$to>> for Option<$from> {
            fn into_field(self) -> FieldValue<Option<$to>> {
                self.map(<$to>::from).into_field()
            }
        }

        #[diagnostic::do_not_recommend]
        impl IntoField<Option<$to>> for Lazy<$from> {
            fn into_field(self) -> FieldValue<Option<$to>> {
                self.map(<$to>::from).into_field()
            }
        }
    )+};
}

converts! {
    &str => String,
    &String => String,
    &str => Vec<u8>,
    String => Vec<u8>,
    i32 => i64,
    u32 => i64,
    i64 => Number,
    i32 => Number,
    u32 => Number,
    f64 => Number,
    i32 => f64,
    i64 => IntOrString,
    i32 => IntOrString,
    &str => IntOrString,
    String => IntOrString,
    &str => Quantity,
    String => Quantity,
    &str => Value,
    String => Value,
    bool => Value,
    i64 => Value,
    i32 => Value,
    u32 => Value,
    f64 => Value,
}
