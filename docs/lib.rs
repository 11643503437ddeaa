#![doc = include_str!("guide/README.md")]
//!
//! These pages are plain Markdown in `docs/guide/`; here they are rendered, and their snippets are tests. What a snippet
//! uses without naming it is in this crate's root: the language, the test kit, and the kinds of `examples/stores`.

pub use planewright::compose::{Cx, Error, Handle, Lazy, Result};
pub use planewright::platform::Composition;
pub use planewright::shapes::ManagementPolicy;
pub use planewright::testing::Scenario;
pub use planewright::{assert_render, assert_waits, composition, field, path, resource, status, text};
pub use stores::api::Store;
pub use stores::s3::{
    Bucket, BucketLifecycleConfiguration, BucketPolicy, bucket, bucket_lifecycle_configuration, bucket_policy,
};

/// The small kinds of the compiler's test cases, for the page about its messages.
pub mod small {
    pub use planewright::compose::{Cx, Lazy, Result};
    pub use planewright::shapes::ManagementPolicy;
    pub use planewright::{composition, resource, status, text};
    pub use ui_tests::{Bucket, BucketPolicy, Store, world};
}

/// The store of the guide, as its user writes it: the teams `red` and `blue`, of which `blue` lets objects expire.
pub const PHOTOS: &str = include_str!("../examples/stores/store.yaml");

/// What a render says to people: what waits and why, and what ended the step. A line each.
pub fn said(rendered: &planewright::render::Rendered) -> String {
    let waiting = rendered.waiting.iter().map(ToString::to_string);
    let ended = rendered.fatal.iter().map(|message| format!("fatal: {message}"));
    waiting.chain(ended).collect::<Vec<_>>().join("\n")
}

#[doc = include_str!("guide/01-first-composition.md")]
pub mod first_composition {}

#[doc = include_str!("guide/02-literals.md")]
pub mod literals {}

#[doc = include_str!("guide/03-references.md")]
pub mod references {}

#[doc = include_str!("guide/04-waiting.md")]
pub mod waiting {}

#[doc = include_str!("guide/05-loops-and-keys.md")]
pub mod loops_and_keys {}

#[doc = include_str!("guide/06-dropping.md")]
pub mod dropping {}

#[doc = include_str!("guide/07-testing.md")]
pub mod testing {}

#[doc = include_str!("guide/08-helpers.md")]
pub mod helpers {}

#[doc = include_str!("guide/09-when-the-compiler-says-no.md")]
pub mod when_the_compiler_says_no {}

#[doc = include_str!("guide/10-ship.md")]
pub mod ship {}

#[doc = include_str!("guide/11-api-in-rust.md")]
pub mod api_in_rust {}

#[doc = include_str!("compare.md")]
pub mod compare {}
