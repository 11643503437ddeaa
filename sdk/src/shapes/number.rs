//! Numbers of schemas that do not say which numbers they mean.

use serde::{Deserialize, Serialize};

use crate::codec::{CodecError, Mask, Reader, Slot, Token, Writer};

/// A `type: number` without a format, as Terraform-based providers write every number: an integer stays an integer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Number {
    /// A number without a fraction.
    Integer(i64),
    /// Any other number.
    Float(f64),
}

impl Number {
    /// The integer, if it is one.
    pub fn as_i64(self) -> Option<i64> {
        match self {
            Number::Integer(value) => Some(value),
            Number::Float(_) => None,
        }
    }

    /// The nearest double.
    pub fn as_f64(self) -> f64 {
        match self {
            Number::Integer(value) => value as f64,
            Number::Float(value) => value,
        }
    }
}

impl Default for Number {
    fn default() -> Self {
        Number::Integer(0)
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Number::Integer(value)
    }
}

impl From<i32> for Number {
    fn from(value: i32) -> Self {
        Number::Integer(value.into())
    }
}

impl From<u32> for Number {
    fn from(value: u32) -> Self {
        Number::Integer(value.into())
    }
}

impl From<f64> for Number {
    fn from(value: f64) -> Self {
        Number::Float(value)
    }
}

impl Slot for Number {
    fn write(&self, writer: &mut dyn Writer) -> Result<(), CodecError> {
        match self {
            Number::Integer(value) => value.write(writer),
            Number::Float(value) => value.write(writer),
        }
    }

    fn read(&mut self, reader: &mut dyn Reader, _: Mask<'_>) -> Result<(), CodecError> {
        *self = match reader.token()? {
            Token::Integer(value) => Number::Integer(value),
            Token::Number(value) => Number::Float(value),
            other => return Err(CodecError::unexpected("a number", &other)),
        };
        Ok(())
    }
}

/// A field that takes an integer or a string, such as a port (`x-kubernetes-int-or-string`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum IntOrString {
    /// An integer.
    Integer(i64),
    /// A string.
    String(String),
}

impl Default for IntOrString {
    fn default() -> Self {
        IntOrString::Integer(0)
    }
}

impl From<i32> for IntOrString {
    fn from(value: i32) -> Self {
        IntOrString::Integer(value.into())
    }
}

impl From<i64> for IntOrString {
    fn from(value: i64) -> Self {
        IntOrString::Integer(value)
    }
}

impl From<&str> for IntOrString {
    fn from(value: &str) -> Self {
        IntOrString::String(value.to_owned())
    }
}

impl From<String> for IntOrString {
    fn from(value: String) -> Self {
        IntOrString::String(value)
    }
}

impl Slot for IntOrString {
    fn write(&self, writer: &mut dyn Writer) -> Result<(), CodecError> {
        match self {
            IntOrString::Integer(value) => value.write(writer),
            IntOrString::String(value) => value.write(writer),
        }
    }

    fn read(&mut self, reader: &mut dyn Reader, _: Mask<'_>) -> Result<(), CodecError> {
        *self = match reader.token()? {
            Token::Integer(value) => IntOrString::Integer(value),
            Token::String(value) => IntOrString::String(value.to_owned()),
            other => return Err(CodecError::unexpected("an integer or a string", &other)),
        };
        Ok(())
    }
}

/// An amount of a resource, such as `500m` or `10Gi`. It is kept as it was written; a bare integer is an amount too.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "IntOrString", into = "String")]
pub struct Quantity(pub String);

impl From<&str> for Quantity {
    fn from(value: &str) -> Self {
        Quantity(value.to_owned())
    }
}

impl From<String> for Quantity {
    fn from(value: String) -> Self {
        Quantity(value)
    }
}

impl From<IntOrString> for Quantity {
    fn from(value: IntOrString) -> Self {
        match value {
            IntOrString::Integer(value) => Quantity(value.to_string()),
            IntOrString::String(value) => Quantity(value),
        }
    }
}

impl From<Quantity> for String {
    fn from(value: Quantity) -> Self {
        value.0
    }
}

impl Slot for Quantity {
    fn write(&self, writer: &mut dyn Writer) -> Result<(), CodecError> {
        writer.string(&self.0);
        Ok(())
    }

    fn read(&mut self, reader: &mut dyn Reader, mask: Mask<'_>) -> Result<(), CodecError> {
        let mut value = IntOrString::default();
        value.read(reader, mask)?;
        *self = value.into();
        Ok(())
    }
}
