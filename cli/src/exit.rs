//! How a command ends.

use std::fmt;
use std::process::ExitCode;

use planewright_codegen::Error as Codegen;
use planewright_codegen::lock::LockError;
use planewright_definitions::emission::EmitError;
use planewright_definitions::load::{LoadError, Problem};
use planewright_definitions::yaml::YamlError;

use crate::terminal::{self, Terminal};

/// How a command ended that could do its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// There is nothing more to say: exit code 0.
    Done,
    /// A check found differences, and they were listed: exit code 3.
    Differences,
}

/// The exit code of a refused command line, input or schema.
pub(crate) const REFUSED: u8 = 2;
/// The exit code of any other failure.
const FAILED: u8 = 1;
/// The exit code of a check that found differences.
const DIFFERENCES: u8 = 3;

/// What was asked for cannot be done with this input, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub(crate) struct Refused {
    reason: String,
    remedy: String,
}

impl Refused {
    pub(crate) fn new(reason: impl Into<String>, remedy: impl Into<String>) -> Refused {
        Refused { reason: reason.into(), remedy: remedy.into() }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Refused { reason, remedy } = self;
        write!(f, "error: {reason}")?;
        if remedy.is_empty() { Ok(()) } else { write!(f, "\n = help: {}", remedy.replace('\n', "\n         ")) }
    }
}

/// Reports an error, and gives the exit code of a run.
pub(crate) fn code(result: anyhow::Result<Outcome>, terminal: &Terminal) -> ExitCode {
    match result {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Differences) => DIFFERENCES.into(),
        // Who reads the output has seen enough.
        Err(error) if terminal::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            terminal.error(&error);
            if is_refusal(&error) { REFUSED.into() } else { FAILED.into() }
        }
    }
}

fn is_refusal(error: &anyhow::Error) -> bool {
    match error.downcast_ref::<Codegen>() {
        Some(error) => !matches!(error, Codegen::Io(_) | Codegen::NoOutDir),
        None => {
            error.is::<Refused>()
                || error.is::<LoadError>()
                || error.is::<Problem>()
                || error.is::<LockError>()
                || error.is::<YamlError>()
                || error.is::<EmitError>()
        }
    }
}
