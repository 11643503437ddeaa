//! `planewright …`

use std::process::ExitCode;

fn main() -> ExitCode {
    planewright_cli::main(std::env::args_os())
}
