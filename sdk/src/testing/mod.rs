//! Tests of compositions: a thin layer over [`render`](mod@crate::render) and insta (feature `testing`).
//!
//! ```ignore
//! let rendered = Scenario::new(include_str!("store.yaml")).observe_yaml(include_str!("observed.yaml")).render(&composition);
//! assert_waits!(rendered, "policy" on "bucket" at "status.atProvider.arn");
//! assert_render!(rendered, @"");
//! ```
//!
//! What these helpers cannot read or render fails the test at once, with the reason.

mod scenario;
mod snapshot;

pub use insta;

pub use scenario::Scenario;
pub use snapshot::{settings, snapshot};

/// Asserts what a render amounts to, as a snapshot: `assert_render!(rendered)`, `assert_render!("name", rendered)`, or
/// inline, `assert_render!(rendered, @"…")`.
///
/// What differs from run to run, and what is secret, is left out: see [`snapshot`](crate::testing::snapshot).
#[macro_export]
macro_rules! assert_render {
    ($rendered:expr $(, @$snapshot:literal)?) => {
        $crate::testing::settings().bind(|| {
            $crate::testing::insta::assert_yaml_snapshot!($crate::testing::snapshot(&$rendered) $(, @$snapshot)?)
        })
    };
    ($name:expr, $rendered:expr) => {
        $crate::testing::settings().bind(|| {
            $crate::testing::insta::assert_yaml_snapshot!($name, $crate::testing::snapshot(&$rendered))
        })
    };
}

/// Asserts that a composed resource waits for another: `assert_waits!(rendered, "policy" on "bucket" at "status.atProvider.arn")`.
#[macro_export]
macro_rules! assert_waits {
    ($rendered:expr, $key:literal on $on:literal at $path:literal) => {{
        let waiting = &$rendered.waiting;
        let waits = waiting
            .iter()
            .any(|waiting| waiting.key == $key && waiting.on.iter().any(|wait| wait.key == $on && wait.path == $path));
        let all: Vec<String> = waiting.iter().map(ToString::to_string).collect();
        assert!(waits, "{} does not wait for {}: {}; what waits: {all:#?}", $key, $on, $path);
    }};
}
