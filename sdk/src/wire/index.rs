//! Where everything stands in a request: its maps, sorted by key, and the objects in them, which stay unread.

use std::cell::{Cell, OnceCell};
use std::ops::Range;

use bytes::Bytes;

use super::Malformed;
use super::buffer::{Buffer, Pieces, Placed, Span};
use super::protobuf::{Broken, Fields, Payload, text};
use super::value::Roots;
use crate::state::{ConnectionDetails, Ready};

/// The fields of a `RunFunctionRequest`.
#[derive(Debug)]
pub(super) struct Index {
    pub(super) buffer: Buffer,
    pub(super) tag: Span,
    /// The numbers of the capabilities that the caller has.
    pub(super) capabilities: Vec<i32>,
    pub(super) observed: State,
    pub(super) desired: State,
    pub(super) input: Option<Span>,
    pub(super) context: Option<Span>,
    /// What requirements found, by name: the `Struct`s of the objects. The deprecated map comes second.
    pub(super) required: [Map<Vec<Span>>; 2],
    /// The schemas that requirements found, by name.
    pub(super) schemas: Map<Option<Span>>,
    pub(super) credentials: Map<ConnectionDetails>,
}

/// A `State`: observed or desired.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) composite: Option<Object>,
    pub(super) resources: Map<Object>,
    /// Fields that the protocol did not have when this was written.
    pub(super) unknown: Vec<Span>,
}

/// A `Resource`.
#[derive(Debug, Default)]
pub(super) struct Object {
    /// The whole message.
    pub(super) message: Span,
    /// The `Struct`; empty if there is none.
    pub(super) resource: Span,
    pub(super) connection: ConnectionDetails,
    pub(super) ready: Ready,
    /// Where the parts of the object stand that every object has, once somebody has looked for one: what is observed is asked for
    /// its kind, its conditions and its fields, one after the other.
    pub(super) roots: OnceCell<Roots>,
}

/// A map of the protocol, sorted by key. Of entries with the same key the last one counts.
#[derive(Debug)]
pub(super) struct Map<T> {
    /// All keys, one after the other: who looks for one does not touch the request, which is large.
    keys: String,
    entries: Vec<(Range<usize>, T)>,
    /// The entry that was found last. Whoever asks for an entry mostly asks again, or for the next one.
    last: Cell<usize>,
}

impl<T> Default for Map<T> {
    fn default() -> Self {
        Map::with_capacity(0)
    }
}

impl<T> Map<T> {
    fn with_capacity(count: usize) -> Self {
        // Keys are mostly longer than this.
        Map { keys: String::with_capacity(16 * count), entries: Vec::with_capacity(count), last: Cell::new(0) }
    }

    fn key(&self, range: &Range<usize>) -> &str {
        self.keys.get(range.clone()).unwrap_or_default()
    }

    pub(super) fn get(&self, key: &str) -> Option<&T> {
        let last = self.last.get();
        if let Some((_, value)) = self.entries.get(last).filter(|(at, _)| self.key(at) == key) {
            return Some(value);
        }
        let found = self.entries.binary_search_by(|(at, _)| self.key(at).cmp(key)).ok()?;
        self.last.set(found);
        self.entries.get(found).map(|(_, value)| value)
    }

    /// Its entries, sorted by key.
    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &T)> {
        self.entries.iter().map(|(key, value)| (self.key(key), value))
    }

    fn push(&mut self, key: &str, value: T) {
        let start = self.keys.len();
        self.keys.push_str(key);
        self.entries.push((start..self.keys.len(), value));
    }

    fn sort(&mut self) {
        let Map { keys, entries, .. } = self;
        let key = |range: &Range<usize>| keys.get(range.clone()).unwrap_or_default();
        // The sort is stable, so of equal keys the last stays last; and it is the one that is kept.
        entries.sort_by(|(left, _), (right, _)| key(left).cmp(key(right)));
        entries.dedup_by(|later, kept| {
            let same = key(&later.0) == key(&kept.0);
            if same {
                std::mem::swap(later, kept);
            }
            same
        });
    }
}

impl Index {
    pub(super) fn parse(request: Bytes) -> Result<Self, Malformed> {
        let mut buffer = Buffer::new(request).map_err(|broken| Malformed::at("", broken))?;
        let mut pieces: [Pieces; 6] = Default::default();
        let mut entries: [Vec<Span>; 4] = Default::default();
        let whole = buffer.whole();
        let in_request = |broken| Malformed::at("", broken);
        let mut fields = Placed::new(&buffer, whole);
        while let Some(found) = fields.next().map_err(in_request)? {
            let number = found.field.number;
            match (number, number as usize) {
                (1..=5, number) => pieces[number].push(found.span().map_err(in_request)?),
                (6..=9, number) => entries[number - 6].push(found.span().map_err(in_request)?),
                _ => {}
            }
        }
        let [_, meta, observed, desired, input, context] = pieces;
        let [extra, credentials, required, schemas] = entries;
        let mut join =
            |pieces: &Pieces, place: &str| buffer.join(pieces).map_err(|broken| Malformed::at(place, broken));
        let meta = join(&meta, "meta")?;
        let observed = join(&observed, "observed")?;
        let desired = join(&desired, "desired")?;
        let input = join(&input, "input")?;
        let context = join(&context, "context")?;
        let (tag, capabilities) = match meta {
            Some(meta) => request_meta(&buffer, meta).map_err(|broken| Malformed::at("meta", broken))?,
            None => Default::default(),
        };
        Ok(Index {
            tag,
            capabilities,
            observed: state(&mut buffer, observed, "observed")?,
            desired: state(&mut buffer, desired, "desired")?,
            input,
            context,
            required: [
                map(&mut buffer, required, "required_resources", resources)?,
                map(&mut buffer, extra, "extra_resources", resources)?,
            ],
            schemas: map(&mut buffer, schemas, "required_schemas", schema)?,
            credentials: map(&mut buffer, credentials, "credentials", credential_data)?,
            buffer,
        })
    }
}

/// The tag and the capabilities.
fn request_meta(buffer: &Buffer, meta: Span) -> Result<(Span, Vec<i32>), Broken> {
    let (mut tag, mut capabilities) = (Span::default(), Vec::new());
    let mut fields = Placed::new(buffer, meta);
    while let Some(found) = fields.next()? {
        match (found.field.number, found.field.payload) {
            (1, _) => {
                text(found.field.bytes()?)?;
                tag = found.span()?;
            }
            // Lists of numbers may be packed.
            (2, Payload::Bytes(packed)) => {
                let mut numbers = Fields::new(packed);
                while let Some(number) = numbers.next_number()? {
                    capabilities.push(number as i32);
                }
            }
            (2, _) => capabilities.push(found.field.varint()? as i32),
            _ => {}
        }
    }
    Ok((tag, capabilities))
}

fn state(buffer: &mut Buffer, message: Option<Span>, place: &str) -> Result<State, Malformed> {
    let Some(message) = message else { return Ok(State::default()) };
    let broken = |broken| Malformed::at(place, broken);
    let (mut composite, mut entries, mut unknown) = (Pieces::default(), Vec::new(), Vec::new());
    let mut fields = Placed::new(buffer, message);
    while let Some(found) = fields.next().map_err(broken)? {
        match found.field.number {
            1 => composite.push(found.span().map_err(broken)?),
            2 => entries.push(found.span().map_err(broken)?),
            _ => unknown.push(found.whole),
        }
    }
    let in_composite = |broken| Malformed::at(format!("{place}.composite"), broken);
    let composite = match buffer.join(&composite).map_err(in_composite)? {
        Some(message) => Some(object(buffer, message).map_err(in_composite)?),
        None => None,
    };
    let resources = map(buffer, entries, &format!("{place}.resources"), object)?;
    Ok(State { composite, resources, unknown })
}

/// Reads the entries of a map from string to message.
fn map<T>(
    buffer: &mut Buffer,
    entries: Vec<Span>,
    place: &str,
    mut read: impl FnMut(&mut Buffer, Span) -> Result<T, Broken>,
) -> Result<Map<T>, Malformed> {
    let mut map = Map::with_capacity(entries.len());
    for entry in entries {
        let (key, value) = map_entry(buffer, entry).map_err(|broken| Malformed::at(place, broken))?;
        let in_entry = |buffer: &Buffer, broken| {
            Malformed::at(format!("{place}[{:?}]", String::from_utf8_lossy(buffer.get(key))), broken)
        };
        let value = buffer.join(&value).map_err(|broken| in_entry(buffer, broken))?.unwrap_or_default();
        let value = read(buffer, value).map_err(|broken| in_entry(buffer, broken))?;
        map.push(text(buffer.get(key)).map_err(|broken| in_entry(buffer, broken))?, value);
    }
    map.sort();
    Ok(map)
}

fn map_entry(buffer: &Buffer, entry: Span) -> Result<(Span, Pieces), Broken> {
    let (mut key, mut value) = (Span::default(), Pieces::default());
    let mut fields = Placed::new(buffer, entry);
    while let Some(found) = fields.next()? {
        match found.field.number {
            1 => key = found.span()?,
            2 => value.push(found.span()?),
            _ => {}
        }
    }
    Ok((key, value))
}

fn object(buffer: &mut Buffer, message: Span) -> Result<Object, Broken> {
    let (mut resource, mut connection, mut ready) = (Pieces::default(), ConnectionDetails::new(), Ready::default());
    let mut fields = Placed::new(buffer, message);
    while let Some(found) = fields.next()? {
        match found.field.number {
            1 => resource.push(found.span()?),
            2 => {
                let (name, value) = bytes_entry(found.field.bytes()?)?;
                connection.insert(name, value);
            }
            3 => {
                ready = match found.field.varint()? as i32 {
                    1 => Ready::True,
                    2 => Ready::False,
                    _ => Ready::Unspecified,
                };
            }
            _ => {}
        }
    }
    let resource = buffer.join(&resource)?.unwrap_or_default();
    Ok(Object { message, resource, connection, ready, roots: OnceCell::new() })
}

/// An entry of a map from string to bytes.
fn bytes_entry(entry: &[u8]) -> Result<(&str, &[u8]), Broken> {
    let (mut name, mut value) = ("", &[][..]);
    let mut fields = Fields::new(entry);
    while let Some(field) = fields.next()? {
        match field.number {
            1 => name = text(field.bytes()?)?,
            2 => value = field.bytes()?,
            _ => {}
        }
    }
    Ok((name, value))
}

/// The objects of a `Resources`.
fn resources(buffer: &mut Buffer, message: Span) -> Result<Vec<Span>, Broken> {
    let mut items = Vec::new();
    let mut fields = Placed::new(buffer, message);
    while let Some(found) = fields.next()? {
        if found.field.number == 1 {
            items.push(found.span()?);
        }
    }
    items.into_iter().map(|item| object(buffer, item).map(|object| object.resource)).collect()
}

/// The document of a `Schema`; none if nothing was found.
fn schema(buffer: &mut Buffer, message: Span) -> Result<Option<Span>, Broken> {
    let mut pieces = Pieces::default();
    let mut fields = Placed::new(buffer, message);
    while let Some(found) = fields.next()? {
        if found.field.number == 1 {
            pieces.push(found.span()?);
        }
    }
    let Some(document) = buffer.join(&pieces)? else { return Ok(None) };
    // A document without entries says that nothing was found.
    let mut entries = Fields::new(buffer.get(document));
    while let Some(entry) = entries.next()? {
        if entry.number == 1 {
            return Ok(Some(document));
        }
    }
    Ok(None)
}

/// The data of `Credentials`.
fn credential_data(buffer: &mut Buffer, message: Span) -> Result<ConnectionDetails, Broken> {
    let mut credentials = ConnectionDetails::new();
    let mut sources = Fields::new(buffer.get(message));
    while let Some(source) = sources.next()? {
        if source.number == 1 {
            let mut entries = Fields::new(source.bytes()?);
            while let Some(entry) = entries.next()? {
                if entry.number == 1 {
                    let (name, value) = bytes_entry(entry.bytes()?)?;
                    credentials.insert(name, value);
                }
            }
        }
    }
    Ok(credentials)
}
