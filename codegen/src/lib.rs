//! Typed Rust from structural schemas, for build.rs and the command line.
