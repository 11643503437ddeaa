//! Typed Rust from structural schemas, for build.rs and the command line.

mod config;
mod emit;
mod generate;
mod ident;
mod input;
mod lock;
mod normalise;
mod output;
mod select;

pub use config::{Config, Error};
pub use emit::Docs;
pub use generate::{Report, Warning};
pub use lock::NamesLock;
pub use output::{Drift, File};
pub use select::{BadSelector, Selector};

/// Starts from the defaults.
#[must_use]
pub fn configure() -> Config {
    Config::new()
}
