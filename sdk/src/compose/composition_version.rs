//! The version of the Composition that calls a step: what revision of it a composite resource is on.

use semver::Version;

use super::Cx;
use crate::codec::WirePath;
use crate::resource::Composite;
use crate::state::Source;

/// The field of a step's input that says which composition function is meant.
#[cfg(any(feature = "commands", feature = "schema", feature = "serve"))]
pub(crate) const COMPOSITION: &str = "composition";
/// The field of a step's input that says which operation is meant.
#[cfg(any(feature = "commands", feature = "schema", feature = "serve"))]
pub(crate) const OPERATION: &str = "operation";
/// The field of a step's input that says the version.
pub(crate) const COMPOSITION_VERSION: &str = "compositionVersion";

/// What a step's input says of its Composition's version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CompositionVersion {
    /// Nothing.
    Unsaid,
    /// A version.
    Known(Version),
    /// Something that is no version.
    Odd(String),
}

impl CompositionVersion {
    /// Reads it.
    pub(crate) fn of(source: &dyn Source) -> Self {
        let value = source.input().and_then(|mut input| {
            // What cannot be read is told by whoever needs the input.
            WirePath::names([COMPOSITION_VERSION]).read(&mut *input).ok().flatten()
        });
        match value.as_ref().map(serde_json::Value::as_str) {
            None => CompositionVersion::Unsaid,
            Some(Some(text)) => match Version::parse(text.strip_prefix('v').unwrap_or(text)) {
                Ok(version) => CompositionVersion::Known(version),
                // It is logged, and nobody needs all of it.
                Err(_) => CompositionVersion::Odd(text.chars().take(64).collect()),
            },
            Some(None) => CompositionVersion::Odd("no text".to_owned()),
        }
    }
}

/// # The Composition
impl<X: Composite> Cx<X> {
    /// The version of the Composition that calls, as its step's input says it: `planewright build` writes that of the crate, or what
    /// [`Pipeline::version`](crate::emit::Pipeline::version) says.
    ///
    /// A composite resource stays on its CompositionRevision until its update policy lets it go on, while there is one function for all of them. So a
    /// function serves revisions that are older than itself, and where a change is not for them, it asks:
    ///
    /// ```
    /// use planewright::compose::{Cx, Result, Version};
    /// # use planewright::resource::Composite;
    ///
    /// # fn compose<X: Composite>(cx: &mut Cx<X>) -> Result<()> {
    /// let is_encrypted = !cx.composition_version().is_some_and(|version| version < Version::new(0, 3, 0));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// A release candidate comes before its release, by the rules of semantic versions: what is to count `0.3.0-rc.1` among the new compares with
    /// `Version::parse("0.3.0-0")`.
    ///
    /// `None` where the input says nothing, as in a render without an input, or what is no version: that is best taken for the newest, as above.
    pub fn composition_version(&self) -> Option<Version> {
        match CompositionVersion::of(&*self.ledger.source) {
            CompositionVersion::Known(version) => Some(version),
            CompositionVersion::Unsaid | CompositionVersion::Odd(_) => None,
        }
    }
}
