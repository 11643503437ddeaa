//! Order of creation: one resource after another.

use super::edge::Use;
use super::ledger::Ledger;
use super::literal::Spot;
use super::{Handle, Lazy, Path, Pending, Reads};
use crate::codec::json::JsonReader;
use crate::codec::{Mask, Slot as _, WirePath};
use crate::shapes::Condition;
use crate::state::{Place, Waiting};

/// What waits where no field of a resource does.
const CREATION: &str = "its creation";

impl<K> Handle<K> {
    /// Creates the resource only once `known` is: an order between two resources where no field carries a value from one
    /// to the other.
    ///
    /// ```
    /// # use planewright::compose::{Cx, Result};
    /// # use planewright::resource::Composite;
    /// fn compose<X: Composite>(cx: &mut Cx<X>) -> Result<()> {
    ///     let of_kind = |kind: &str| serde_json::json!({"apiVersion": "example.org/v1", "kind": kind});
    ///     let cluster = cx.resource("cluster", of_kind("Cluster"));
    ///     let addon = cx.resource("addon", of_kind("Addon"));
    ///     addon.after(cluster.when(|conditions| conditions.iter().any(|condition| condition.is_true("Ready"))));
    ///     Ok(())
    /// }
    /// ```
    ///
    /// A new resource is held back meanwhile. One that exists, or that an earlier step desires, is declared as ever: what is
    /// created stays, whatever becomes of what it waited for. Said more than once, all of it must be known. A value that is
    /// unset is not waited for. What was read is an edge, for the graph and for the order of deletions.
    pub fn after<T>(&self, known: Lazy<T>) -> &Self {
        let (reads, pending) = match known {
            Lazy::Known(_) => (Reads::default(), None),
            Lazy::Read(_, reads) => (reads, None),
            Lazy::Pending(pending) => (pending.reads(), Some(pending)),
        };
        if !reads.is_empty() {
            let spot = Spot::Wire(WirePath::from_names(&[CREATION]));
            self.ledger.uses(&self.key, vec![Use { spot, reads }]);
        }
        if let Some(pending) = pending.filter(|pending| !pending.is_empty()) {
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
        let found = !conditions.is_empty() && hold(&conditions);
        self.lazy(found.then_some(conditions), &path.to_string())
    }

    /// A field as it was observed, once it `holds`: what [`read`](Handle::read) gives, waiting on for as long as `holds`
    /// says no to it.
    pub fn read_when<T: Clone>(&self, path: Path<K, T>, holds: impl FnOnce(&T) -> bool) -> Lazy<T> {
        match self.read(path) {
            Lazy::Read(value, _) if !holds(&value) => self.pending((self.view.wire)(path.steps).to_string()),
            read => read,
        }
    }
}

impl Ledger {
    /// Creates a resource only once what it waits for is known.
    pub(super) fn sequence(&self, key: &str, pending: Pending) {
        self.entries.borrow_mut().sequenced.entry(key.to_owned()).or_default().push(pending);
        self.take_turn(key);
    }

    /// Holds a declared resource back that is new and not in its turn.
    pub(super) fn take_turn(&self, key: &str) {
        let entries = &mut *self.entries.borrow_mut();
        if entries.sequenced.is_empty() {
            return;
        }
        let Some(declared) = entries.declared.get_mut(key) else { return };
        let Some(pending) = entries.sequenced.remove(key) else { return };
        let place = Place::Composed(key);
        if self.source.observed(place).is_some() || self.source.desired(place).is_some() {
            return;
        }
        for pending in pending {
            if let Some(composed) = declared.composed.take() {
                declared.held_back = Some(composed.resource.into_json());
            }
            let (field, on) = (CREATION.to_owned(), pending.waits().cloned().collect());
            entries.response.waiting.push(Waiting { key: key.to_owned(), field, on, kept: false });
        }
    }
}
