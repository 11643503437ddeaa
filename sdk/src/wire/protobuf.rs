//! Protobuf's encoding, as far as the function protocol uses it: the fields of a message one after the other.
//!
//! Reading follows the official decoders where they are strict: numbers end within ten bytes, lengths end within their
//! message, groups are passed over if they are whole, and a known field has its own wire type or the message is broken.

use std::fmt;

/// How deep groups may nest; the limit of the official decoders.
const MAX_GROUPS: usize = 100;

/// Why bytes are not a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Broken {
    /// A field ends beyond its message.
    Truncated,
    /// A number takes more than 64 bits.
    Varint,
    /// A field has no valid number or wire type.
    Key(u64),
    /// A field has another wire type than the protocol gives it.
    WireType(u32),
    /// A group does not end as it began.
    Group,
    /// A string is not UTF-8.
    Utf8,
    /// Objects and lists nest too deep.
    Depth,
    /// There are more bytes than can be told apart.
    Size,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Broken::Truncated => f.write_str("a field ends beyond its message"),
            Broken::Varint => f.write_str("a number takes more than 64 bits"),
            Broken::Key(key) => write!(f, "{key} is no field's number and type"),
            Broken::WireType(number) => write!(f, "field {number} is not of the protocol's type"),
            Broken::Group => f.write_str("a group does not end as it began"),
            Broken::Utf8 => f.write_str("a string is not UTF-8"),
            Broken::Depth => {
                write!(f, "objects and lists nest more than {} levels deep", super::value::MAX_DEPTH)
            }
            Broken::Size => f.write_str("it is larger than 4 GiB"),
        }
    }
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Payload<'a> {
    /// A number, an enum or a boolean.
    Varint(u64),
    /// Eight bytes: a double.
    Fixed64([u8; 8]),
    /// A string, bytes, a message or a packed list.
    Bytes(&'a [u8]),
    /// Something that the function protocol has no field for.
    Foreign,
}

/// A field of a message.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Field<'a> {
    /// Its number.
    pub(super) number: u32,
    /// What it holds.
    pub(super) payload: Payload<'a>,
}

impl<'a> Field<'a> {
    /// The bytes of a string, bytes or message field.
    pub(super) fn bytes(&self) -> Result<&'a [u8], Broken> {
        match self.payload {
            Payload::Bytes(bytes) => Ok(bytes),
            _ => Err(Broken::WireType(self.number)),
        }
    }

    /// The value of a number, enum or boolean field.
    pub(super) fn varint(&self) -> Result<u64, Broken> {
        match self.payload {
            Payload::Varint(value) => Ok(value),
            _ => Err(Broken::WireType(self.number)),
        }
    }

    /// The value of a double field.
    pub(super) fn double(&self) -> Result<f64, Broken> {
        match self.payload {
            Payload::Fixed64(bytes) => Ok(f64::from_le_bytes(bytes)),
            _ => Err(Broken::WireType(self.number)),
        }
    }
}

/// The text of a string field.
pub(super) fn text(bytes: &[u8]) -> Result<&str, Broken> {
    std::str::from_utf8(bytes).map_err(|_| Broken::Utf8)
}

/// The fields of a message, in the order in which they stand.
#[derive(Clone, Debug)]
pub(super) struct Fields<'a> {
    length: usize,
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    pub(super) fn new(message: &'a [u8]) -> Self {
        Fields { length: message.len(), rest: message }
    }

    /// How many bytes have been read.
    pub(super) fn offset(&self) -> usize {
        self.length - self.rest.len()
    }

    /// What has not been read.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The next field; `None` at the end of the message.
    #[inline]
    pub(super) fn next(&mut self) -> Result<Option<Field<'a>>, Broken> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let (number, wire_type) = self.key()?;
        let payload = match wire_type {
            0 => Payload::Varint(self.varint()?),
            1 => {
                let (bytes, rest) = self.rest.split_first_chunk().ok_or(Broken::Truncated)?;
                self.rest = rest;
                Payload::Fixed64(*bytes)
            }
            2 => {
                let length = self.varint()?;
                Payload::Bytes(self.take(length)?)
            }
            3 => {
                self.group(number)?;
                Payload::Foreign
            }
            5 => {
                self.take(4)?;
                Payload::Foreign
            }
            _ => return Err(Broken::Group),
        };
        Ok(Some(Field { number, payload }))
    }

    /// The next number of a packed list; `None` at its end.
    pub(super) fn next_number(&mut self) -> Result<Option<u64>, Broken> {
        match self.rest.is_empty() {
            true => Ok(None),
            false => self.varint().map(Some),
        }
    }

    #[inline]
    fn key(&mut self) -> Result<(u32, u8), Broken> {
        let key = self.varint()?;
        let number = u32::try_from(key).map_err(|_| Broken::Key(key))? >> 3;
        match (number, (key & 7) as u8) {
            (0, _) | (_, 6 | 7) => Err(Broken::Key(key)),
            (number, wire_type) => Ok((number, wire_type)),
        }
    }

    #[inline]
    fn varint(&mut self) -> Result<u64, Broken> {
        match self.rest.split_first() {
            Some((&byte, rest)) if byte < 0x80 => {
                self.rest = rest;
                Ok(byte.into())
            }
            _ => self.long_varint(),
        }
    }

    fn long_varint(&mut self) -> Result<u64, Broken> {
        let mut value = 0_u64;
        for (index, &byte) in self.rest.iter().take(10).enumerate() {
            if index == 9 && byte > 1 {
                return Err(Broken::Varint);
            }
            value |= u64::from(byte & 0x7f) << (7 * index);
            if byte < 0x80 {
                self.rest = self.rest.get(index + 1..).unwrap_or_default();
                return Ok(value);
            }
        }
        Err(if self.rest.len() < 10 { Broken::Truncated } else { Broken::Varint })
    }

    #[inline]
    fn take(&mut self, length: u64) -> Result<&'a [u8], Broken> {
        let length = usize::try_from(length).map_err(|_| Broken::Truncated)?;
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(Broken::Truncated)?;
        self.rest = rest;
        Ok(taken)
    }

    /// Passes over a group that has begun.
    fn group(&mut self, number: u32) -> Result<(), Broken> {
        let mut open = vec![number];
        while let Some(innermost) = open.last().copied() {
            let (number, wire_type) = self.key()?;
            match wire_type {
                0 => {
                    self.varint()?;
                }
                1 => {
                    self.take(8)?;
                }
                2 => {
                    let length = self.varint()?;
                    self.take(length)?;
                }
                3 if open.len() < MAX_GROUPS => open.push(number),
                4 if number == innermost => {
                    open.pop();
                }
                5 => {
                    self.take(4)?;
                }
                _ => return Err(Broken::Group),
            }
        }
        Ok(())
    }
}

/// How many bytes a number takes.
#[inline]
pub(super) fn varint_len(value: u64) -> usize {
    // A byte for every seven bits, and one for zero.
    (64 - (value | 1).leading_zeros() as usize).div_ceil(7)
}

/// How many bytes a field with a one-byte key takes that holds `length` bytes.
#[inline]
pub(super) fn field_len(length: usize) -> usize {
    1 + varint_len(length as u64) + length
}

/// Writes a number.
#[inline]
pub(super) fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Writes the key and the length of a field that holds `length` bytes. `number` is at most 15.
#[inline]
pub(super) fn put_head(out: &mut Vec<u8>, number: u8, length: usize) {
    out.push(number << 3 | 2);
    put_varint(out, length as u64);
}

/// Writes a string, bytes or message field. `number` is at most 15.
#[inline]
pub(super) fn put_bytes(out: &mut Vec<u8>, number: u8, bytes: &[u8]) {
    put_head(out, number, bytes.len());
    out.extend_from_slice(bytes);
}

/// Writes a number, enum or boolean field. `number` is at most 15.
#[inline]
pub(super) fn put_number(out: &mut Vec<u8>, number: u8, value: u64) {
    out.push(number << 3);
    put_varint(out, value);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(message: &[u8]) -> Result<Vec<Field<'_>>, Broken> {
        let mut fields = Fields::new(message);
        let mut found = Vec::new();
        while let Some(field) = fields.next()? {
            found.push(field);
        }
        Ok(found)
    }

    #[test]
    fn numbers_take_as_many_bytes_as_they_need() {
        for (value, length) in [(0, 1), (1, 1), (127, 1), (128, 2), (16_383, 2), (16_384, 3), (u64::MAX, 10)] {
            let mut out = Vec::new();
            put_varint(&mut out, value);
            assert_eq!((out.len(), varint_len(value)), (length, length), "{value}");
            assert_eq!(Fields::new(&out).varint(), Ok(value));
        }
    }

    #[test]
    fn what_is_not_a_message_is_refused() {
        assert_eq!(all(&[0x0a, 0x02, 0x61]), Err(Broken::Truncated));
        assert_eq!(all(&[0x08, 0x80]), Err(Broken::Truncated));
        assert_eq!(all(&[0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02]), Err(Broken::Varint));
        assert_eq!(all(&[0x11, 0, 0]), Err(Broken::Truncated));
        assert_eq!(all(&[0x02, 0x00]), Err(Broken::Key(2)), "field 0");
        assert_eq!(all(&[0x0e]), Err(Broken::Key(14)), "wire type 6");
        assert_eq!(all(&[0x0c]), Err(Broken::Group), "an end without a beginning");
        assert_eq!(all(&[0x0b, 0x14]), Err(Broken::Group), "the end of another group");
        assert_eq!(all(&[0x0b].repeat(MAX_GROUPS + 1)), Err(Broken::Group), "too many groups");
        assert_eq!(all(&[0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]), Err(Broken::Truncated));
    }

    #[test]
    fn groups_are_passed_over() {
        let message = [0x0b, 0x08, 0x01, 0x13, 0x1d, 0, 0, 0, 0, 0x14, 0x0c, 0x10, 0x07];
        let fields = all(&message).unwrap();
        assert_eq!(fields[0], Field { number: 1, payload: Payload::Foreign });
        assert_eq!(fields[1], Field { number: 2, payload: Payload::Varint(7) });
    }
}
