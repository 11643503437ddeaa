//! Holds [`planewright::render`] against Crossplane's own render engine, which is the real reconciler over an API server in
//! memory: `crossplane internal render`, a filter from one protobuf message to another.
//!
//! `scenarios/` says what is rendered, besides the inputs of the other platforms in this repository. `recorded/` is what the
//! engine made of each; the tests compare it with what [`render`](mod@planewright::render) makes of it, in process. The
//! program `engine-oracle` runs the engine anew against the platforms as served.

pub mod answer;
pub mod behaviours;
pub mod difference;
pub mod engine;
pub mod platforms;
pub mod recording;
pub mod scenario;

/// The types that the build script generated from `apis/`.
pub mod types {
    include!(concat!(env!("OUT_DIR"), "/planewright/mod.rs"));
}

pub use types::io::crossplane::m::kubernetes::v1alpha1 as kubernetes;
pub use types::org::example::engine::v1 as api;

/// Why something could not be read, run or compared: a sentence for people.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;
