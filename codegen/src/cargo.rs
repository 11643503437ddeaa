//! The side of a build script: what cargo is told, and how errors reach the author.

use std::fmt::Display;
use std::path::Path;
use std::process::ExitCode;

use crate::config::Config;
use crate::generate::Report;
use crate::lock::SchemasLock;

/// Runs in a build script: generates into `OUT_DIR/planewright`, and tells cargo what to watch, what is odd and what is
/// broken.
pub(crate) fn run(config: &Config, schemas: &[&Path], apis: &[&Path]) -> ExitCode {
    for path in schemas.iter().chain(apis) {
        watch(path);
    }
    match config.generate(schemas, apis) {
        Ok(report) => {
            warn(&report);
            for digest in schemas.iter().filter_map(|folder| SchemasLock::digest(folder)) {
                // What the platform's `--version` says it was built from.
                tell("rustc-env", format_args!("PLANEWRIGHT_SCHEMAS={digest}"));
            }
            ExitCode::SUCCESS
        }
        Err(error) => {
            fail(&error);
            ExitCode::FAILURE
        }
    }
}

/// Lets the build script run again when a file changes.
pub(crate) fn watch(path: &Path) {
    tell("rerun-if-changed", path.display());
}

fn warn(report: &Report) {
    for warning in &report.warnings {
        tell("warning", warning);
    }
}

/// Cargo shows each line of an error on its own, so the place and the remedy stay together.
pub(crate) fn fail(error: &dyn Display) {
    for line in error.to_string().lines() {
        tell("error", line);
    }
}

/// Build scripts speak to cargo on standard output; nothing else in this crate prints.
#[expect(clippy::print_stdout, reason = "the protocol between a build script and cargo")]
fn tell(what: &str, value: impl Display) {
    println!("cargo::{what}={value}");
}
