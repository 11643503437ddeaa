//! Versions beside each other. Objects are stored at the referenceable version, and without a webhook nothing converts them: the API server
//! changes their apiVersion, drops what the other version does not know, and validates nothing anew.

use planewright_definitions::emission::Faults;
use serde_json::Value;

use crate::allowance::beyond;
use crate::place::Place;

/// Two versions.
pub(crate) struct Pair<'a> {
    /// The name of the referenceable version.
    pub(crate) stored: &'a str,
    /// The name of the other one, which is served.
    pub(crate) other: &'a str,
    /// The place of the other one.
    pub(crate) place: &'a Place,
}

impl Pair<'_> {
    /// Finds values that only the other version allows.
    fn allowed(&self, stored: &Value, other: &Value, path: &str, faults: &mut Faults) {
        for value in beyond(other, stored) {
            let reason =
                format!("{} allows {value}, and {}, at which objects are stored, does not", self.other, self.stored);
            let remedy = format!("let {} allow as much, or {} no more", self.stored, self.other);
            self.add(path, reason, &remedy, faults);
        }
    }

    /// Finds what of a spec is lost, or not valid any more, from the other version to the stored one or back.
    pub(crate) fn spec(&self, stored: &Value, other: &Value, path: &str, faults: &mut Faults) {
        let Pair { stored: stored_name, other: other_name, .. } = self;
        // What the stored version keeps as free JSON loses nothing; the other way round it may be anything.
        if self.have_types(stored, other, kind(stored) == ANYTHING, path, faults) {
            return;
        }
        self.allowed(stored, other, path, faults);
        for (stored, other, mark) in inner(stored, other) {
            self.spec(stored, other, &format!("{path}{mark}"), faults);
        }
        if is_open(other) && !is_open(stored) {
            let reason = format!(
                "{other_name} keeps whatever fields are there, and {stored_name}, at which objects are stored, drops them"
            );
            self.add(path, reason, "let both know the same fields", faults);
        }
        for (name, field) in fields(other) {
            let path = format!("{path}.{name}");
            match stored["properties"].get(name).or_else(|| values(stored)) {
                Some(kept) => {
                    self.spec(kept, field, &path, faults);
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
        for (name, field) in fields(stored) {
            if is_always(stored, name) && field.get("default").is_none() && !is_always(other, name) {
                let reason = format!(
                    "{stored_name} requires it, and objects that are written at {other_name} may lack it: no composition could read them"
                );
                let remedy = format!("give it a default in {stored_name}, or require it in {other_name}");
                self.add(&format!("{path}.{name}"), reason, &remedy, faults);
            }
        }
    }

    /// Finds what of a status cannot be read at the other version: it is written at the stored one, by Crossplane and its compositions. What only the stored one has,
    /// the other does not show, and nothing is lost.
    pub(crate) fn status(&self, stored: &Value, other: &Value, path: &str, faults: &mut Faults) {
        let Pair { stored: stored_name, other: other_name, .. } = self;
        if self.have_types(stored, other, kind(other) == ANYTHING, path, faults) {
            return;
        }
        for value in beyond(stored, other) {
            let reason = format!(
                "{stored_name}, at which it is written, allows {value}, and {other_name} does not, so objects are served that are invalid"
            );
            self.add(path, reason, &format!("let {other_name} allow as much, or {stored_name} no more"), faults);
        }
        for (stored, other, mark) in inner(stored, other) {
            self.status(stored, other, &format!("{path}{mark}"), faults);
        }
        for (name, field) in fields(other) {
            let path = format!("{path}.{name}");
            match stored["properties"].get(name).or_else(|| values(stored)) {
                Some(written) => self.status(written, field, &path, faults),
                None if is_open(stored) => {}
                None => {
                    let reason = format!("{stored_name}, at which it is written, has no such field: it is never there");
                    self.add(&path, reason, &format!("add it to {stored_name}"), faults);
                }
            }
        }
    }

    /// Whether two types differ, which is a fault, unless one of them fits anything.
    fn have_types(&self, stored: &Value, other: &Value, fits: bool, path: &str, faults: &mut Faults) -> bool {
        let (one, two) = (kind(stored), kind(other));
        let differ = one != two && !fits;
        if differ {
            let reason = format!("its type is {two} at {}, and {one} at {}", self.other, self.stored);
            self.add(path, reason, "give it one type", faults);
        }
        differ
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

/// The items of two lists, and the values of two maps.
fn inner<'a>(stored: &'a Value, other: &'a Value) -> impl Iterator<Item = (&'a Value, &'a Value, &'static str)> {
    let items = stored.get("items").zip(other.get("items")).map(|(stored, other)| (stored, other, "[]"));
    let values = values(stored).zip(values(other)).map(|(stored, other)| (stored, other, "{}"));
    items.into_iter().chain(values)
}

/// The schema of a map's values.
fn values(schema: &Value) -> Option<&Value> {
    schema.get("additionalProperties").filter(|values| values.is_object())
}

fn fields(schema: &Value) -> impl Iterator<Item = (&String, &Value)> {
    schema["properties"].as_object().into_iter().flatten()
}

/// Whether a field is there in every object: required, or filled in.
fn is_always(schema: &Value, name: &str) -> bool {
    schema["required"].as_array().is_some_and(|names| names.iter().any(|required| required == name))
        || schema["properties"][name].get("default").is_some()
}

/// Whether fields are kept that the schema does not name.
fn is_open(schema: &Value) -> bool {
    schema["x-kubernetes-preserve-unknown-fields"] == true
        || schema.get("additionalProperties").is_some_and(|values| *values != false)
}
