//! The one codec of generated types: how a value is written to, and read from, any backing.
//!
//! Generated types carry no serde. Each names its fields in a [`Shape`] and hands them out as [`Slot`]s; the
//! driver here walks those against a [`Writer`] or a [`Reader`]. Backings implement the two traits: JSON in
//! [`json`], a request's protobuf bytes in [`wire`](crate::wire). Nothing here is generic over the backing, because generic code
//! would be compiled again for every kind.
//!
//! Two rules of meaning:
//! * a field that is unset is not written, and a field that is set is, empty or not
//!   (desired state is a fully specified intent: an empty object is an opinion);
//! * a read decodes under a [`Mask`], so a value that was read is only ever complete along the path that was asked for.

pub mod json;
mod leaf;
mod order;
mod path;
mod record;

use std::fmt;

pub use leaf::Nullable;
pub(crate) use leaf::finite_token;
pub(crate) use order::put_in_order;
pub use path::{WirePath, WireStep};
pub use record::{Field, Record, Shape};

/// Integers beyond this magnitude do not survive the function protocol, whose numbers are doubles.
pub const MAX_SAFE_INTEGER: i64 = 1 << 53;

/// Where an encoder writes to. Calls come in document order; every `begin` has its `end`.
pub trait Writer {
    /// Writes null.
    fn null(&mut self);
    /// Writes a boolean.
    fn boolean(&mut self, value: bool);
    /// Writes an integer of at most [`MAX_SAFE_INTEGER`] in magnitude.
    fn integer(&mut self, value: i64);
    /// Writes a finite number.
    fn number(&mut self, value: f64);
    /// Writes a string.
    fn string(&mut self, value: &str);
    /// Begins a list.
    fn begin_list(&mut self);
    /// Ends the innermost list.
    fn end_list(&mut self);
    /// Begins an object.
    fn begin_object(&mut self);
    /// Names the entry whose value is written next.
    fn key(&mut self, key: &str);
    /// Ends the innermost object.
    fn end_object(&mut self);
}

/// What stands at a reader's position.
#[derive(Clone, Debug, PartialEq)]
pub enum Token<'a> {
    /// Null.
    Null,
    /// A boolean.
    Boolean(bool),
    /// A number without a fraction.
    Integer(i64),
    /// Any other number.
    Number(f64),
    /// A string.
    String(&'a str),
    /// A list: go on with [`Reader::items`].
    List,
    /// An object: go on with [`Reader::entries`].
    Object,
}

/// Called by [`Reader::items`] with each item in turn.
pub type OnItem<'f> = &'f mut dyn FnMut(&mut dyn Reader) -> Result<(), CodecError>;
/// Called by [`Reader::entries`] with each key and value in turn.
pub type OnEntry<'f> = &'f mut dyn FnMut(&str, &mut dyn Reader) -> Result<(), CodecError>;

/// A position in a backing. An entry or item that a callback does not touch costs nothing to pass over.
pub trait Reader {
    /// What stands here.
    fn token(&mut self) -> Result<Token<'_>, CodecError>;
    /// Visits the items of the list that stands here, in order.
    fn items(&mut self, each: OnItem<'_>) -> Result<(), CodecError>;
    /// Visits the entries of the object that stands here, in the backing's order. Protobuf lets a key come twice: then the
    /// last one counts.
    fn entries(&mut self, each: OnEntry<'_>) -> Result<(), CodecError>;
    /// Visits the value of one entry of the object that stands here, if there is one with that key.
    fn entry(&mut self, key: &str, each: OnItem<'_>) -> Result<(), CodecError> {
        self.entries(&mut |found, value| if found == key { each(value) } else { Ok(()) })
    }
    /// Whether the object that stands here has an entry with that key, and its value is that string.
    fn has_text(&mut self, key: &str, text: &str) -> Result<bool, CodecError> {
        let mut has = false;
        self.entry(key, &mut |value| {
            has = matches!(value.token()?, Token::String(found) if found == text);
            Ok(())
        })?;
        Ok(has)
    }
}

/// Hands over the text that an object has in a field, if it is one.
pub(crate) fn with_text(object: &mut dyn Reader, field: &str, take: &mut dyn FnMut(&str)) -> Result<(), CodecError> {
    object.entry(field, &mut |value| {
        if let Token::String(text) = value.token()? {
            take(text);
        }
        Ok(())
    })
}

/// One step of a path through generated types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// A field, by its Rust name without `r#`.
    Field(&'static str),
    /// An item of a list.
    Index(usize),
    /// An entry of a map.
    Key(&'static str),
}

/// Which part of a value a read decodes: everything, or what lies along one path.
#[derive(Clone, Copy, Debug)]
pub struct Mask<'a>(Option<&'a [Step]>);

impl<'a> Mask<'a> {
    /// Everything.
    pub const ALL: Mask<'static> = Mask(None);

    /// What lies along `path`, and everything below its end.
    pub fn path(path: &'a [Step]) -> Self {
        if path.is_empty() { Mask(None) } else { Mask(Some(path)) }
    }

    /// The mask one field further, if that field is wanted.
    pub fn field(self, ident: &str) -> Option<Mask<'a>> {
        match self.0 {
            None => Some(self),
            Some([Step::Field(first), rest @ ..]) if *first == plain(ident) => Some(Mask::path(rest)),
            Some(_) => None,
        }
    }

    /// The one field that is wanted, by its Rust name, and the mask further on; `None` if more is wanted than a field.
    pub(crate) fn only_field(self) -> Option<(&'static str, Mask<'a>)> {
        match self.0 {
            Some([Step::Field(ident), rest @ ..]) => Some((plain(ident), Mask::path(rest))),
            _ => None,
        }
    }

    /// The mask one item further, if that item is wanted.
    pub fn index(self, index: usize) -> Option<Mask<'a>> {
        match self.0 {
            None => Some(self),
            Some([Step::Index(first), rest @ ..]) if *first == index => Some(Mask::path(rest)),
            Some(_) => None,
        }
    }

    /// The mask one map entry further, if that entry is wanted.
    pub fn key(self, key: &str) -> Option<Mask<'a>> {
        match self.0 {
            None => Some(self),
            Some([Step::Key(first), rest @ ..]) if *first == key => Some(Mask::path(rest)),
            Some(_) => None,
        }
    }
}

/// A Rust name without the `r#` that a keyword needs.
pub(crate) const fn plain(ident: &str) -> &str {
    match ident.as_bytes() {
        [b'r', b'#', ..] => ident.split_at(2).1,
        _ => ident,
    }
}

/// A field's value, as the driver sees it.
///
/// Implemented for the leaf types, for `Option`, `Vec` and `BTreeMap<String, _>` of slots, and for every [`Record`].
pub trait Slot {
    /// Whether the field is written at all.
    fn is_set(&self) -> bool {
        true
    }
    /// Writes the value.
    ///
    /// # Errors
    /// When the value cannot be carried: an integer beyond [`MAX_SAFE_INTEGER`], a number that is not finite.
    fn write(&self, writer: &mut dyn Writer) -> Result<(), CodecError>;
    /// Reads what stands at the reader, as far as the mask wants it.
    ///
    /// # Errors
    /// When something of another type stands there.
    fn read(&mut self, reader: &mut dyn Reader, mask: Mask<'_>) -> Result<(), CodecError>;
    /// Whether null is a value of this type rather than the absence of one.
    fn takes_null(&self) -> bool {
        false
    }
    /// What values of this type are made of. Asked of a value that may hold nothing: it tells the type, not the content.
    fn layout(&self, visit: &mut dyn FnMut(Layout<'_>)) {
        visit(Layout::Scalar);
    }
    /// Takes in an entry that the record has no field for. Only a record's `extra` field does something here.
    ///
    /// # Errors
    /// As for [`Slot::read`].
    fn read_extra(&mut self, _key: &str, _reader: &mut dyn Reader) -> Result<(), CodecError> {
        Ok(())
    }
    /// Writes the entries that [`Slot::read_extra`] took in, as entries of the record's own object.
    ///
    /// # Errors
    /// As for [`Slot::write`].
    fn write_extra(&self, _writer: &mut dyn Writer) -> Result<(), CodecError> {
        Ok(())
    }
}

/// What a type is made of, as far as names and list keys go.
#[derive(Clone, Copy)]
pub enum Layout<'a> {
    /// Nothing that has a name: a scalar, or free JSON.
    Scalar,
    /// Items of a list, all of the type shown.
    Items(&'a dyn Slot),
    /// Entries of a map, all of the type shown.
    Entries(&'a dyn Slot),
    /// Named fields, with a slot for each in the order of the shape.
    Record(&'static Shape, &'a [&'a dyn Slot]),
}

/// A value that could not be written or read: where, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodecError {
    path: String,
    reason: String,
}

impl CodecError {
    /// An error at the value itself.
    pub fn new(reason: impl Into<String>) -> Self {
        CodecError { path: String::new(), reason: reason.into() }
    }

    /// The error of a value of another type than the one expected.
    pub fn unexpected(expected: &str, found: &Token<'_>) -> Self {
        let found = match found {
            Token::Null => "null".to_owned(),
            Token::Boolean(value) => format!("the boolean {value}"),
            Token::Integer(value) => format!("the integer {value}"),
            Token::Number(value) => format!("the number {value}"),
            Token::String(_) => "a string".to_owned(),
            Token::List => "a list".to_owned(),
            Token::Object => "an object".to_owned(),
        };
        CodecError::new(format!("expected {expected}, found {found}"))
    }

    /// The same error, seen from the object or list around it.
    #[must_use]
    pub fn at(mut self, step: impl fmt::Display) -> Self {
        let step = step.to_string();
        let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("{step}{dot}{}", self.path);
        self
    }

    /// The path of the value, such as `spec.forProvider.tags[0]`; empty for the root.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What is wrong with it.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

impl fmt::Display for CodecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => f.write_str(&self.reason),
            path => write!(f, "{path}: {}", self.reason),
        }
    }
}

impl std::error::Error for CodecError {}
