//! The JSON backing: `serde_json` values, used by render, tests and plan.

use serde_json::{Map, Number, Value};

use super::{CodecError, Mask, OnEntry, OnItem, Reader, Slot, Token, Writer, leaf};

/// Encodes a value as JSON.
///
/// # Errors
/// When the value cannot be carried; see [`Slot::write`].
pub fn encode(value: &dyn Slot) -> Result<Value, CodecError> {
    let mut writer = JsonWriter::default();
    value.write(&mut writer)?;
    Ok(writer.root)
}

/// Decodes a value from JSON, as far as the mask wants it.
///
/// # Errors
/// When something of another type stands where the mask leads; see [`Slot::read`].
pub fn decode<T: Slot + Default>(value: &Value, mask: Mask<'_>) -> Result<T, CodecError> {
    let mut out = T::default();
    out.read(&mut JsonReader(value), mask)?;
    Ok(out)
}

/// Builds a JSON value.
#[derive(Debug, Default)]
pub struct JsonWriter {
    root: Value,
    open: Vec<Container>,
}

#[derive(Debug)]
enum Container {
    List(Vec<Value>),
    Object(Map<String, Value>, String),
}

impl JsonWriter {
    /// What was written.
    pub fn finish(self) -> Value {
        self.root
    }

    fn put(&mut self, value: Value) {
        match self.open.last_mut() {
            None => self.root = value,
            Some(Container::List(items)) => items.push(value),
            Some(Container::Object(map, key)) => {
                map.insert(std::mem::take(key), value);
            }
        }
    }

    fn close(&mut self) {
        match self.open.pop() {
            Some(Container::List(items)) => self.put(Value::Array(items)),
            Some(Container::Object(map, _)) => self.put(Value::Object(map)),
            None => {}
        }
    }
}

impl Writer for JsonWriter {
    fn null(&mut self) {
        self.put(Value::Null);
    }

    fn boolean(&mut self, value: bool) {
        self.put(Value::Bool(value));
    }

    fn integer(&mut self, value: i64) {
        self.put(Value::Number(value.into()));
    }

    fn number(&mut self, value: f64) {
        self.put(Number::from_f64(value).map_or(Value::Null, Value::Number));
    }

    fn string(&mut self, value: &str) {
        self.put(Value::String(value.to_owned()));
    }

    fn begin_list(&mut self) {
        self.open.push(Container::List(Vec::new()));
    }

    fn end_list(&mut self) {
        self.close();
    }

    fn begin_object(&mut self) {
        self.open.push(Container::Object(Map::new(), String::new()));
    }

    fn key(&mut self, key: &str) {
        if let Some(Container::Object(_, slot)) = self.open.last_mut() {
            key.clone_into(slot);
        }
    }

    fn end_object(&mut self) {
        self.close();
    }
}

/// Reads a JSON value where it stands.
#[derive(Clone, Copy, Debug)]
pub struct JsonReader<'a>(pub &'a Value);

impl Reader for JsonReader<'_> {
    fn token(&mut self) -> Result<Token<'_>, CodecError> {
        Ok(match self.0 {
            Value::Null => Token::Null,
            Value::Bool(value) => Token::Boolean(*value),
            Value::Number(number) => number_token(number)?,
            Value::String(text) => Token::String(text),
            Value::Array(_) => Token::List,
            Value::Object(_) => Token::Object,
        })
    }

    fn items(&mut self, each: OnItem<'_>) -> Result<(), CodecError> {
        for item in self.0.as_array().into_iter().flatten() {
            each(&mut JsonReader(item))?;
        }
        Ok(())
    }

    fn entries(&mut self, each: OnEntry<'_>) -> Result<(), CodecError> {
        for (key, value) in self.0.as_object().into_iter().flatten() {
            each(key, &mut JsonReader(value))?;
        }
        Ok(())
    }

    fn entry(&mut self, key: &str, each: OnItem<'_>) -> Result<(), CodecError> {
        match self.0.as_object().and_then(|object| object.get(key)) {
            Some(value) => each(&mut JsonReader(value)),
            None => Ok(()),
        }
    }
}

/// A number as the codec sees it: `1.0` is the integer 1, as it is for the API server and the function protocol. An
/// integer that the protocol would change on its way is refused here as it is when written.
fn number_token(number: &Number) -> Result<Token<'static>, CodecError> {
    match (number.as_i64(), number.as_f64()) {
        (Some(integer), _) => leaf::safe(integer).map(Token::Integer),
        (None, _) if number.is_u64() => Err(leaf::beyond(number)),
        (None, float) => leaf::finite_token(float.unwrap_or(f64::NAN)),
    }
}

/// Writes free JSON.
///
/// # Errors
/// For an integer beyond 2^53; see [`Slot::write`].
pub fn write_value(value: &Value, writer: &mut dyn Writer) -> Result<(), CodecError> {
    match value {
        Value::Null => writer.null(),
        Value::Bool(value) => writer.boolean(*value),
        Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(integer), _) => leaf::write_integer(integer, writer)?,
            (None, Some(integer)) => return Err(leaf::beyond(integer)),
            (None, None) => leaf::write_number(number.as_f64().unwrap_or(f64::NAN), writer)?,
        },
        Value::String(text) => writer.string(text),
        Value::Array(items) => {
            writer.begin_list();
            for (index, item) in items.iter().enumerate() {
                write_value(item, writer).map_err(|e| e.at(format_args!("[{index}]")))?;
            }
            writer.end_list();
        }
        Value::Object(map) => map.write(writer)?,
    }
    Ok(())
}

/// Reads whatever stands at the reader.
///
/// # Errors
/// When the backing is broken.
pub fn read_value(reader: &mut dyn Reader) -> Result<Value, CodecError> {
    let scalar = match reader.token()? {
        Token::Null => Value::Null,
        Token::Boolean(value) => Value::Bool(value),
        Token::Integer(value) => Value::Number(value.into()),
        Token::Number(value) => Number::from_f64(value).map_or(Value::Null, Value::Number),
        Token::String(text) => Value::String(text.to_owned()),
        Token::List => {
            let mut items = Vec::new();
            reader.items(&mut |item| {
                items.push(read_value(item)?);
                Ok(())
            })?;
            Value::Array(items)
        }
        Token::Object => {
            let mut map = Map::new();
            reader.entries(&mut |key, value| {
                map.insert(key.to_owned(), read_value(value).map_err(|e| e.at(key))?);
                Ok(())
            })?;
            Value::Object(map)
        }
    };
    Ok(scalar)
}
