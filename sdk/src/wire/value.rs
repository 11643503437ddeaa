//! `google.protobuf.Struct` and `Value` as a backing of the codec, read where they lie.

use std::borrow::Cow;
use std::cell::OnceCell;

use super::protobuf::{Broken, Fields, text};
use crate::codec::{CodecError, OnEntry, OnItem, Reader, Token, finite_token};

/// How deep objects and lists may nest. Readers call themselves for every level, so there has to be an end.
pub(super) const MAX_DEPTH: u8 = 128;

/// What a `Value` holds. Messages are borrowed, unless they came in pieces.
#[derive(Clone, Debug)]
enum Kind<'a> {
    Null,
    Number(f64),
    Text(&'a [u8]),
    Boolean(bool),
    Struct(Cow<'a, [u8]>),
    List(Cow<'a, [u8]>),
}

/// A position at a `Value`, or at a `Struct`, which is always an object.
#[derive(Clone, Debug)]
pub(super) struct ValueReader<'a> {
    message: Cow<'a, [u8]>,
    /// Whether the message is a `Struct`.
    is_struct: bool,
    /// How many levels may follow.
    depth: u8,
}

impl<'a> ValueReader<'a> {
    /// Stands at a `Struct`.
    pub(super) fn of_struct(message: &'a [u8]) -> Self {
        ValueReader { message: Cow::Borrowed(message), is_struct: true, depth: MAX_DEPTH }
    }

    /// Stands at a `Value`; an empty one is null.
    pub(super) fn of_value(message: impl Into<Cow<'a, [u8]>>) -> Self {
        ValueReader { message: message.into(), is_struct: false, depth: MAX_DEPTH }
    }

    fn kind(&self) -> Result<Kind<'_>, CodecError> {
        match self.is_struct {
            true => Ok(Kind::Struct(Cow::Borrowed(&self.message))),
            false => kind(&self.message).map_err(malformed),
        }
    }

    fn deeper(&self) -> Result<u8, CodecError> {
        self.depth.checked_sub(1).ok_or_else(|| malformed(Broken::Depth))
    }
}

impl Reader for ValueReader<'_> {
    fn token(&mut self) -> Result<Token<'_>, CodecError> {
        Ok(match self.kind()? {
            Kind::Null => Token::Null,
            Kind::Number(number) => finite_token(number)?,
            Kind::Text(bytes) => Token::String(text(bytes).map_err(malformed)?),
            Kind::Boolean(value) => Token::Boolean(value),
            Kind::Struct(_) => Token::Object,
            Kind::List(_) => Token::List,
        })
    }

    fn items(&mut self, each: OnItem<'_>) -> Result<(), CodecError> {
        let (Kind::List(list), depth) = (self.kind()?, self.deeper()?) else { return Ok(()) };
        let mut fields = Fields::new(&list);
        while let Some(field) = fields.next().map_err(malformed)? {
            if field.number == 1 {
                let message = Cow::Borrowed(field.bytes().map_err(malformed)?);
                each(&mut ValueReader { message, is_struct: false, depth })?;
            }
        }
        Ok(())
    }

    fn entries(&mut self, each: OnEntry<'_>) -> Result<(), CodecError> {
        let (Kind::Struct(object), depth) = (self.kind()?, self.deeper()?) else { return Ok(()) };
        let mut fields = Fields::new(&object);
        while let Some(field) = fields.next().map_err(malformed)? {
            if field.number == 1 {
                let (key, message) = field.bytes().and_then(entry).map_err(malformed)?;
                let key = text(key).map_err(malformed)?;
                if let Err(error) = each(key, &mut ValueReader { message, is_struct: false, depth }) {
                    // Of an entry that comes again, nothing counts.
                    if find(fields.rest(), key).map_err(malformed)?.is_none() {
                        return Err(error);
                    }
                }
            }
        }
        Ok(())
    }

    fn entry(&mut self, key: &str, each: OnItem<'_>) -> Result<(), CodecError> {
        let (Kind::Struct(object), depth) = (self.kind()?, self.deeper()?) else { return Ok(()) };
        match find(&object, key).map_err(malformed)? {
            Some(message) => each(&mut ValueReader { message, is_struct: false, depth }),
            None => Ok(()),
        }
    }

    fn has_text(&mut self, key: &str, text: &str) -> Result<bool, CodecError> {
        let (Kind::Struct(object), _) = (self.kind()?, self.deeper()?) else { return Ok(false) };
        match find(&object, key).map_err(malformed)? {
            Some(value) => is_text(&value, text),
            None => Ok(false),
        }
    }
}

/// Whether a `Value` is that string. What is malformed is so whatever it is compared with.
fn is_text(value: &[u8], wanted: &str) -> Result<bool, CodecError> {
    match kind(value).map_err(malformed)? {
        Kind::Text(bytes) if bytes == wanted.as_bytes() => Ok(true),
        Kind::Text(bytes) => text(bytes).map(|_| false).map_err(malformed),
        Kind::Number(number) => finite_token(number).map(|_| false),
        _ => Ok(false),
    }
}

/// Where the parts stand that every object of Kubernetes has, in the order of [`Roots::NAMES`]; `None` where the object is written in
/// a way of its own.
#[derive(Debug)]
pub(super) struct Roots(Option<[(u32, u32); Roots::NAMES.len()]>);

impl Roots {
    const NAMES: [&'static str; 5] = ["apiVersion", "kind", "metadata", "spec", "status"];

    fn of(object: &[u8]) -> Self {
        let mut places = [(0, 0); Roots::NAMES.len()];
        let mut rest = object;
        while let Some((key, value, after)) = usual_field(rest) {
            if let Some(index) = Roots::NAMES.iter().position(|name| name.as_bytes() == key) {
                let end = object.len() - after.len();
                let (Ok(start), Ok(end)) = (u32::try_from(end - value.len()), u32::try_from(end)) else {
                    return Roots(None);
                };
                // What comes later counts.
                places[index] = (start, end);
            }
            rest = after;
        }
        Roots(rest.is_empty().then_some(places))
    }
}

/// A position at an observed or desired object, whose parts are looked for once.
pub(super) struct ObjectReader<'a> {
    object: &'a [u8],
    roots: &'a OnceCell<Roots>,
    reader: ValueReader<'a>,
}

impl<'a> ObjectReader<'a> {
    pub(super) fn new(object: &'a [u8], roots: &'a OnceCell<Roots>) -> Self {
        ObjectReader { object, roots, reader: ValueReader::of_struct(object) }
    }

    /// One of the parts that are looked for once, if it is there; `None` if it is to be looked for like any other entry.
    fn part(&self, key: &str) -> Option<Option<&'a [u8]>> {
        let index = Roots::NAMES.iter().position(|name| *name == key)?;
        let Roots(Some(places)) = self.roots.get_or_init(|| Roots::of(self.object)) else { return None };
        match places[index] {
            (0, 0) => Some(None),
            (start, end) => Some(self.object.get(start as usize..end as usize)),
        }
    }
}

impl Reader for ObjectReader<'_> {
    fn token(&mut self) -> Result<Token<'_>, CodecError> {
        self.reader.token()
    }

    fn items(&mut self, each: OnItem<'_>) -> Result<(), CodecError> {
        self.reader.items(each)
    }

    fn entries(&mut self, each: OnEntry<'_>) -> Result<(), CodecError> {
        self.reader.entries(each)
    }

    fn entry(&mut self, key: &str, each: OnItem<'_>) -> Result<(), CodecError> {
        match self.part(key) {
            Some(Some(part)) => each(&mut ValueReader { message: part.into(), is_struct: false, depth: MAX_DEPTH - 1 }),
            Some(None) => Ok(()),
            None => self.reader.entry(key, each),
        }
    }

    fn has_text(&mut self, key: &str, text: &str) -> Result<bool, CodecError> {
        match self.part(key) {
            Some(part) => part.map_or(Ok(false), |part| is_text(part, text)),
            None => self.reader.has_text(key, text),
        }
    }
}

/// The error of bytes that are not what the protocol says.
fn malformed(broken: Broken) -> CodecError {
    CodecError::new(format!("the request is malformed here: {broken}"))
}

/// What a `Value` holds. As in every oneof the last field counts, and a message that follows itself is merged with it.
#[inline]
fn kind(value: &[u8]) -> Result<Kind<'_>, Broken> {
    match usual_kind(value) {
        Some(kind) => Ok(kind),
        None => any_kind(value),
    }
}

/// What a `Value` holds that has one field of less than 16 KiB, as almost all have.
#[inline]
fn usual_kind(value: &[u8]) -> Option<Kind<'_>> {
    let (key, content) = match *value {
        [key, length @ 0..0x80, ref content @ ..] if content.len() == usize::from(length) => (key, content),
        [key, low @ 0x80..=0xff, high @ 0..0x80, ref content @ ..]
            if content.len() == usize::from(low & 0x7f) | usize::from(high) << 7 =>
        {
            (key, content)
        }
        _ => return None,
    };
    match key {
        0x1a => Some(Kind::Text(content)),
        0x2a => Some(Kind::Struct(Cow::Borrowed(content))),
        0x32 => Some(Kind::List(Cow::Borrowed(content))),
        _ => None,
    }
}

fn any_kind(value: &[u8]) -> Result<Kind<'_>, Broken> {
    let mut fields = Fields::new(value);
    let mut kind = Kind::Null;
    while let Some(field) = fields.next()? {
        kind = match (field.number, kind) {
            (1, _) => field.varint().map(|_| Kind::Null)?,
            (2, _) => Kind::Number(field.double()?),
            (3, _) => Kind::Text(field.bytes()?),
            (4, _) => Kind::Boolean(field.varint()? != 0),
            (5, Kind::Struct(message)) => Kind::Struct(joined(message, field.bytes()?)),
            (5, _) => Kind::Struct(Cow::Borrowed(field.bytes()?)),
            (6, Kind::List(message)) => Kind::List(joined(message, field.bytes()?)),
            (6, _) => Kind::List(Cow::Borrowed(field.bytes()?)),
            (_, kind) => kind,
        };
    }
    Ok(kind)
}

/// Merging two messages is the same as reading one after the other.
fn joined<'a>(message: Cow<'a, [u8]>, more: &[u8]) -> Cow<'a, [u8]> {
    let mut message = message.into_owned();
    message.extend_from_slice(more);
    Cow::Owned(message)
}

/// The key and the value of an entry of a map of messages. A field that is not there is empty.
#[inline]
pub(super) fn entry(message: &[u8]) -> Result<(&[u8], Cow<'_, [u8]>), Broken> {
    match usual_entry(message) {
        Some((key, value)) => Ok((key, Cow::Borrowed(value))),
        None => any_entry(message),
    }
}

/// An entry as everybody writes it: a key of less than 128 bytes, then the value, and nothing else.
#[inline]
fn usual_entry(message: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&[0x0a, length @ 0..0x80], rest) = message.split_first_chunk()? else { return None };
    let (key, rest) = rest.split_at_checked(length.into())?;
    let (&0x12, rest) = rest.split_first()? else { return None };
    let (length, value) = usual_length(rest)?;
    (value.len() == length).then_some((key, value))
}

/// A length of less than 2 MiB, and what follows it.
#[inline]
fn usual_length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let low = |byte: u8| usize::from(byte & 0x7f);
    match *bytes {
        [one @ 0..0x80, ref rest @ ..] => Some((usize::from(one), rest)),
        [one, two @ 0..0x80, ref rest @ ..] => Some((low(one) | low(two) << 7, rest)),
        [one, two, three @ 0..0x80, ref rest @ ..] => Some((low(one) | low(two) << 7 | low(three) << 14, rest)),
        _ => None,
    }
}

/// The key and the value of the entry that a `Struct` begins with, and what follows it, if it is written as everybody does:
/// in a fraction of the time that fields take of which everything has to be expected.
#[inline]
fn usual_field(object: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let (&0x0a, rest) = object.split_first()? else { return None };
    let (length, rest) = usual_length(rest)?;
    let (message, rest) = rest.split_at_checked(length)?;
    let (key, value) = usual_entry(message)?;
    Some((key, value, rest))
}

#[cold]
fn any_entry(message: &[u8]) -> Result<(&[u8], Cow<'_, [u8]>), Broken> {
    let mut key = &[][..];
    let mut value: Option<Cow<'_, [u8]>> = None;
    let mut fields = Fields::new(message);
    while let Some(field) = fields.next()? {
        match field.number {
            1 => key = field.bytes()?,
            2 => {
                let bytes = field.bytes()?;
                value = Some(match value {
                    None => Cow::Borrowed(bytes),
                    Some(before) => joined(before, bytes),
                });
            }
            _ => {}
        }
    }
    Ok((key, value.unwrap_or_default()))
}

/// The value of an entry of a `Struct`, if it has one.
pub(super) fn find<'a>(object: &'a [u8], wanted: &str) -> Result<Option<Cow<'a, [u8]>>, Broken> {
    let (mut found, mut rest) = (None, object);
    loop {
        while let Some((key, value, after)) = usual_field(rest) {
            // What comes later counts.
            if key == wanted.as_bytes() {
                found = Some(Cow::Borrowed(value));
            }
            rest = after;
        }
        let mut fields = Fields::new(rest);
        let Some(field) = fields.next()? else { return Ok(found) };
        if field.number == 1 {
            let (key, value) = entry(field.bytes()?)?;
            if key == wanted.as_bytes() {
                found = Some(value);
            }
        }
        rest = fields.rest();
    }
}

/// Copies a `Struct` without the entries whose key matches.
pub(super) fn copy_without(object: &[u8], matches: impl Fn(&str) -> bool, out: &mut Vec<u8>) -> Result<(), Broken> {
    let mut fields = Fields::new(object);
    loop {
        let start = fields.offset();
        let Some(field) = fields.next()? else { return Ok(()) };
        let left_out = field.number == 1 && matches(text(entry(field.bytes()?)?.0)?);
        if !left_out {
            out.extend_from_slice(object.get(start..fields.offset()).unwrap_or_default());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::json::read_value;

    /// Looking once for the parts of an object finds what looking for each does, however the object is written.
    #[test]
    fn parts_are_found_as_fields_are() {
        let text = |text: &str| [&[0x1a, text.len() as u8], text.as_bytes()].concat();
        let field = |number: u8, bytes: &[u8]| [&[number << 3 | 2, bytes.len() as u8], bytes].concat();
        let entry = |key: &str, value: &[u8]| field(1, &[field(1, key.as_bytes()), field(2, value)].concat());
        let backwards = |key: &str, value: &[u8]| field(1, &[field(2, value), field(1, key.as_bytes())].concat());
        let kind = entry("kind", &text("Bucket"));
        let objects = [
            Vec::new(),
            kind.clone(),
            [kind.clone(), entry("status", &text("one")), entry("status", &text("two"))].concat(),
            // An entry without a value, one without a key, and fields that nobody knows.
            [field(1, &field(1, b"spec")), kind.clone()].concat(),
            [field(1, &field(2, &text("nameless"))), kind.clone()].concat(),
            [field(7, b"unknown"), kind.clone(), vec![0x10, 0x01]].concat(),
            [backwards("spec", &text("x")), kind.clone()].concat(),
            [entry("spec", &[]), kind.clone()].concat(),
            // A value in two pieces is one.
            field(1, &[field(1, b"spec"), field(2, &text("a")), field(2, &text("b"))].concat()),
            // Broken in the middle.
            [kind.clone(), vec![0x0a, 0x7f]].concat(),
            [vec![0x0a, 0x80], kind].concat(),
        ];
        for object in objects {
            for key in Roots::NAMES.into_iter().chain(["other", ""]) {
                let found = |reader: &mut dyn Reader| {
                    let mut found = Vec::new();
                    let outcome = reader.entry(key, &mut |value| {
                        found.push(read_value(value)?);
                        Ok(())
                    });
                    (found, outcome.map_err(|error| error.to_string()))
                };
                let parts = OnceCell::new();
                let plain = found(&mut ValueReader::of_struct(&object));
                // Asked twice, it answers the same.
                for _ in 0..2 {
                    assert_eq!(found(&mut ObjectReader::new(&object, &parts)), plain, "{key:?} of {object:x?}");
                }
                for text in ["Bucket", "two", "one"] {
                    let has = |reader: &mut dyn Reader| reader.has_text(key, text).map_err(|error| error.to_string());
                    let said = plain.1.clone().map(|()| plain.0.iter().any(|value| value == text));
                    assert_eq!(has(&mut ValueReader::of_struct(&object)), said, "{key:?} of {object:x?}");
                    assert_eq!(has(&mut ObjectReader::new(&object, &parts)), said, "{key:?} of {object:x?}");
                }
            }
        }
    }
}
