//! Conditions of composed resources as conditions of the composite resource.

use super::ledger::Ledger;
use super::{Cx, Handle};
use crate::codec::{Mask, Slot, WirePath};
use crate::resource::Composite;
use crate::shapes::Condition;
use crate::state::{ConditionStatus, Place, Target, TargetedCondition};

/// The reason of a condition that stands for a resource, or a condition of it, that was not observed.
const NOT_OBSERVED: &str = "NotObserved";

impl<K> Handle<K> {
    /// A condition of the resource, such as `Synced`, as it was observed; `None` if it was not. Whatever kind the resource
    /// is of: conditions look the same everywhere.
    pub fn observed_condition(&self, type_: &str) -> Option<Condition> {
        condition(&self.ledger, self.key(), type_)
    }
}

/// # Conditions that stand for composed resources
impl<X: Composite> Cx<X> {
    /// Shows a condition of a composed resource as a condition of the composite resource, with the status, reason and
    /// message that it was observed with. While it was not observed, the condition is `Unknown` with reason `NotObserved`.
    ///
    /// ```
    /// # use planewright::compose::{Cx, Result};
    /// # use planewright::resource::Composite;
    /// fn compose<X: Composite>(cx: &mut Cx<X>) -> Result<()> {
    ///     let database = cx.resource("database", serde_json::json!({"apiVersion": "example.org/v1", "kind": "Database"}));
    ///     cx.map_condition(&database, "Synced", "DatabaseSynced");
    ///     Ok(())
    /// }
    /// ```
    pub fn map_condition<K>(&self, handle: &Handle<K>, from: &str, to: &str) -> &Self {
        self.map_conditions([handle.key()], from, to, Target::Composite)
    }

    /// The same, for the composite resource and its claim.
    pub fn map_condition_to_claim<K>(&self, handle: &Handle<K>, from: &str, to: &str) -> &Self {
        self.map_conditions([handle.key()], from, to, Target::CompositeAndClaim)
    }

    /// Shows a condition that several composed resources have as one: `True` if it is of all of them, otherwise what the
    /// first that is `False` says, otherwise what the first that is neither says. The message names the resource.
    pub fn map_conditions<S: AsRef<str>>(
        &self,
        keys: impl IntoIterator<Item = S>,
        from: &str,
        to: &str,
        target: Target,
    ) -> &Self {
        let mut found: Vec<TargetedCondition> = Vec::new();
        let mut keys = keys.into_iter().peekable();
        let mut several = false;
        while let Some(key) = keys.next() {
            several |= keys.peek().is_some();
            found.push(mapped(&self.ledger, key.as_ref(), from, to, target, several));
        }
        let rank = |condition: &TargetedCondition| match condition.status {
            ConditionStatus::False => 0,
            ConditionStatus::True => 2,
            _ => 1,
        };
        // The first of the lowest rank: what is wrong comes before what is not known, and that before what is well.
        match found.into_iter().min_by_key(rank) {
            Some(condition) => self.targeted_condition(condition),
            None => self,
        }
    }
}

fn mapped(ledger: &Ledger, key: &str, from: &str, to: &str, target: Target, named: bool) -> TargetedCondition {
    let condition = condition(ledger, key, from);
    let exists = ledger.source.observed(Place::Composed(key)).is_some();
    let (status, reason, message) = match condition {
        Some(condition) => (
            condition.status.unwrap_or_default(),
            condition.reason.filter(|reason| !reason.is_empty()),
            condition.message.filter(|message| !message.is_empty()),
        ),
        None if exists => (ConditionStatus::Unknown, None, Some(format!("it has no condition {from} yet"))),
        None => (ConditionStatus::Unknown, None, Some("it does not exist yet".to_owned())),
    };
    let name = |message: String| if named || reason.is_none() { format!("{key}: {message}") } else { message };
    TargetedCondition {
        r#type: to.to_owned(),
        status,
        message: message.map(name),
        reason: reason.unwrap_or_else(|| NOT_OBSERVED.to_owned()),
        target,
    }
}

fn condition(ledger: &Ledger, key: &str, type_: &str) -> Option<Condition> {
    let mut reader = ledger.source.observed(Place::Composed(key))?;
    let mut found = None;
    let path = WirePath::names(["status", "conditions"]);
    let outcome = path.visit(&mut *reader, &mut |conditions| {
        conditions.items(&mut |item| {
            let mut condition = Condition::default();
            condition.read(item, Mask::ALL)?;
            if found.is_none() && condition.r#type.as_deref() == Some(type_) {
                found = Some(condition);
            }
            Ok(())
        })
    });
    if let Err(error) = outcome {
        ledger.fault(format!(
            "observed composed resource {key:?}: status.conditions: {error}; correct the controller that wrote it"
        ));
    }
    found
}
