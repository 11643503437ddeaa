//! What generated code refers to, under one name. Not an API: only code that planewright generated may use it.

pub use serde;

pub use crate::codec::{Field as F, Mask, Nullable, Reader, Record, Shape, Slot, Writer};
pub use crate::compose::literal::Referable;
pub use crate::resource::{Composite, InCluster, InNamespace, Kind, Managed, PinnedKind, Requirement, Resource, Scope};
pub use crate::shapes::*;

use std::fmt;

use crate::codec::{CodecError, Token};

/// A map with free keys.
pub type Map<K, V> = std::collections::BTreeMap<K, V>;
/// A JSON object.
pub type JsonObject = serde_json::Map<String, serde_json::Value>;
/// A JSON value.
pub type Json = serde_json::Value;
/// What [`Record::slots`] is given.
pub type Visit<'a> = &'a mut dyn FnMut(&[&dyn Slot]);
/// What [`Record::slots_mut`] is given.
pub type VisitMut<'a> = &'a mut dyn FnMut(&mut [&mut dyn Slot]);
/// Whether a value could be written or read.
pub type Coded = Result<(), CodecError>;

/// Writes the text of an enum.
///
/// # Errors
/// None; the form is that of [`Slot::write`].
pub fn write_text(text: &str, writer: &mut dyn Writer) -> Coded {
    writer.string(text);
    Ok(())
}

/// Reads the text of an enum.
///
/// # Errors
/// When no text stands at the reader.
pub fn read_text(reader: &mut dyn Reader, take: &mut dyn FnMut(&str)) -> Coded {
    match reader.token()? {
        Token::String(text) => {
            take(text);
            Ok(())
        }
        other => Err(CodecError::unexpected("a string", &other)),
    }
}

/// Shows a struct that has secrets among its fields: of these, the names alone. `fields` are those of the
/// shape, in its order.
///
/// # Errors
/// When the formatter fails.
pub fn debug(shape: &Shape, fields: &[&dyn fmt::Debug], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut out = f.debug_struct(shape.name);
    for (field, value) in shape.fields.iter().zip(fields) {
        match field.secret {
            true => out.field(field.ident, &Hidden),
            false => out.field(field.ident, value),
        };
    }
    match shape.open {
        true => out.finish_non_exhaustive(),
        false => out.finish(),
    }
}

/// A value that is not shown.
#[derive(Clone, Copy)]
pub struct Hidden;

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}
