//! The dependencies that a function may declare to a Crossplane that orders composed resources itself.

use std::collections::BTreeSet;

use super::{Response, Source};

/// The capability by which Crossplane says that it orders composed resources by dependencies. **Draft**: the protocol is
/// a proposal (crossplane/crossplane#7841), and its names and field numbers are not fixed.
pub const DEPENDENCIES_CAPABILITY: &str = "COMPOSED_RESOURCE_DEPENDENCIES";

/// That a composed resource needs another: it is created once the other is ready, and deleted before it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dependency {
    /// The key of the resource that needs the other.
    pub key: String,
    /// The key of the resource that it needs.
    pub on: String,
}

/// What a function would declare of its answer's dependencies; `None` to a Crossplane that does not say that it takes them.
///
/// **Draft**: see [`DEPENDENCIES_CAPABILITY`]. Whoever writes answers calls this one function, so that there is one place to
/// change once the protocol is released.
pub fn dependencies(source: &dyn Source, response: &Response) -> Option<BTreeSet<Dependency>> {
    source.has_capability(DEPENDENCIES_CAPABILITY).then(|| {
        let edges = response.edges.iter().filter(|edge| response.composed.contains_key(&edge.key));
        edges.map(|edge| Dependency { key: edge.key.clone(), on: edge.on.key.clone() }).collect()
    })
}
