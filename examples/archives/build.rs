//! Generates the platform's types: those of S3 from what the stores platform has pinned, those of the API from the XRD that the package
//! `archives-api` emitted.

use std::process::ExitCode;

fn main() -> ExitCode {
    planewright_codegen::build("../stores/schemas", "apis")
}
