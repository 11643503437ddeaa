//! Why nothing is emitted.

use std::fmt;

/// One thing that is wrong with the description of a platform, or with what would be emitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where: what of the description, or the object and field.
    pub place: String,
    /// What is wrong.
    pub reason: String,
    /// What to do about it.
    pub remedy: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Fault { place, reason, remedy } = self;
        write!(f, "error: {place}: {reason}\n = help: {}", remedy.replace('\n', "\n         "))
    }
}

/// Every fault of a platform; nothing was emitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmitError(pub Vec<Fault>);

impl fmt::Display for EmitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let faults: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&faults.join("\n"))
    }
}

impl std::error::Error for EmitError {}

/// The faults found so far.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub(crate) fn add(&mut self, place: impl Into<String>, reason: impl Into<String>, remedy: impl Into<String>) {
        let fault = Fault { place: place.into(), reason: reason.into(), remedy: remedy.into() };
        if !self.0.contains(&fault) {
            self.0.push(fault);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `Ok(value)` if nothing is wrong.
    pub(crate) fn or<T>(self, value: T) -> Result<T, EmitError> {
        if self.0.is_empty() { Ok(value) } else { Err(EmitError(self.0)) }
    }
}
