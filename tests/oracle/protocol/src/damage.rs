//! Messages that say the same, or something else, in ways that no encoder writes.

use proptest::prelude::*;

/// Something that is done to the fields of a message.
#[derive(Clone, Debug)]
pub enum Damage {
    /// A field moves to another place.
    Move(prop::sample::Index, prop::sample::Index),
    /// A field comes twice.
    Repeat(prop::sample::Index, prop::sample::Index),
    /// A message field comes as two, each with part of the fields.
    Split(prop::sample::Index, prop::sample::Index),
    /// A field that no message has: a number, eight bytes, bytes, a group or four bytes.
    Foreign(prop::sample::Index, u8),
    /// A field is gone.
    Remove(prop::sample::Index),
    /// A byte is another.
    Byte(prop::sample::Index, u8),
    /// The rest is missing.
    Cut(prop::sample::Index),
}

/// Damage that leaves whole messages, and the fields on the way to the message that it is done to.
pub fn damage() -> impl Strategy<Value = (Vec<prop::sample::Index>, Damage)> {
    let index = any::<prop::sample::Index>;
    let damage = prop_oneof![
        (index(), index()).prop_map(|(from, to)| Damage::Move(from, to)),
        (index(), index()).prop_map(|(from, to)| Damage::Repeat(from, to)),
        (index(), index()).prop_map(|(field, at)| Damage::Split(field, at)),
        (index(), 0..5_u8).prop_map(|(at, what)| Damage::Foreign(at, what)),
        index().prop_map(Damage::Remove),
    ];
    (prop::collection::vec(index(), 0..9), damage)
}

/// Damage that breaks messages.
pub fn breakage() -> impl Strategy<Value = (Vec<prop::sample::Index>, Damage)> {
    let index = any::<prop::sample::Index>;
    let damage = prop_oneof![
        3 => (index(), any::<u8>()).prop_map(|(at, byte)| Damage::Byte(at, byte)),
        1 => index().prop_map(Damage::Cut),
    ];
    (prop::collection::vec(index(), 0..9), damage)
}

/// The message with the damage done.
pub fn apply(message: &[u8], way: &[prop::sample::Index], damage: &Damage) -> Vec<u8> {
    let Some(mut fields) = split(message).filter(|fields| !fields.is_empty()) else {
        return message.to_vec();
    };
    let fields_count = fields.len();
    if let Some((first, rest)) = way.split_first() {
        let field = &mut fields[first.index(fields_count)];
        if let Some((number, content)) = content(field) {
            *field = bytes(number, &apply(content, rest, damage));
            return fields.concat();
        }
    }
    let count = fields_count;
    match damage {
        Damage::Move(from, to) => {
            let field = fields.remove(from.index(count));
            fields.insert(to.index(count), field);
        }
        Damage::Repeat(from, to) => {
            let field = fields[from.index(count)].clone();
            fields.insert(to.index(count + 1), field);
        }
        Damage::Split(index, at) => {
            let field = fields[index.index(count)].clone();
            if let Some((number, parts)) = content(&field).and_then(|(number, message)| Some((number, split(message)?)))
            {
                let (first, second) = parts.split_at(at.index(parts.len() + 1));
                fields[index.index(count)] = bytes(number, &first.concat());
                fields.push(bytes(number, &second.concat()));
            }
        }
        Damage::Foreign(at, what) => {
            // Field 100, in all wire types.
            let field = match what {
                0 => vec![0xa0, 0x06, 0x96, 0x01],
                1 => vec![0xa1, 0x06, 1, 2, 3, 4, 5, 6, 7, 8],
                2 => vec![0xa2, 0x06, 3, b'a', b'b', b'c'],
                3 => vec![0xa3, 0x06, 0x08, 0x01, 0x13, 0x14, 0xa4, 0x06],
                _ => vec![0xa5, 0x06, 1, 2, 3, 4],
            };
            fields.insert(at.index(count + 1), field);
        }
        Damage::Remove(index) => {
            fields.remove(index.index(count));
        }
        Damage::Byte(at, byte) => {
            let mut message = fields.concat();
            let at = at.index(message.len());
            message[at] = *byte;
            return message;
        }
        Damage::Cut(at) => {
            let mut message = fields.concat();
            message.truncate(at.index(message.len()));
            return message;
        }
    }
    fields.concat()
}

/// The fields of a message, each with its key; `None` if it is none.
fn split(message: &[u8]) -> Option<Vec<Vec<u8>>> {
    let (mut fields, mut rest) = (Vec::new(), message);
    while !rest.is_empty() {
        let (key, mut length) = varint(rest)?;
        match key & 7 {
            0 => length += varint(rest.get(length..)?)?.1,
            1 => length += 8,
            2 => {
                let (content, size) = varint(rest.get(length..)?)?;
                length = length.checked_add(size)?.checked_add(usize::try_from(content).ok()?)?;
            }
            5 => length += 4,
            _ => return None,
        }
        let (field, after) = rest.split_at_checked(length)?;
        fields.push(field.to_vec());
        rest = after;
    }
    Some(fields)
}

/// The number and the content of a string, bytes or message field.
fn content(field: &[u8]) -> Option<(u64, &[u8])> {
    let (key, length) = varint(field)?;
    let (_, size) = varint(field.get(length..)?)?;
    (key & 7 == 2).then_some((key >> 3, field.get(length + size..)?))
}

fn varint(bytes: &[u8]) -> Option<(u64, usize)> {
    let length = bytes.iter().take(10).position(|byte| *byte < 0x80)? + 1;
    let value = bytes[..length].iter().rev().fold(0_u64, |value, byte| value << 7 | u64::from(byte & 0x7f));
    Some((value, length))
}

fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn bytes(number: u64, content: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    put_varint(&mut out, number << 3 | 2);
    put_varint(&mut out, content.len() as u64);
    out.extend_from_slice(content);
    out
}
