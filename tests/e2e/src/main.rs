//! The platform's program.

use std::process::ExitCode;

use bulletin::board::{VERSION, board};
use bulletin::package::package;
use planewright::platform::{Composition, Platform, main as run};

/// What `planewright::main!` says in one line, but for the version, which other platforms have from their crate: this one has two
/// releases.
fn main() -> ExitCode {
    run(Platform::new(env!("CARGO_BIN_NAME"), VERSION)
        .schemas(option_env!("PLANEWRIGHT_SCHEMAS"))
        .composition(Composition::new("board", board))
        .package(package()))
}
