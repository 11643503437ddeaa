//! The conditions that Crossplane gives a composite resource, in its words.

use serde_json::{Value, json};

use crate::state::{ConditionStatus, Target, TargetedCondition};

/// The time that every rendered condition carries.
const TIME: &str = "2024-01-01T00:00:00Z";
/// How many names a message lists.
const NAMES: usize = 3;

/// The conditions of a composite resource, in the order in which they were first set.
#[derive(Debug, Default)]
pub(crate) struct Conditions(Vec<Value>);

impl Conditions {
    /// The conditions that a composite resource had before, and what Crossplane says of it before it composes: that it is
    /// not reconciled too often.
    pub(crate) fn of(composite: &Value) -> Self {
        let conditions = composite.pointer("/status/conditions").and_then(Value::as_array);
        let mut conditions = Conditions(conditions.cloned().unwrap_or_default());
        conditions.set("Responsive", "True", "WatchCircuitClosed", "");
        conditions
    }

    pub(crate) fn values(&self) -> &[Value] {
        &self.0
    }

    pub(crate) fn into_values(self) -> Vec<Value> {
        self.0
    }

    /// Takes over the conditions that functions set. Crossplane's own types are passed over.
    fn custom(&mut self, seen: &[TargetedCondition]) {
        for condition in seen.iter().filter(|condition| !is_system(&condition.r#type)) {
            let message = condition.message.as_deref().unwrap_or_default();
            self.set(&condition.r#type, condition.status.as_str(), &condition.reason, message);
        }
    }

    /// Everything was applied; some of it may not be ready.
    pub(crate) fn composed(&mut self, seen: &[TargetedCondition], unready: &[String], overridden: Option<bool>) {
        self.custom(seen);
        self.set("Synced", "True", "ReconcileSuccess", "");
        match overridden {
            Some(true) => self.set("Ready", "True", "Available", ""),
            Some(false) => self.set("Ready", "False", "Creating", ""),
            None if unready.is_empty() => self.set("Ready", "True", "Available", ""),
            None => {
                let message = format!("Unready resources: {}", first_names(unready));
                self.set("Ready", "False", "Creating", &message);
            }
        }
    }

    /// Composing failed. Conditions of functions that were not heard of are unknown then.
    pub(crate) fn failed(&mut self, message: &str, seen: &[TargetedCondition]) {
        self.set("Synced", "False", "ReconcileError", message);
        self.custom(seen);
        let unseen: Vec<String> = self
            .0
            .iter()
            .filter_map(|condition| condition.get("type").and_then(Value::as_str))
            .filter(|type_| !is_system(type_) && !seen.iter().any(|seen| seen.r#type == *type_))
            .map(str::to_owned)
            .collect();
        for type_ in unseen {
            let unknown = ConditionStatus::Unknown;
            let message = "A fatal error occurred before the status of this condition could be determined.";
            self.set(&type_, unknown.as_str(), "FatalError", message);
        }
    }

    fn set(&mut self, type_: &str, status: &str, reason: &str, message: &str) {
        let mut condition = json!({
            "type": type_, "status": status, "reason": reason, "lastTransitionTime": TIME,
        });
        if let (false, Value::Object(map)) = (message.is_empty(), &mut condition) {
            map.insert("message".to_owned(), message.into());
        }
        match self.0.iter_mut().find(|old| old.get("type").and_then(Value::as_str) == Some(type_)) {
            None => self.0.push(condition),
            Some(old) => {
                let same = ["status", "reason", "message"].iter().all(|field| old.get(field) == condition.get(field));
                if !same {
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
