//! The order of deletions that follows from what reads what.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Cx;
use super::ledger::Ledger;
use super::protection::{USAGE, order_key};
use crate::codec::Slot;
use crate::resource::Composite;
use crate::state::DEPENDENCIES_CAPABILITY;

/// # The order of deletions
impl<X: Composite> Cx<X> {
    /// Lets composed resources be deleted in the opposite order of their creation, as far as reads tell: a resource that
    /// reads another, or refers to it with `&handle`, is deleted before that one. Crossplane itself deletes everything at
    /// once. For each such pair a usage is composed, as by [`Handle::deleted_before`](super::Handle::deleted_before).
    ///
    /// What is read with `.known()`, and references by selector, are no reads that tell. Pairs of which only one lives in a
    /// namespace are passed over, as no usage can order them. Resources that read each other end the step with a fatal
    /// result, unless `deleted_before` says which of the two goes first. A usage stays for as long as both its resources
    /// are declared, even if one no longer reads the other, and is dropped with either of them.
    ///
    /// ```
    /// # use planewright::compose::{Cx, Result};
    /// # use planewright::resource::Composite;
    /// fn compose<X: Composite>(cx: &mut Cx<X>) -> Result<()> {
    ///     cx.order_deletion();
    ///     Ok(())
    /// }
    /// ```
    pub fn order_deletion(&self) -> &Self {
        self.ledger.entries.borrow_mut().ordered = true;
        self
    }
}

impl Ledger {
    /// Ends what a run says of usages: orders deletions, and drops with a resource the usages that only order it.
    pub(super) fn settle_usages(&self) {
        if self.entries.borrow().ordered {
            let pairs = self.read_pairs();
            if let Some(cycle) = cycle(&pairs) {
                self.fault(format!(
                    "deletions cannot be ordered by reads: {} read each other in a circle; say which goes first with \
                     a.deleted_before(&b), or do without cx.order_deletion()",
                    cycle.iter().map(|key| format!("{key:?}")).collect::<Vec<_>>().join(", ")
                ));
                return;
            }
            for (first, then) in &pairs {
                self.order_once(first, then);
            }
        }
        let observed = self.source.observed_keys().into_iter().filter(|key| key.starts_with(USAGE));
        let observed: Vec<String> = observed.map(str::to_owned).collect();
        for usage in observed.iter().filter(|key| !self.entries.borrow().declared.contains(key)) {
            self.settle_usage(usage);
        }
    }

    /// A usage that exists and that nothing in this run composes.
    fn settle_usage(&self, usage: &str) {
        let Some(rest) = usage.strip_prefix(USAGE) else { return };
        for (at, _) in rest.match_indices(':') {
            let (then, first) = (&rest[..at], &rest[at + 1..]);
            let declared = |key: &str| self.entries.borrow().declared.contains(key);
            let dropped = |key: &str| self.entries.borrow().is_dropped(key);
            match (declared(then), declared(first)) {
                // It may be that one no longer reads the other only because something is hidden.
                (true, true) if self.entries.borrow().ordered => self.order_once(first, then),
                (then_stays, first_stays) if (!then_stays && dropped(then)) || (!first_stays && dropped(first)) => {
                    self.entries.borrow_mut().drop_with(usage);
                }
                _ => continue,
            }
            return;
        }
    }

    fn order_once(&self, first: &str, then: &str) {
        let known = self.entries.borrow().declared.contains(&order_key(first, then));
        if !known && self.can_order(first, then) {
            self.order(first, then);
        }
    }

    /// Which resource is to be deleted before which: those that read, each before what it reads. Pairs of which the
    /// composition said the opposite are left out.
    fn read_pairs(&self) -> BTreeSet<(String, String)> {
        let entries = self.entries.borrow();
        let observed: BTreeSet<&str> = self.source.observed_keys().into_iter().collect();
        let is_known = |key: &str| entries.declared.contains(key) || observed.contains(key);
        let mut pairs = BTreeSet::new();
        for (key, uses) in entries.uses.iter().filter(|(key, _)| entries.declared.contains(key)) {
            for read in uses.iter().flat_map(|used| used.reads.keys()) {
                let said_otherwise = entries.declared.contains(&order_key(read, key));
                if read != key && !said_otherwise && is_known(read) {
                    pairs.insert((key.clone(), read.to_owned()));
                }
            }
        }
        pairs
    }

    /// Tells the edges of the run, if somebody asks for them.
    pub(super) fn tell_edges(&self) {
        if !self.source.wants_edges() && !self.source.has_capability(DEPENDENCIES_CAPABILITY) {
            return;
        }
        let mut edges = BTreeSet::new();
        let entries = &mut *self.entries.borrow_mut();
        for (key, uses) in &entries.uses {
            let root: Option<Box<dyn Slot>> = entries.declared.get(key).and_then(|declared| declared.value());
            uses.iter().for_each(|used| used.edges(key, root.as_deref(), &mut edges));
        }
        // Required resources are not composed.
        edges.retain(|edge| entries.declared.contains(&edge.on.key) || entries.looked_up.contains(&edge.on.key));
        entries.response.edges = edges;
        for (key, declared) in entries.declared.iter() {
            if let Some(kind) =
                declared.held_back.as_ref().and_then(|object| object.get("kind")).and_then(Value::as_str)
            {
                entries.response.held_back.insert(key.to_owned(), kind.to_owned());
            }
        }
    }
}

/// A circle among pairs, if there is one.
fn cycle(pairs: &BTreeSet<(String, String)>) -> Option<Vec<&str>> {
    let mut next: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (first, then) in pairs {
        next.entry(first).or_default().push(then);
    }
    // What leads nowhere is in no circle; what is left after taking that away again and again is, or leads to one.
    loop {
        let ends: Vec<&str> = next
            .iter()
            .filter(|(_, targets)| targets.iter().all(|target| !next.contains_key(target)))
            .map(|(key, _)| *key)
            .collect();
        if ends.is_empty() {
            break;
        }
        ends.iter().for_each(|key| drop(next.remove(key)));
    }
    let mut path = vec![*next.keys().next()?];
    loop {
        let at = path.last()?;
        let target = *next.get(at)?.iter().find(|target| next.contains_key(**target))?;
        if let Some(begin) = path.iter().position(|key| *key == target) {
            return Some(path.split_off(begin));
        }
        path.push(target);
    }
}
