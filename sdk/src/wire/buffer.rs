//! The bytes of a request, and places in them.

use bytes::Bytes;

use super::protobuf::{Broken, Fields};

/// A place in a [`Buffer`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Span {
    start: u32,
    end: u32,
}

/// The bytes of a request, which are never copied; and after them, in the same count, messages that came in pieces.
#[derive(Debug)]
pub(super) struct Buffer {
    request: Bytes,
    merged: Vec<u8>,
}

impl Buffer {
    pub(super) fn new(request: Bytes) -> Result<Self, Broken> {
        u32::try_from(request.len()).map_err(|_| Broken::Size)?;
        Ok(Buffer { request, merged: Vec::new() })
    }

    /// The whole request.
    pub(super) fn whole(&self) -> Span {
        Span { start: 0, end: u32::try_from(self.request.len()).unwrap_or(u32::MAX) }
    }

    /// What stands at a place.
    #[inline]
    pub(super) fn get(&self, span: Span) -> &[u8] {
        let (start, end) = (span.start as usize, span.end as usize);
        match start < self.request.len() {
            true => self.request.get(start..end),
            false => {
                let before = self.request.len();
                self.merged.get(start - before..end.saturating_sub(before))
            }
        }
        .unwrap_or_default()
    }

    /// Makes one message of its pieces: merging messages is the same as reading one after the other.
    pub(super) fn join(&mut self, pieces: &Pieces) -> Result<Option<Span>, Broken> {
        let Some(first) = pieces.first else { return Ok(None) };
        if pieces.more.is_empty() {
            return Ok(Some(first));
        }
        let start = self.request.len() + self.merged.len();
        for piece in std::iter::once(&first).chain(&pieces.more) {
            let bytes = self.get(*piece).to_vec();
            self.merged.extend_from_slice(&bytes);
        }
        let end = self.request.len() + self.merged.len();
        match (u32::try_from(start), u32::try_from(end)) {
            (Ok(start), Ok(end)) => Ok(Some(Span { start, end })),
            _ => Err(Broken::Size),
        }
    }
}

/// Where a message field stands, which may come any number of times.
#[derive(Clone, Debug, Default)]
pub(super) struct Pieces {
    first: Option<Span>,
    more: Vec<Span>,
}

impl Pieces {
    pub(super) fn push(&mut self, span: Span) {
        match self.first {
            None => self.first = Some(span),
            Some(_) => self.more.push(span),
        }
    }
}

/// The fields of a message at a place, with the places of what they hold.
pub(super) struct Placed<'a> {
    start: u32,
    fields: Fields<'a>,
}

/// A field, and where it stands.
pub(super) struct PlacedField<'a> {
    pub(super) field: super::protobuf::Field<'a>,
    /// The whole field, with its key.
    pub(super) whole: Span,
}

impl PlacedField<'_> {
    /// Where the bytes of a string, bytes or message field stand.
    pub(super) fn span(&self) -> Result<Span, Broken> {
        let length = self.field.bytes()?.len();
        let start = u32::try_from(length).ok().and_then(|length| self.whole.end.checked_sub(length));
        Ok(Span { start: start.ok_or(Broken::Size)?, ..self.whole })
    }
}

impl<'a> Placed<'a> {
    pub(super) fn new(buffer: &'a Buffer, span: Span) -> Self {
        Placed { start: span.start, fields: Fields::new(buffer.get(span)) }
    }

    pub(super) fn next(&mut self) -> Result<Option<PlacedField<'a>>, Broken> {
        let start = self.here()?;
        let Some(field) = self.fields.next()? else { return Ok(None) };
        Ok(Some(PlacedField { field, whole: Span { start, end: self.here()? } }))
    }

    fn here(&self) -> Result<u32, Broken> {
        let offset = u32::try_from(self.fields.offset()).map_err(|_| Broken::Size)?;
        self.start.checked_add(offset).ok_or(Broken::Size)
    }
}
