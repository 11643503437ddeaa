//! Generates the platform's types.

use std::process::ExitCode;

fn main() -> ExitCode {
    planewright_codegen::build("schemas", "apis")
}
