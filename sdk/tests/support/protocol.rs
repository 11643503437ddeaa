//! The function protocol, written and read a second time and as plainly as possible: what `planewright::wire` is tested with.

use std::collections::BTreeMap;

use planewright::state::{ConnectionDetails, Ready, Request};
use serde_json::{Map, Value, json};

/// Writes a number.
pub fn varint(mut value: u64) -> Vec<u8> {
    let mut out = Vec::new();
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
    out
}

/// Writes a string, bytes or message field.
pub fn bytes(number: u64, content: impl AsRef<[u8]>) -> Vec<u8> {
    let content = content.as_ref();
    [varint(number << 3 | 2), varint(content.len() as u64), content.to_vec()].concat()
}

/// Writes a number, enum or boolean field.
pub fn number(number: u64, value: u64) -> Vec<u8> {
    [varint(number << 3), varint(value)].concat()
}

/// Writes an entry of a map from string.
pub fn entry(field: u64, key: &str, value: impl AsRef<[u8]>) -> Vec<u8> {
    bytes(field, [bytes(1, key), bytes(2, value)].concat())
}

/// A `google.protobuf.Value`.
pub fn value(value: &Value) -> Vec<u8> {
    match value {
        Value::Null => number(1, 0),
        Value::Bool(value) => number(4, (*value).into()),
        Value::Number(value) => [vec![2 << 3 | 1], value.as_f64().unwrap().to_le_bytes().to_vec()].concat(),
        Value::String(text) => bytes(3, text),
        Value::Object(object) => bytes(5, structure(object)),
        Value::Array(items) => bytes(6, items.iter().flat_map(|item| bytes(1, self::value(item))).collect::<Vec<u8>>()),
    }
}

/// A `google.protobuf.Struct`.
pub fn structure(object: &Map<String, Value>) -> Vec<u8> {
    object.iter().flat_map(|(key, item)| entry(1, key, value(item))).collect()
}

/// A `Struct` of a value that is an object.
pub fn object(value: &Value) -> Vec<u8> {
    structure(value.as_object().unwrap())
}

fn details(field: u64, details: &ConnectionDetails) -> Vec<u8> {
    details.iter().flat_map(|(name, value)| entry(field, name, value)).collect()
}

/// A `Resource`.
pub fn resource(object: &Map<String, Value>, connection: &ConnectionDetails, ready: Ready) -> Vec<u8> {
    let ready = match ready {
        Ready::Unspecified => Vec::new(),
        Ready::True => number(3, 1),
        Ready::False => number(3, 2),
    };
    [bytes(1, structure(object)), details(2, connection), ready].concat()
}

/// A `RunFunctionRequest` that says the same as a request in JSON.
pub fn request(request: &Request) -> Vec<u8> {
    let map = |value: &Value| value.as_object().unwrap().clone();
    let plain = |value: &Value| resource(&map(value), &ConnectionDetails::new(), Ready::Unspecified);
    let capabilities = ["", "CAPABILITIES", "REQUIRED_RESOURCES", "CREDENTIALS", "CONDITIONS", "REQUIRED_SCHEMAS"];
    let mut meta = bytes(1, "the-tag");
    for name in &request.capabilities {
        meta.extend(number(2, capabilities.iter().position(|known| known == name).unwrap() as u64));
    }
    let composite = &request.composite;
    let mut observed = bytes(1, resource(&map(&composite.resource), &composite.connection, Ready::Unspecified));
    for (key, object) in &request.observed {
        observed.extend(entry(2, key, resource(&map(&object.resource), &object.connection, Ready::Unspecified)));
    }
    let mut desired = Vec::new();
    let earlier = &request.desired;
    if !earlier.status.is_empty() || earlier.ready != Ready::Unspecified || !earlier.connection.is_empty() {
        let status = if earlier.status.is_empty() { json!({}) } else { json!({"status": earlier.status}) };
        desired.extend(bytes(1, resource(&map(&status), &earlier.connection, earlier.ready)));
    }
    for (key, composed) in &earlier.composed {
        desired.extend(entry(2, key, resource(&map(&composed.resource), &ConnectionDetails::new(), composed.ready)));
    }
    let mut out = [bytes(1, meta), bytes(2, observed), bytes(3, desired)].concat();
    if let Some(input) = &request.input {
        out.extend(bytes(4, object(input)));
    }
    if !request.context.is_empty() {
        out.extend(bytes(5, structure(&request.context)));
    }
    for (name, credentials) in &request.credentials {
        out.extend(entry(7, name, bytes(1, details(1, credentials))));
    }
    for (index, (name, found)) in request.required.iter().enumerate() {
        let items: Vec<u8> = found.iter().flat_map(|object| bytes(1, plain(object))).collect();
        // Callers before Crossplane v2 know the deprecated field alone.
        out.extend(entry(if index % 2 == 0 { 8 } else { 6 }, name, items));
    }
    for (name, schema) in &request.schemas {
        let found = if schema.is_null() { Vec::new() } else { bytes(1, object(schema)) };
        out.extend(entry(9, name, found));
    }
    out
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Payload {
    /// A number.
    Number(u64),
    /// A double.
    Double(f64),
    /// Bytes.
    Bytes(Vec<u8>),
}

impl Payload {
    /// The bytes of a string, bytes or message field.
    pub fn bytes(&self) -> &[u8] {
        let Payload::Bytes(bytes) = self else { panic!("{self:?}") };
        bytes
    }

    /// The text of a string field.
    pub fn text(&self) -> String {
        String::from_utf8(self.bytes().to_vec()).unwrap()
    }

    /// The value of a number field.
    pub fn number(&self) -> u64 {
        let Payload::Number(number) = self else { panic!("{self:?}") };
        *number
    }
}

/// The fields of a message, in order.
pub fn fields(message: &[u8]) -> Vec<(u64, Payload)> {
    fn take_varint(rest: &mut &[u8]) -> u64 {
        let length = rest.iter().position(|byte| *byte < 0x80).unwrap() + 1;
        let (number, after) = rest.split_at(length);
        *rest = after;
        number.iter().rev().fold(0, |value, byte| value << 7 | u64::from(byte & 0x7f))
    }
    let mut rest = message;
    let mut out = Vec::new();
    while !rest.is_empty() {
        let key = take_varint(&mut rest);
        let payload = match key & 7 {
            0 => Payload::Number(take_varint(&mut rest)),
            1 => {
                let (double, after) = rest.split_at(8);
                rest = after;
                Payload::Double(f64::from_le_bytes(double.try_into().unwrap()))
            }
            2 => {
                let length = take_varint(&mut rest) as usize;
                let (content, after) = rest.split_at(length);
                rest = after;
                Payload::Bytes(content.to_vec())
            }
            5 => {
                let (four, after) = rest.split_at(4);
                rest = after;
                Payload::Bytes(four.to_vec())
            }
            other => panic!("wire type {other}"),
        };
        out.push((key >> 3, payload));
    }
    out
}

/// The payloads of one field of a message.
pub fn field(message: &[u8], number: u64) -> Vec<Payload> {
    fields(message).into_iter().filter(|(found, _)| *found == number).map(|(_, payload)| payload).collect()
}

/// A map of a message, by key.
pub fn entries(message: &[u8], number: u64) -> BTreeMap<String, Vec<u8>> {
    let entries = field(message, number).into_iter().map(|entry| {
        let one = |number| field(entry.bytes(), number).into_iter().next_back();
        let value = one(2).map(|value| value.bytes().to_vec()).unwrap_or_default();
        (one(1).map(|key| key.text()).unwrap_or_default(), value)
    });
    entries.collect()
}

/// The keys of a `Struct`, as they stand.
pub fn keys(message: &[u8]) -> Vec<String> {
    let key = |entry: &Payload| field(entry.bytes(), 1).last().map(Payload::text).unwrap_or_default();
    field(message, 1).iter().map(key).collect()
}

/// The content of a `Value`.
pub fn read_value(message: &[u8]) -> Value {
    let Some((number, payload)) = fields(message).pop() else { return Value::Null };
    match (number, payload) {
        (2, Payload::Double(double)) if double.fract() == 0.0 && double.abs() <= (1_i64 << 53) as f64 => {
            json!(double as i64)
        }
        (2, Payload::Double(double)) => json!(double),
        (3, text) => json!(text.text()),
        (4, boolean) => json!(boolean.number() != 0),
        (5, object) => Value::Object(read_struct(object.bytes())),
        (6, list) => field(list.bytes(), 1).iter().map(|item| read_value(item.bytes())).collect(),
        _ => Value::Null,
    }
}

/// The content of a `Struct`, sorted.
pub fn read_struct(message: &[u8]) -> Map<String, Value> {
    entries(message, 1).into_iter().map(|(key, value)| (key, read_value(&value))).collect()
}

/// A `Resource` in JSON.
pub fn read_resource(message: &[u8]) -> Value {
    let object: Vec<u8> = field(message, 1).iter().flat_map(|part| part.bytes().to_vec()).collect();
    let connection: BTreeMap<String, String> = entries(message, 2)
        .into_iter()
        .map(|(name, value)| (name, String::from_utf8_lossy(&value).into_owned()))
        .collect();
    let ready = field(message, 3).last().map_or(0, Payload::number);
    json!({"resource": read_struct(&object), "connection": connection, "ready": ready})
}

/// A `State` in JSON.
pub fn read_state(message: &[u8]) -> Value {
    let composite = field(message, 1).last().map(|composite| read_resource(composite.bytes()));
    let resources: BTreeMap<String, Value> =
        entries(message, 2).into_iter().map(|(key, resource)| (key, read_resource(&resource))).collect();
    json!({"composite": composite, "resources": resources})
}
