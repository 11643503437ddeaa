//! The verdict on an object by the structural schema of its kind, without CEL.
//!
//! Precision comes first: whatever is refused here the API server refuses as well. What this module does not judge
//! (CEL rules, metadata beyond its field names, rare formats, patterns that Rust's regular expressions read
//! otherwise) passes.

mod format;
mod path;
mod pattern;
mod remedy;
mod unknown;
mod value;

use std::fmt;

use serde_json::Value;

use crate::defaulting;
use crate::schema::Schema;

pub use path::{FieldPath, Step};
pub use unknown::unknown_fields;

/// One reason why the API server would refuse an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The field.
    pub path: FieldPath,
    /// What is wrong with it.
    pub reason: String,
    /// What to do about it.
    pub remedy: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Violation { path, reason, remedy } = self;
        if !path.is_root() {
            write!(f, "{path}: ")?;
        }
        write!(f, "{reason}")?;
        if !remedy.is_empty() {
            write!(f, "; {remedy}")?;
        }
        Ok(())
    }
}

/// What becomes of `status` when an object is created.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// The kind has the status subresource (every XR, claim and managed resource has): a status in the object is
    /// dropped unjudged, except that unknown fields in it are refused.
    #[default]
    Subresource,
    /// The kind has none: status is a field as any other.
    Field,
}

/// Admits an object as the API server does when it is created under `fieldValidation=Strict`: looks for unknown
/// fields, then prunes nulls and fills defaults in place ([`defaulting::fill`]), then judges the whole by the schema.
///
/// As with the API server, unknown fields are reported alone. The violations are in the order of the object.
pub fn admit(object: &mut Value, schema: &Schema, status: Status) -> Vec<Violation> {
    let unknown = unknown_fields(object, schema);
    if !unknown.is_empty() {
        return unknown.into_iter().map(|path| unknown::violation(path, schema)).collect();
    }
    if status == Status::Subresource
        && let Value::Object(map) = object
    {
        map.shift_remove("status");
    }
    defaulting::fill_fields(object, schema);
    let violations = value::violations(object, schema);
    defaulting::normalise_numbers(object);
    violations
}
