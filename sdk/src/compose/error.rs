//! Errors of compositions.

use std::fmt;

/// What a composition answers.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a composition cannot go on. It becomes a fatal result: Crossplane then applies and deletes nothing.
///
/// Every standard error converts into it with `?`, causes included.
pub struct Error(String);

impl Error {
    /// An error with a message of its own. Say what is wrong, where, and what to do about it.
    pub fn new(message: impl Into<String>) -> Self {
        Error(message.into())
    }
}

impl<E: std::error::Error> From<E> for Error {
    fn from(error: E) -> Self {
        let mut message = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            message = format!("{message}: {error}");
            cause = error.source();
        }
        Error(message)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What serde says of a value that is not of the type asked for, without the value: it may be a secret's.
pub(super) fn without_value(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let quoting = ["invalid type", "invalid value", "invalid length", "unknown variant"];
    match (quoting.iter().find(|opening| text.starts_with(**opening)), text.rfind(", expected ")) {
        (Some(opening), Some(expected)) => format!("{opening}{}", &text[expected..]),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_not_quoted() {
        let secret = serde_json::Value::from("hunter2, expected nothing");
        let error = serde_json::from_value::<bool>(secret).unwrap_err();
        assert_eq!(without_value(&error), "invalid type, expected a boolean");
        let missing = serde_json::from_str::<std::ops::Range<u8>>("{}").unwrap_err();
        assert_eq!(without_value(&missing), missing.to_string());
    }
}
