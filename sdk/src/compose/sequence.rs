//! Order of creation: one resource after another.

use super::{Handle, Lazy, Path};

impl<K> Handle<K> {
    /// Creates the resource only once `known` is: an order between two resources where no field carries a value from one
    /// to the other.
    ///
    /// ```ignore
    /// let ready = cluster.read_when(path!(status.conditions), |all| all.iter().any(|one| one.is_true("Ready")));
    /// cx.resource("addon", addon).after(ready);
    /// ```
    ///
    /// A new resource is held back meanwhile. One that exists, or that an earlier step desires, is declared as ever: what is
    /// created stays, whatever becomes of what it waited for. Said more than once, all of it must be known.
    pub fn after<T>(&self, known: Lazy<T>) -> &Self {
        if let Lazy::Pending(pending) = known {
            self.ledger.sequence(&self.key, pending);
        }
        self
    }

    /// A field as it was observed, known once it `holds`: what [`read`](Handle::read) gives, waiting on for as long as
    /// `holds` says no to it.
    pub fn read_when<T: Clone>(&self, path: Path<K, T>, holds: impl FnOnce(&T) -> bool) -> Lazy<T> {
        match self.read(path) {
            Lazy::Known(value) if !holds(&value) => self.pending((self.view.wire)(path.steps).to_string()),
            read => read,
        }
    }
}
