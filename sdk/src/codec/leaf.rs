//! Values without fields of their own: scalars, lists, maps, free JSON.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{CodecError, Layout, MAX_SAFE_INTEGER, Mask, Reader, Slot, Token, Writer, json};

impl Slot for bool {
    fn write(&self, writer: &mut dyn Writer) -> Result<(), CodecError> {
        writer.boolean(*self);
        Ok(())
    }

    fn read(&mut self, reader: &mut dyn Reader, _: Mask<'_>) -> Result<(), CodecError> {
        match reader.token()? {
            Token::Boolean(value) => *self = value,
            other => return Err(CodecError::unexpected("a boolean", &other)),
        }
        Ok(())
    }
}

impl Slot for String {
    fn write(&self, writer: &mut dyn Writer) -> Result<(), CodecError> {
        writer.string(self);
        Ok(())
    }

    fn read(&mut self, reader: &mut dyn Reader, _: Mask<'_>) -> Result<(), CodecError> {
        match reader.token()? {
            Token::String(value) => value.clone_into(self),
            other => return Err(CodecError::unexpected("a string", &other)),
        }
        Ok(())
    }
}

impl Slot for i64 {
    fn write(&self, writer: &mut dyn Writer) -> Result<(), CodecError> {
        write_integer(*self, writer)
    }

    fn read(&mut self, reader: &mut dyn Reader, _: Mask<'_>) -> Result<(), CodecError> {
        *self = read_integer(reader)?;
        Ok(())
    }
}

impl Slot for i32 {
    fn write(&self, writer: &mut dyn Writer) -> Result<(), CodecError> {
        writer.integer((*self).into());
        Ok(())
    }

    fn read(&mut self, reader: &mut dyn Reader, _: Mask<'_>) -> Result<(), CodecError> {
        let value = read_integer(reader)?;
        *self = i32::try_from(value).map_err(|_| CodecError::new(format!("{value} does not fit 32 bits")))?;
        Ok(())
    }
}

impl Slot for f64 {
    fn write(&self, writer: &mut dyn Writer) -> Result<(), CodecError> {
        write_number(*self, writer)
    }

    fn read(&mut self, reader: &mut dyn Reader, _: Mask<'_>) -> Result<(), CodecError> {
        *self = match reader.token()? {
            Token::Integer(value) => value as f64,
            Token::Number(value) => value,
            other => return Err(CodecError::unexpected("a number", &other)),
        };
        Ok(())
    }
}

pub(crate) fn write_integer(value: i64, writer: &mut dyn Writer) -> Result<(), CodecError> {
    writer.integer(safe(value)?);
    Ok(())
}

/// The integer, if the function protocol carries it unchanged.
pub(crate) fn safe(integer: i64) -> Result<i64, CodecError> {
    match integer.unsigned_abs() > MAX_SAFE_INTEGER.unsigned_abs() {
        true => Err(beyond(integer)),
        false => Ok(integer),
    }
}

pub(crate) fn beyond(integer: impl std::fmt::Display) -> CodecError {
    CodecError::new(format!(
        "{integer} is beyond 2^53 and would be changed on its way to Crossplane; use a string field or a smaller number"
    ))
}

pub(crate) fn write_number(value: f64, writer: &mut dyn Writer) -> Result<(), CodecError> {
    if !value.is_finite() {
        return Err(CodecError::new(format!("{value} is not a finite number")));
    }
    writer.number(value);
    Ok(())
}

/// A double as readers hand it out: one without a fraction is an integer, as far as doubles tell integers apart.
pub(crate) fn finite_token(float: f64) -> Result<Token<'static>, CodecError> {
    const SAFE: f64 = MAX_SAFE_INTEGER as f64;
    if !float.is_finite() {
        return Err(CodecError::new(format!("{float} is not a finite number")));
    }
    match float.fract() == 0.0 && float.abs() <= SAFE {
        true => Ok(Token::Integer(float as i64)),
        false => Ok(Token::Number(float)),
    }
}

fn read_integer(reader: &mut dyn Reader) -> Result<i64, CodecError> {
    match reader.token()? {
        Token::Integer(value) => Ok(value),
        other => Err(CodecError::unexpected("an integer", &other)),
    }
}

impl<T: Slot + Default> Slot for Option<T> {
    fn is_set(&self) -> bool {
        self.is_some()
    }

    fn write(&self, writer: &mut dyn Writer) -> Result<(), CodecError> {
        match self {
            Some(value) => value.write(writer),
            None => {
                writer.null();
                Ok(())
            }
        }
    }

    fn read(&mut self, reader: &mut dyn Reader, mask: Mask<'_>) -> Result<(), CodecError> {
        let mut value = T::default();
        if !value.takes_null() && reader.token()? == Token::Null {
            *self = None;
            return Ok(());
        }
        value.read(reader, mask)?;
        *self = Some(value);
        Ok(())
    }

    fn layout(&self, visit: &mut dyn FnMut(Layout<'_>)) {
        T::default().layout(visit);
    }
}

/// A value that the schema allows to be null, so that null can be said as well as left unsaid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Nullable<T> {
    /// An explicit null.
    #[default]
    Null,
    /// A value.
    Value(T),
}

impl<T> From<T> for Nullable<T> {
    fn from(value: T) -> Self {
        Nullable::Value(value)
    }
}

impl<T: Slot + Default> Slot for Nullable<T> {
    fn write(&self, writer: &mut dyn Writer) -> Result<(), CodecError> {
        match self {
            Nullable::Null => writer.null(),
            Nullable::Value(value) => value.write(writer)?,
        }
        Ok(())
    }

    fn read(&mut self, reader: &mut dyn Reader, mask: Mask<'_>) -> Result<(), CodecError> {
        *self = Nullable::Null;
        if reader.token()? != Token::Null {
            let mut value = T::default();
            value.read(reader, mask)?;
            *self = Nullable::Value(value);
        }
        Ok(())
    }

    fn layout(&self, visit: &mut dyn FnMut(Layout<'_>)) {
        T::default().layout(visit);
    }

    fn takes_null(&self) -> bool {
        true
    }
}

impl<T: Slot + Default> Slot for Vec<T> {
    fn write(&self, writer: &mut dyn Writer) -> Result<(), CodecError> {
        writer.begin_list();
        for (index, item) in self.iter().enumerate() {
            item.write(writer).map_err(|e| e.at(format_args!("[{index}]")))?;
        }
        writer.end_list();
        Ok(())
    }

    fn read(&mut self, reader: &mut dyn Reader, mask: Mask<'_>) -> Result<(), CodecError> {
        let token = reader.token()?;
        if token != Token::List {
            return Err(CodecError::unexpected("a list", &token));
        }
        self.clear();
        reader.items(&mut |item| {
            let mut value = T::default();
            let index = self.len();
            // Items that the mask leaves out keep their place, so that an index means the same as in the whole list.
            if let Some(mask) = mask.index(index) {
                value.read(item, mask).map_err(|e| e.at(format_args!("[{index}]")))?;
            }
            self.push(value);
            Ok(())
        })
    }

    fn layout(&self, visit: &mut dyn FnMut(Layout<'_>)) {
        visit(Layout::Items(&T::default()));
    }
}

impl<T: Slot + Default> Slot for BTreeMap<String, T> {
    fn write(&self, writer: &mut dyn Writer) -> Result<(), CodecError> {
        writer.begin_object();
        for (key, value) in self {
            writer.key(key);
            value.write(writer).map_err(|e| e.at(key))?;
        }
        writer.end_object();
        Ok(())
    }

    fn read(&mut self, reader: &mut dyn Reader, mask: Mask<'_>) -> Result<(), CodecError> {
        let token = reader.token()?;
        if token != Token::Object {
            return Err(CodecError::unexpected("an object", &token));
        }
        self.clear();
        reader.entries(&mut |key, entry| {
            if let Some(mask) = mask.key(key) {
                let mut value = T::default();
                value.read(entry, mask).map_err(|e| e.at(key))?;
                self.insert(key.to_owned(), value);
            }
            Ok(())
        })
    }

    fn layout(&self, visit: &mut dyn FnMut(Layout<'_>)) {
        visit(Layout::Entries(&T::default()));
    }
}

impl Slot for Value {
    fn write(&self, writer: &mut dyn Writer) -> Result<(), CodecError> {
        json::write_value(self, writer)
    }

    fn read(&mut self, reader: &mut dyn Reader, _: Mask<'_>) -> Result<(), CodecError> {
        *self = json::read_value(reader)?;
        Ok(())
    }

    fn takes_null(&self) -> bool {
        true
    }
}

impl Slot for Map<String, Value> {
    fn write(&self, writer: &mut dyn Writer) -> Result<(), CodecError> {
        writer.begin_object();
        self.write_extra(writer)?;
        writer.end_object();
        Ok(())
    }

    fn read(&mut self, reader: &mut dyn Reader, _: Mask<'_>) -> Result<(), CodecError> {
        let token = reader.token()?;
        if token != Token::Object {
            return Err(CodecError::unexpected("an object", &token));
        }
        self.clear();
        reader.entries(&mut |key, value| self.read_extra(key, value).map_err(|e| e.at(key)))
    }

    fn read_extra(&mut self, key: &str, reader: &mut dyn Reader) -> Result<(), CodecError> {
        self.insert(key.to_owned(), json::read_value(reader)?);
        Ok(())
    }

    fn write_extra(&self, writer: &mut dyn Writer) -> Result<(), CodecError> {
        for (key, value) in self {
            writer.key(key);
            json::write_value(value, writer).map_err(|e| e.at(key))?;
        }
        Ok(())
    }
}
