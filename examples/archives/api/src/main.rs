//! Prints the XRDs.

use std::process::ExitCode;

fn main() -> ExitCode {
    planewright_xrd::program(archives_api::definitions())
}
