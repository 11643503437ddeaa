//! Writing `google.protobuf.Struct` and `Value` straight into bytes.

use std::cell::Cell;

use super::protobuf::{field_len, put_bytes, put_head, varint_len};
use crate::codec::{CodecError, Slot, Writer};

/// The keys of the fields that hold a `Value`'s alternatives, with their wire types.
mod alternative {
    pub(super) const NULL: u8 = 1 << 3;
    pub(super) const NUMBER: u8 = 2 << 3 | 1;
    pub(super) const BOOLEAN: u8 = 4 << 3;
    pub(super) const STRUCT: u8 = 5 << 3 | 2;
    pub(super) const LIST: u8 = 6 << 3 | 2;
}

/// Up to this length, a string and what it is in have lengths of one byte.
const SHORT: usize = 0x7d;

thread_local! {
    /// Where a thread notes what is open while it writes, kept from one object to the next.
    static FRAMES: Cell<Vec<Frame>> = const { Cell::new(Vec::new()) };
}

/// Encodes an object as the content of a `Struct`.
///
/// # Errors
/// When it cannot be carried (see [`Slot::write`]), or is no object.
pub(super) fn encode_struct(value: &dyn Slot, out: &mut Vec<u8>) -> Result<(), CodecError> {
    let open = FRAMES.take();
    let mut writer = ValueWriter { out: std::mem::take(out), open, root_is_object: false };
    let result = value.write(&mut writer);
    let ValueWriter { out: written, mut open, root_is_object: is_object } = writer;
    *out = written;
    // What could not be written may have broken off anywhere.
    open.clear();
    FRAMES.set(open);
    match (result, is_object) {
        (Ok(()), false) => Err(CodecError::new("it is not an object")),
        (result, _) => result,
    }
}

/// Encodes anything as an entry of a `Struct`.
///
/// # Errors
/// When it cannot be carried; see [`Slot::write`].
pub(super) fn encode_entry(key: &str, value: &dyn Slot, out: &mut Vec<u8>) -> Result<(), CodecError> {
    let frame = Frame { is_object: true, wide: false, start: 0, within: 0, entry: 0 };
    let mut writer = ValueWriter { out: std::mem::take(out), open: vec![frame], root_is_object: true };
    writer.key(key);
    let result = value.write(&mut writer);
    *out = writer.out;
    result
}

/// Writes into a buffer. A message's length stands before it and is known only after it: each begins with one byte
/// kept free, which is enough for most, and what follows moves up for those that are longer than 127 bytes. Objects that mostly are
/// begin with two.
struct ValueWriter {
    out: Vec<u8>,
    open: Vec<Frame>,
    /// Whether the outermost value is an object, whose entries then stand in the buffer without anything around them.
    root_is_object: bool,
}

/// A list or an object that is being written. A `Value` that holds a message has two lengths: its own, and after that and a key the
/// length of what it holds.
#[derive(Clone, Copy)]
struct Frame {
    is_object: bool,
    /// Whether two bytes are kept for each of its lengths.
    wide: bool,
    /// Where the length of its `Value` stands; 0 for what is outermost, which has none.
    start: usize,
    /// Where the length of the entry stands that it is the value of; 0 if it is not the value of an entry.
    within: usize,
    /// Where the length of the entry stands whose key was written last; 0 if there is none.
    entry: usize,
}

impl ValueWriter {
    /// The number of the field that a `Value` is in, as the value of an entry or as an item, and the place of its entry's length.
    #[inline]
    fn field(&mut self) -> (u8, usize) {
        match self.open.last_mut() {
            Some(Frame { is_object: true, entry, .. }) => (2, std::mem::take(entry)),
            _ => (1, 0),
        }
    }

    /// Writes a `Value` of `length` bytes that has nothing within it.
    fn scalar(&mut self, length: usize, write: impl FnOnce(&mut Vec<u8>)) {
        let (number, entry) = self.field();
        put_head(&mut self.out, number, length);
        write(&mut self.out);
        self.close_entry(entry);
    }

    fn begin(&mut self, key: u8, is_object: bool) {
        if self.open.is_empty() {
            self.root_is_object = is_object;
            self.open.push(Frame { is_object, wide: false, start: 0, within: 0, entry: 0 });
            return;
        }
        let (number, within) = self.field();
        let wide = is_object && within > 0 && self.is_long();
        if wide {
            self.out.insert(within, 0);
        }
        let start = self.out.len() + 1;
        match wide {
            true => self.out.extend_from_slice(&[number << 3 | 2, 0, 0, key, 0, 0]),
            false => self.out.extend_from_slice(&[number << 3 | 2, 0, key, 0]),
        }
        self.open.push(Frame { is_object, wide, start, within, entry: 0 });
    }

    fn end(&mut self) {
        match self.open.pop() {
            Some(Frame { wide: true, start, within, .. }) => self.close_wide([within, start, start + 3]),
            Some(Frame { start, within: 0, .. }) if start > 0 => self.close(&[start, start + 2]),
            Some(Frame { start, within, .. }) if start > 0 => self.close(&[within, start, start + 2]),
            _ => {}
        }
    }

    /// Whether the object that begins is likely to take more than 127 bytes: the metadata and the spec of a managed resource do, and
    /// what is in the spec for the provider.
    fn is_long(&self) -> bool {
        match self.open.len() {
            1 => true,
            2 => self.out.ends_with(b"forProvider"),
            _ => false,
        }
    }

    /// Writes the lengths of messages that end here, one within the other, the outermost first: each where two bytes are kept for it.
    fn close_wide(&mut self, places: [usize; 3]) {
        // From the innermost, as what is within a message counts for its length.
        for place in places.into_iter().rev() {
            let length = self.out.len() - place - 2;
            match varint_len(length as u64) {
                1 => drop(self.out.remove(place)),
                bytes => (2..bytes).for_each(|_| self.out.insert(place, 0)),
            }
            put_length(&mut self.out, place, length);
        }
    }

    /// Writes the length of an entry that ends here, if there is one.
    #[inline]
    fn close_entry(&mut self, place: usize) {
        if place > 0 {
            self.close(&[place]);
        }
    }

    /// Writes the lengths of messages that end here, one within the other, the outermost first: each at its place.
    #[inline]
    fn close(&mut self, places: &[usize]) {
        let end = self.out.len();
        if places.first().is_some_and(|outermost| end - outermost > 0x80) {
            return self.close_long(places, end);
        }
        for &place in places {
            if let Some(byte) = self.out.get_mut(place) {
                *byte = (end - place - 1) as u8;
            }
        }
    }

    /// The same where a length takes more than the byte that is kept for it.
    fn close_long(&mut self, places: &[usize], end: usize) {
        // Each message ends here: its length is what follows its place, and what the lengths within it add.
        let mut lengths = [0_usize; 3];
        let mut added = 0;
        for (length, place) in lengths.iter_mut().zip(places.iter().rev()) {
            *length = end - place - 1 + added;
            added += varint_len(*length as u64) - 1;
        }
        self.out.resize(end + added, 0);
        // From the innermost: what follows a place moves by what the lengths up to and including it add.
        let mut segment_end = end;
        for (&length, &place) in lengths.iter().zip(places.iter().rev()) {
            self.out.copy_within(place + 1..segment_end, place + 1 + added);
            added -= varint_len(length as u64) - 1;
            put_length(&mut self.out, place + added, length);
            segment_end = place;
        }
    }
}

impl Writer for ValueWriter {
    fn null(&mut self) {
        self.scalar(2, |out| out.extend_from_slice(&[alternative::NULL, 0]));
    }

    fn boolean(&mut self, value: bool) {
        self.scalar(2, |out| out.extend_from_slice(&[alternative::BOOLEAN, value.into()]));
    }

    fn integer(&mut self, value: i64) {
        self.number(value as f64);
    }

    fn number(&mut self, value: f64) {
        self.scalar(9, |out| {
            out.push(alternative::NUMBER);
            out.extend_from_slice(&value.to_le_bytes());
        });
    }

    fn string(&mut self, value: &str) {
        let length = value.len();
        if length > SHORT {
            return self.scalar(field_len(length), |out| put_bytes(out, 3, value.as_bytes()));
        }
        let (number, entry) = self.field();
        self.out.extend_from_slice(&[number << 3 | 2, length as u8 + 2, 3 << 3 | 2, length as u8]);
        self.out.extend_from_slice(value.as_bytes());
        self.close_entry(entry);
    }

    fn begin_list(&mut self) {
        self.begin(alternative::LIST, false);
    }

    fn end_list(&mut self) {
        self.end();
    }

    fn begin_object(&mut self) {
        self.begin(alternative::STRUCT, true);
    }

    fn key(&mut self, key: &str) {
        let place = self.out.len() + 1;
        if key.len() > SHORT {
            self.out.extend_from_slice(&[1 << 3 | 2, 0]);
            put_bytes(&mut self.out, 1, key.as_bytes());
        } else {
            self.out.extend_from_slice(&[1 << 3 | 2, 0, 1 << 3 | 2, key.len() as u8]);
            self.out.extend_from_slice(key.as_bytes());
        }
        if let Some(frame) = self.open.last_mut() {
            frame.entry = place;
        }
    }

    fn end_object(&mut self) {
        self.end();
    }
}

/// Writes a length over bytes that are kept for it.
fn put_length(out: &mut [u8], place: usize, length: usize) {
    let mut rest = length;
    for byte in out.iter_mut().skip(place) {
        let more = rest >= 0x80;
        *byte = (rest & 0x7f) as u8 | if more { 0x80 } else { 0 };
        rest >>= 7;
        if !more {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::value::ValueReader;
    use super::*;
    use crate::codec::json::read_value;

    fn round(value: &Value) -> Value {
        let mut bytes = Vec::new();
        encode_struct(value, &mut bytes).unwrap();
        read_value(&mut ValueReader::of_struct(&bytes)).unwrap()
    }

    /// The lengths around a value grow by a byte at 128 and at 16,384, each on its own.
    #[test]
    fn messages_of_every_length_round_trip() {
        for length in (90..140).chain(16_300..16_400) {
            let text = "x".repeat(length);
            let value = json!({"a": {"b": [{"c": text}, [text, 1], null, true, -1.5]}, "d": text, "e": {}, "f": []});
            assert_eq!(round(&value), value, "{length}");
        }
    }

    /// The plainest way to write a `Value`: from within.
    fn plain(value: &Value) -> Vec<u8> {
        let mut out = Vec::new();
        match value {
            Value::Null => out.extend([alternative::NULL, 0]),
            Value::Bool(value) => out.extend([alternative::BOOLEAN, (*value).into()]),
            Value::Number(value) => {
                out.push(alternative::NUMBER);
                out.extend(value.as_f64().unwrap().to_le_bytes());
            }
            Value::String(text) => put_bytes(&mut out, 3, text.as_bytes()),
            Value::Array(items) => {
                let mut list = Vec::new();
                items.iter().for_each(|item| put_bytes(&mut list, 1, &plain(item)));
                put_bytes(&mut out, 6, &list);
            }
            Value::Object(_) => put_bytes(&mut out, 5, &plain_struct(value)),
        }
        out
    }

    fn plain_struct(value: &Value) -> Vec<u8> {
        let mut out = Vec::new();
        for (key, value) in value.as_object().unwrap() {
            let mut entry = Vec::new();
            put_bytes(&mut entry, 1, key.as_bytes());
            put_bytes(&mut entry, 2, &plain(value));
            put_bytes(&mut out, 1, &entry);
        }
        out
    }

    /// However many bytes were kept for a length, it takes as many as it needs.
    #[test]
    fn lengths_are_as_short_as_they_can_be() {
        for length in (0..140).chain(16_200..16_400).chain([2_097_100, 2_097_150, 2_097_200]) {
            let text = "x".repeat(length);
            let value =
                json!({"metadata": {"name": text}, "spec": {"forProvider": {"a": [{"b": text}]}, "c": {"d": text}}});
            let mut bytes = Vec::new();
            encode_struct(&value, &mut bytes).unwrap();
            assert!(bytes == plain_struct(&value), "{length}");
        }
    }

    #[test]
    fn bytes_are_those_of_the_protocol() {
        let mut bytes = Vec::new();
        encode_struct(&json!({"a": [1, {"b": "cccc"}]}), &mut bytes).unwrap();
        #[rustfmt::skip]
        let expected = [
            0x0a, 0x23, 0x0a, 1, b'a', 0x12, 0x1e, 0x32, 0x1c,
            0x0a, 0x09, 0x11, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f,
            0x0a, 0x0f, 0x2a, 0x0d, 0x0a, 0x0b, 0x0a, 1, b'b', 0x12, 0x06, 0x1a, 4, b'c', b'c', b'c', b'c',
        ];
        assert_eq!(bytes, expected);
    }

    #[test]
    fn only_objects_are_structs() {
        for value in [json!([]), json!("text"), json!(null)] {
            assert_eq!(encode_struct(&value, &mut Vec::new()).unwrap_err().to_string(), "it is not an object");
        }
        let error = encode_struct(&json!({"n": [9_007_199_254_740_993_i64]}), &mut Vec::new()).unwrap_err();
        assert_eq!(error.path(), "n[0]");
    }
}
