//! A Rust SDK for Crossplane platforms: compositions as compile-checked Rust.

pub mod codec;

pub mod resource;
