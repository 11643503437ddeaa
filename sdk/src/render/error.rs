//! What stops a render before, or instead of, an answer.

use std::fmt;

/// Why nothing could be rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RenderError {
    /// The input is not one that the API server would have admitted, or that could have been observed.
    Input(Vec<Fault>),
    /// The pipeline could not be brought to an end.
    Pipeline(String),
}

/// One thing that is wrong with an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Which input.
    pub input: Input,
    /// Which object: kind and name.
    pub object: String,
    /// The path in it; empty for the object itself.
    pub path: String,
    /// What is wrong.
    pub reason: String,
    /// What to do about it; may be empty.
    pub remedy: String,
}

/// An input of a render.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// The composite resource.
    Composite,
    /// The observed resource at this position of [`Inputs::observed`](super::Inputs::observed).
    Observed(usize),
    /// The observed connection details.
    Connection,
}

impl Fault {
    pub(crate) fn only(
        input: Input,
        object: impl Into<String>,
        path: impl Into<String>,
        reason: impl Into<String>,
        remedy: impl Into<String>,
    ) -> RenderError {
        RenderError::Input(vec![Fault {
            input,
            object: object.into(),
            path: path.into(),
            reason: reason.into(),
            remedy: remedy.into(),
        }])
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.object)?;
        if !self.path.is_empty() {
            write!(f, ": {}", self.path)?;
        }
        write!(f, ": {}", self.reason)?;
        if !self.remedy.is_empty() {
            write!(f, "; {}", self.remedy)?;
        }
        Ok(())
    }
}

impl fmt::Display for RenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RenderError::Pipeline(message) => f.write_str(message),
            RenderError::Input(faults) => {
                for (index, fault) in faults.iter().enumerate() {
                    write!(f, "{}{fault}", if index == 0 { "" } else { "\n" })?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for RenderError {}
