//! Versions beside each other. Objects are stored at the referenceable version, and without a webhook nothing converts them: the API server
//! changes their apiVersion, drops what the other version does not know, and validates nothing anew.

use planewright_definitions::emission::Faults;
use serde_json::Value;

use crate::place::Place;

/// Two versions of a spec.
pub(crate) struct Pair<'a> {
    /// The name of the referenceable version.
    pub(crate) stored: &'a str,
    /// The name of the other one, which is served.
    pub(crate) other: &'a str,
    /// The place of the other one.
    pub(crate) place: &'a Place,
}

impl Pair<'_> {
    /// Finds what is lost, or not valid any more, from the other version to the stored one or back.
    pub(crate) fn check(&self, stored: &Value, other: &Value, path: &str, faults: &mut Faults) {
        let Pair { stored: stored_name, other: other_name, .. } = self;
        let (one, two) = (kind(stored), kind(other));
        // What the stored version keeps as free JSON loses nothing; the other way round it may be anything.
        if one != two && one != ANYTHING {
            self.add(
                path,
                format!("its type is {two} at {other_name}, and {one} at {stored_name}"),
                "give it one type",
                faults,
            );
            return;
        }
        self.values(stored, other, path, faults);
        for (word, mark) in [("items", "[]"), ("additionalProperties", "{}")] {
            if let (Some(stored), Some(other)) = (stored.get(word), other.get(word)) {
                self.check(stored, other, &format!("{path}{mark}"), faults);
            }
        }
        let (fields, others) = (stored["properties"].as_object(), other["properties"].as_object());
        for (name, field) in others.into_iter().flatten() {
            let path = format!("{path}.{name}");
            match stored["properties"].get(name) {
                Some(kept) => {
                    self.check(kept, field, &path, faults);
                    if is_always(other, name) && !is_always(stored, name) {
                        let reason = format!(
                            "{other_name} requires it and {stored_name} does not, so objects are served that are invalid"
                        );
                        self.add(&path, reason, "require it in both, or in neither", faults);
                    }
                }
                None if is_open(stored) => {}
                None => {
                    let reason = format!(
                        "{stored_name}, at which objects are stored, has no such field: what is written at {other_name} is lost"
                    );
                    self.add(&path, reason, &format!("add it to {stored_name}"), faults);
                }
            }
        }
        for (name, field) in fields.into_iter().flatten() {
            if is_always(stored, name) && field.get("default").is_none() && !is_always(other, name) {
                let reason = format!(
                    "{stored_name} requires it, and objects that are written at {other_name} may lack it: no composition could read them"
                );
                let remedy = format!("give it a default in {stored_name}, or require it in {other_name}");
                self.add(&format!("{path}.{name}"), reason, &remedy, faults);
            }
        }
    }

    /// Values that only the other version allows.
    fn values(&self, stored: &Value, other: &Value, path: &str, faults: &mut Faults) {
        let Some(known) = stored["enum"].as_array() else { return };
        let Some(values) = other["enum"].as_array() else {
            let reason = format!("{} allows what {} does not, which has an enum", self.other, self.stored);
            self.add(path, reason, &format!("give it the enum of {}", self.stored), faults);
            return;
        };
        for value in values.iter().filter(|value| !known.contains(value)) {
            let reason = format!("{} allows {value}, and {} does not", self.other, self.stored);
            self.add(path, reason, &format!("allow it in {}, too", self.stored), faults);
        }
    }

    fn add(&self, path: &str, reason: String, remedy: &str, faults: &mut Faults) {
        let remedy = format!("{remedy}; or let {} be served no longer (`served = false`)", self.other);
        faults.add(self.place.field(path), reason, remedy);
    }
}

/// What fits anything.
const ANYTHING: &str = "free JSON";

fn kind(schema: &Value) -> &str {
    match schema.get("type").and_then(Value::as_str) {
        Some(kind) => kind,
        None if schema.get("x-kubernetes-int-or-string").is_some() => "number or text",
        None => ANYTHING,
    }
}

/// Whether a field is there in every object: required, or filled in.
fn is_always(schema: &Value, name: &str) -> bool {
    schema["required"].as_array().is_some_and(|names| names.iter().any(|required| required == name))
        || schema["properties"][name].get("default").is_some()
}

/// Whether fields are kept that the schema does not name.
fn is_open(schema: &Value) -> bool {
    schema.get("x-kubernetes-preserve-unknown-fields").is_some() || schema.get("additionalProperties").is_some()
}
