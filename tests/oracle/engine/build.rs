//! Generates the types of the platform whose compositions do what the other platforms have no need to.

use std::process::ExitCode;

fn main() -> ExitCode {
    planewright_codegen::build("schemas", "apis")
}
