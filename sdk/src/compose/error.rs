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
