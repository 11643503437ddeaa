//! A platform as a program: its compositions, and the command line over them.
//!
//! `main.rs` of a platform is one line, and that line is the registration:
//!
//! ```ignore
//! planewright::main!(network::network, database::database);
//! ```

mod commands;
mod composition;
mod files;
mod graph;
mod render;

pub use commands::{Exit, Output, main, run};
pub use composition::{CompositeKind, Composition};

/// The `main` function of a platform: its compositions, each by the path of its function.
///
/// A composition is named after its function, without the modules before it.
#[macro_export]
macro_rules! main {
    ($($composition:path),+ $(,)?) => {
        fn main() -> ::std::process::ExitCode {
            $crate::platform::main(
                env!("CARGO_BIN_NAME"),
                env!("CARGO_PKG_VERSION"),
                &[$($crate::platform::Composition::new(stringify!($composition), $composition)),+],
            )
        }
    };
}
