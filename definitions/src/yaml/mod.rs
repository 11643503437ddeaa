//! YAML in and out: the one reader and the one writer of the project.
//!
//! Reading is strict where YAML readers differ: `yes`, `on` and `n` are strings (only `true` and `false` are
//! booleans), `012` and `1_000` are strings, a duplicate key is an error, an integer that no 64 bits hold is an
//! error and never a float, `.nan` and `.inf` are errors. A bare number where a string belongs is an error, as it is
//! for the API server. JSON is YAML, so the same functions read it.
//!
//! Writing is deterministic: LF, two spaces, no anchors, no folding, multi-line strings as literal blocks, and every
//! string quoted that a YAML 1.1 *or* 1.2 reader would take for something else.

mod documents;
mod error;
mod excerpt;
mod limits;
mod reader;
pub(crate) mod stack;
mod writer;

pub use documents::{Document, Documents, documents};
pub use error::YamlError;
pub use limits::Limits;
pub use reader::{from_str, read, read_with};
pub use writer::{WriteError, order_keys, stream, to_string};

pub(crate) use excerpt::{Excerpt, Place, Severity, render};
pub(crate) use reader::{decode, no_document, too_large};
