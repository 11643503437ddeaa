//! Values that must not be printed.

use std::collections::BTreeMap;
use std::collections::btree_map::Iter;
use std::fmt;

/// Connection details or credentials: bytes by name. `Debug` shows the names alone.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ConnectionDetails(BTreeMap<String, Vec<u8>>);

impl ConnectionDetails {
    /// No details.
    pub fn new() -> Self {
        Self::default()
    }

    /// The value of one detail.
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.0.get(name).map(Vec::as_slice)
    }

    /// Sets one detail.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<Vec<u8>>) {
        self.0.insert(name.into(), value.into());
    }

    /// Adds details; those of `other` win.
    pub fn extend(&mut self, other: ConnectionDetails) {
        self.0.extend(other.0);
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All details, by name.
    pub fn iter(&self) -> Iter<'_, String, Vec<u8>> {
        self.0.iter()
    }
}

impl FromIterator<(String, Vec<u8>)> for ConnectionDetails {
    fn from_iter<I: IntoIterator<Item = (String, Vec<u8>)>>(details: I) -> Self {
        ConnectionDetails(details.into_iter().collect())
    }
}

impl fmt::Debug for ConnectionDetails {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
