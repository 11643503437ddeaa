//! Objects with named fields, and the driver that walks them.

use super::{CodecError, Layout, Mask, Reader, Slot, Token, Writer, plain};

/// What the codec knows of a generated struct.
#[derive(Debug)]
pub struct Shape {
    /// The Rust name of the struct, for messages.
    pub name: &'static str,
    /// The fields, in the order in which [`Record::slots`] hands them out.
    pub fields: &'static [Field],
    /// Whether one more slot, after the fields, takes the entries that have no field.
    pub open: bool,
}

/// What the codec knows of a field.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The name in the object.
    pub name: &'static str,
    /// The Rust name.
    pub ident: &'static str,
    /// The keys of a `x-kubernetes-list-type: map` list; empty for every other field.
    pub list_keys: &'static [&'static str],
    /// Whether the schema's `required` names the field.
    pub required: bool,
    /// Whether the value is, or points to, a secret: what shows values leaves it out.
    pub secret: bool,
}

impl Field {
    /// An optional field without anything special about it.
    pub const fn new(name: &'static str, ident: &'static str) -> Self {
        Field { name, ident, list_keys: &[], required: false, secret: false }
    }

    /// The same field, named by the schema's `required`.
    #[must_use]
    pub const fn required(self) -> Self {
        Field { required: true, ..self }
    }

    /// The same field, holding or naming a secret.
    #[must_use]
    pub const fn secret(self) -> Self {
        Field { secret: true, ..self }
    }

    /// The same field, a list whose items are told apart by `keys`.
    #[must_use]
    pub const fn keyed(self, keys: &'static [&'static str]) -> Self {
        Field { list_keys: keys, ..self }
    }
}

/// An object with named fields.
pub trait Record: Default {
    /// Its fields.
    const SHAPE: &'static Shape;
    /// Hands out the fields, in the order of the shape, then the extra slot of an open shape.
    fn slots(&self, visit: &mut dyn FnMut(&[&dyn Slot]));
    /// The same, to be read into.
    fn slots_mut(&mut self, visit: &mut dyn FnMut(&mut [&mut dyn Slot]));
}

impl<T: Record> Slot for T {
    #[inline]
    fn write(&self, writer: &mut dyn Writer) -> Result<(), CodecError> {
        let mut result = Ok(());
        self.slots(&mut |slots| result = write(T::SHAPE, slots, writer));
        result
    }

    #[inline]
    fn read(&mut self, reader: &mut dyn Reader, mask: Mask<'_>) -> Result<(), CodecError> {
        let mut result = Ok(());
        self.slots_mut(&mut |slots| result = read(T::SHAPE, slots, reader, mask));
        result
    }

    #[inline]
    fn layout(&self, visit: &mut dyn FnMut(Layout<'_>)) {
        self.slots(&mut |slots| visit(Layout::Record(T::SHAPE, slots)));
    }
}

fn write(shape: &Shape, slots: &[&dyn Slot], writer: &mut dyn Writer) -> Result<(), CodecError> {
    writer.begin_object();
    for (field, slot) in shape.fields.iter().zip(slots) {
        if slot.is_set() {
            writer.key(field.name);
            slot.write(writer).map_err(|e| e.at(field.name))?;
        }
    }
    if let (true, Some(extra)) = (shape.open, slots.last()) {
        extra.write_extra(writer)?;
    }
    writer.end_object();
    Ok(())
}

fn read(shape: &Shape, slots: &mut [&mut dyn Slot], reader: &mut dyn Reader, mask: Mask<'_>) -> Result<(), CodecError> {
    let token = reader.token()?;
    if token != Token::Object {
        return Err(CodecError::unexpected("an object", &token));
    }
    if let Some((ident, mask)) = mask.only_field() {
        let wanted = shape.fields.iter().zip(slots).find(|(field, _)| plain(field.ident) == ident);
        return match wanted {
            Some((field, slot)) => {
                reader.entry(field.name, &mut |value| slot.read(value, mask).map_err(|e| e.at(field.name)))
            }
            None => Ok(()),
        };
    }
    // Backings mostly keep the order of the schema, so the search starts where the last one ended.
    let mut next = 0;
    reader.entries(&mut |key, value| {
        let Some(index) = position(shape, next, key) else {
            return match (shape.open, slots.last_mut()) {
                (true, Some(extra)) => extra.read_extra(key, value).map_err(|e| e.at(key)),
                _ => Ok(()),
            };
        };
        next = index + 1;
        match (mask.field(shape.fields[index].ident), slots.get_mut(index)) {
            (Some(mask), Some(slot)) => slot.read(value, mask).map_err(|e| e.at(key)),
            _ => Ok(()),
        }
    })
}

fn position(shape: &Shape, next: usize, key: &str) -> Option<usize> {
    let (before, after) = shape.fields.split_at(next.min(shape.fields.len()));
    let named = |field: &Field| field.name == key;
    after.iter().position(named).map(|i| next + i).or_else(|| before.iter().position(named))
}
