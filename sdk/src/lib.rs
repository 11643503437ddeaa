//! A Rust SDK for Crossplane platforms: compositions as compile-checked Rust.

pub mod codec;
pub mod compose;
pub mod resource;
pub mod shapes;
pub mod state;
