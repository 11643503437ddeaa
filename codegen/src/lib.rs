//! Typed Rust from structural schemas, for build.rs and the command line.

mod cargo;
mod config;
mod emit;
mod generate;
mod ident;
mod input;
#[cfg(feature = "typify")]
mod json_schema;
mod locate;
pub mod lock;
mod normalise;
mod output;
pub mod pin;
mod refused;
mod select;

use std::path::Path;
use std::process::ExitCode;

pub use config::{Config, Error};
pub use emit::Docs;
pub use generate::{Report, Warning};
#[cfg(feature = "typify")]
pub use json_schema::{JsonSchemaError, json_schema, json_schema_source};
pub use locate::{RustField, RustKind};
pub use output::{Drift, File, digest};
pub use refused::RefusedXrd;
pub use select::{BadSelector, Selector};

/// Starts from the defaults.
#[must_use]
pub fn configure() -> Config {
    Config::new()
}

/// All that most build scripts need: types for the provider CRDs pinned in `schemas` and the XRDs in `apis`.
///
/// ```no_run
/// fn main() -> std::process::ExitCode {
///     planewright_codegen::build("schemas", "apis")
/// }
/// ```
///
/// The crate then includes them:
///
/// ```ignore-wasm
/// # macro_rules! include { ($($t:tt)*) => {} }
/// pub mod types {
///     include!(concat!(env!("OUT_DIR"), "/planewright/mod.rs"));
/// }
/// ```
pub fn build(schemas: impl AsRef<Path>, apis: impl AsRef<Path>) -> ExitCode {
    configure().build(schemas, apis)
}
