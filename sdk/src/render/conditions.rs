//! The conditions that Crossplane gives a composite resource, in its words.

use serde_json::{Value, json};

use crate::state::{ConditionStatus, Target, TargetedCondition};

/// The time that every rendered condition carries.
const TIME: &str = "2024-01-01T00:00:00Z";
/// How many names a message lists.
const NAMES: usize = 3;

/// The conditions of a composite resource, in the order in which they were first set.
#[derive(Debug, Default)]
pub(crate) struct Conditions {
    values: Vec<Value>,
    /// The generation of the composite resource, which Crossplane writes into its own conditions; 0 if it has none.
    generation: i64,
}

/// Who sets a condition.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Crossplane,
    Function,
}

impl Conditions {
    /// The conditions that a composite resource had before, and what Crossplane says of it before it composes: that it is
    /// not reconciled too often.
    pub(crate) fn of(composite: &Value) -> Self {
        let conditions = composite.pointer("/status/conditions").and_then(Value::as_array);
        let generation = composite.pointer("/metadata/generation").and_then(Value::as_i64).unwrap_or_default();
        let mut conditions = Conditions { values: conditions.cloned().unwrap_or_default(), generation };
        conditions.set(By::Crossplane, "Responsive", "True", "WatchCircuitClosed", "");
        conditions
    }

    pub(crate) fn values(&self) -> &[Value] {
        &self.values
    }

    pub(crate) fn into_values(self) -> Vec<Value> {
        self.values
    }

    /// Takes over the conditions that functions set. Crossplane's own types are passed over.
    fn custom(&mut self, seen: &[TargetedCondition]) {
        for condition in seen.iter().filter(|condition| !is_system(&condition.r#type)) {
            let message = condition.message.as_deref().unwrap_or_default();
            self.set(By::Function, &condition.r#type, condition.status.as_str(), &condition.reason, message);
        }
    }

    /// Everything was applied; some of it may not be ready.
    pub(crate) fn composed(&mut self, seen: &[TargetedCondition], unready: &[String], overridden: Option<bool>) {
        self.custom(seen);
        self.set(By::Crossplane, "Synced", "True", "ReconcileSuccess", "");
        match overridden {
            Some(true) => self.set(By::Crossplane, "Ready", "True", "Available", ""),
            Some(false) => self.set(By::Crossplane, "Ready", "False", "Creating", ""),
            None if unready.is_empty() => self.set(By::Crossplane, "Ready", "True", "Available", ""),
            None => {
                let message = format!("Unready resources: {}", first_names(unready));
                self.set(By::Crossplane, "Ready", "False", "Creating", &message);
            }
        }
    }

    /// Composing failed. Conditions of functions that were not heard of are unknown then.
    pub(crate) fn failed(&mut self, message: &str, seen: &[TargetedCondition]) {
        self.set(By::Crossplane, "Synced", "False", "ReconcileError", message);
        self.custom(seen);
        let unseen: Vec<String> = self
            .values
            .iter()
            .filter_map(|condition| condition.get("type").and_then(Value::as_str))
            .filter(|type_| !is_system(type_) && !seen.iter().any(|seen| seen.r#type == *type_))
            .map(str::to_owned)
            .collect();
        for type_ in unseen {
            let unknown = ConditionStatus::Unknown;
            let message = "A fatal error occurred before the status of this condition could be determined.";
            self.set(By::Crossplane, &type_, unknown.as_str(), "FatalError", message);
        }
    }

    /// It is paused.
    pub(crate) fn paused(&mut self) {
        let message = "Reconciliation (including deletion) is paused via the pause annotation";
        self.set(By::Crossplane, "Synced", "False", "ReconcilePaused", message);
    }

    /// It is being deleted.
    pub(crate) fn deleting(&mut self) {
        self.set(By::Crossplane, "Ready", "False", "Deleting", "");
        self.set(By::Crossplane, "Synced", "True", "ReconcileSuccess", "");
    }

    fn set(&mut self, by: By, type_: &str, status: &str, reason: &str, message: &str) {
        let mut condition = json!({
            "type": type_, "status": status, "reason": reason, "lastTransitionTime": TIME,
        });
        if let Value::Object(map) = &mut condition {
            if !message.is_empty() {
                map.insert("message".to_owned(), message.into());
            }
            if by == By::Crossplane && self.generation != 0 {
                map.insert("observedGeneration".to_owned(), self.generation.into());
            }
        }
        match self.values.iter_mut().find(|old| old.get("type").and_then(Value::as_str) == Some(type_)) {
            None => self.values.push(condition),
            Some(old) => {
                let equal = |field: &str| old.get(field) == condition.get(field);
                // A generation that only one of them has says nothing.
                let generation = "observedGeneration";
                let generations =
                    old.get(generation).is_none() || condition.get(generation).is_none() || equal(generation);
                if !(generations && ["status", "reason", "message"].into_iter().all(equal)) {
                    *old = condition;
                }
            }
        }
    }
}

/// The types of the conditions that are shown on the claim too: those that were before, then those that functions say.
pub(crate) fn claim_types(before: Option<&Value>, seen: &[TargetedCondition]) -> Vec<Value> {
    let mut types: Vec<Value> = before.and_then(Value::as_array).cloned().unwrap_or_default();
    let reaching = seen.iter().filter(|condition| condition.target == Target::CompositeAndClaim);
    for condition in reaching.filter(|condition| !is_system(&condition.r#type)) {
        let type_ = Value::from(condition.r#type.as_str());
        if !types.contains(&type_) {
            types.push(type_);
        }
    }
    types
}

/// Whether a condition type is Crossplane's own.
fn is_system(type_: &str) -> bool {
    matches!(type_, "Ready" | "Synced" | "Healthy" | "UpToDate" | "Responsive")
}

/// The first names and how many more there are, as Crossplane puts it.
fn first_names(names: &[String]) -> String {
    match names.len() {
        count if count > NAMES => format!("{}, and {} more", names[..NAMES].join(", "), count - NAMES),
        NAMES => format!("{}, and {}", names[..NAMES - 1].join(", "), names[NAMES - 1]),
        _ => names.join(", "),
    }
}
