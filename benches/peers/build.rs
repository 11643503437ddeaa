//! Generates the types of the platform that is measured.

use std::process::ExitCode;

fn main() -> ExitCode {
    planewright_codegen::build("schemas", "apis")
}
