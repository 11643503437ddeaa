//! Generates the types that the compositions of the scenarios are about.

use std::process::ExitCode;

fn main() -> ExitCode {
    planewright_codegen::build("schemas", "apis")
}
