//! Status conditions of managed and composite resources.

use super::record::{record, word};

record! {
    /// A status condition, as it was observed.
    pub struct Condition {
        /// When the status last changed, RFC 3339.
        last_transition_time: String = "lastTransitionTime" as required,
        /// What is the matter, for people.
        message: String = "message",
        /// The `metadata.generation` that the condition speaks of.
        observed_generation: i64 = "observedGeneration",
        /// Why, in one CamelCase word.
        reason: String = "reason" as required,
        /// Whether it holds.
        status: ConditionStatus = "status" as required,
        /// Its type, such as `Ready`.
        r#type: String = "type" as required,
    }
}

impl Condition {
    /// Whether this is the condition `type_` and it is `True`.
    pub fn is_true(&self, type_: &str) -> bool {
        self.r#type.as_deref() == Some(type_) && self.status == Some(ConditionStatus::True)
    }
}

word! {
    /// Whether a condition holds.
    pub enum ConditionStatus {
        /// Not known.
        Unknown = "Unknown",
        /// It holds.
        True = "True",
        /// It does not hold.
        False = "False",
    }
}
