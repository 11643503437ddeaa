//! Order of creation: one resource after another.

use super::{Handle, Lazy, Path};
use crate::codec::WirePath;
use crate::codec::json::JsonReader;
use crate::codec::{Mask, Slot as _};
use crate::shapes::Condition;

impl<K> Handle<K> {
    /// Creates the resource only once `known` is: an order between two resources where no field carries a value from one
    /// to the other.
    ///
    /// ```ignore
    /// let addon = resource!(cx, addon: Addon { … });
    /// addon.after(cluster.when(|conditions| conditions.iter().any(|condition| condition.is_true("Ready"))));
    /// ```
    ///
    /// A new resource is held back meanwhile. One that exists, or that an earlier step desires, is declared as ever: what is
    /// created stays, whatever becomes of what it waited for. Said more than once, all of it must be known. A value that is
    /// unset is not waited for.
    pub fn after<T>(&self, known: Lazy<T>) -> &Self {
        if let Lazy::Pending(pending) = known
            && !pending.is_empty()
        {
            self.ledger.sequence(&self.key, pending);
        }
        self
    }

    /// Its conditions (`status.conditions`) as they were observed, once they `hold`. Until then the value waits; so it does
    /// while there are none.
    pub fn when(&self, hold: impl FnOnce(&[Condition]) -> bool) -> Lazy<Vec<Condition>> {
        let path = WirePath::names(["status", "conditions"]);
        let mut conditions = Vec::new();
        if let Some(observed) = self.ledger.observed_at(&self.key, &path)
            && let Err(error) = conditions.read(&mut JsonReader(&observed), Mask::ALL)
        {
            self.ledger.fault(format!(
                "observed composed resource {:?}: {path}: {error}; correct the controller that wrote it",
                self.key
            ));
        }
        match conditions.is_empty() || !hold(&conditions) {
            true => self.pending(path.to_string()),
            false => Lazy::Known(conditions),
        }
    }

    /// A field as it was observed, once it `holds`: what [`read`](Handle::read) gives, waiting on for as long as `holds`
    /// says no to it.
    pub fn read_when<T: Clone>(&self, path: Path<K, T>, holds: impl FnOnce(&T) -> bool) -> Lazy<T> {
        match self.read(path) {
            Lazy::Known(value) if !holds(&value) => self.pending((self.view.wire)(path.steps).to_string()),
            read => read,
        }
    }
}
