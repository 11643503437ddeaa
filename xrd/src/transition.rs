//! Rules about changes: where the API server can follow a value from one version of an object to the next, and what
//! becomes of [`immutable`](crate::immutable).

use planewright_definitions::emission::Faults;
use serde_json::{Map, Value, json};

use crate::place::Place;
use crate::rule::{IMMUTABLE, RULES};

/// Completes the rules of a section, `spec` or `status`, and finds those that the API server would refuse.
pub(crate) fn resolve(schema: &mut Value, section: &str, place: &Place, faults: &mut Faults) {
    if node(schema, section, true, place, faults) {
        faults.add(
            place.field(section),
            "the whole of it is immutable, and Crossplane writes fields of its own there",
            "make its fields immutable, one by one",
        );
    }
}

/// Whether the value is immutable. `is_followed` says that the API server knows which old value belongs to a new one.
fn node(schema: &mut Value, path: &str, is_followed: bool, place: &Place, faults: &mut Faults) -> bool {
    let Value::Object(map) = schema else { return false };
    let immutable = map.shift_remove(IMMUTABLE).is_some();
    let rules = map.get(RULES).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if !is_followed && rules.iter().any(|rule| rule["rule"].as_str().is_some_and(mentions_old)) {
        faults.add(
            place.field(path),
            "a rule about changes within a list whose items the API server cannot tell apart",
            "tell the items apart by a field: #[schemars(transform = list_map([\"name\"]))] on the list",
        );
    }
    let whole = map.get("x-kubernetes-map-type").is_none_or(|kind| kind != "atomic");
    let told_apart = map.get("x-kubernetes-list-type").is_some_and(|kind| kind == "map");
    if let Some(items) = map.get_mut("items") {
        node(items, &format!("{path}[]"), is_followed && told_apart, place, faults);
    }
    if let Some(values) = map.get_mut("additionalProperties") {
        node(values, &format!("{path}{{}}"), is_followed && whole, place, faults);
    }
    let mut kept = Vec::new();
    let required = map.get("required").cloned().unwrap_or_default();
    if let Some(Value::Object(properties)) = map.get_mut("properties") {
        for (name, property) in properties {
            let field = format!("{path}.{name}");
            let immutable = node(property, &field, is_followed && whole, place, faults);
            let always = property.get("default").is_some()
                || required.as_array().is_some_and(|names| names.iter().any(|required| required == name.as_str()));
            if immutable && !always {
                match kept_as_it_is(name) {
                    Some(rule) => kept.push(rule),
                    None => faults.add(
                        place.field(&field),
                        "an optional field is immutable whose name CEL has no word for",
                        "name it with letters, digits and `_.-/`, or require it",
                    ),
                }
            }
        }
    }
    add(map, kept);
    immutable
}

fn add(map: &mut Map<String, Value>, more: Vec<Value>) {
    if !more.is_empty()
        && let Value::Array(rules) = map.entry(RULES).or_insert_with(|| Value::Array(Vec::new()))
    {
        rules.extend(more);
    }
}

/// The rule that an optional field is neither added nor taken away: a rule on the field itself is not asked then.
fn kept_as_it_is(name: &str) -> Option<Value> {
    let word = cel_name(name)?;
    Some(json!({
        "rule": format!("has(self.{word}) == has(oldSelf.{word})"),
        "message": format!("{name} can neither be added nor be taken away"),
    }))
}

/// Whether an expression speaks of the old value.
fn mentions_old(rule: &str) -> bool {
    rule.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == "oldSelf")
}

/// A field's name as CEL expressions write it, by Kubernetes' rules of escaping.
fn cel_name(name: &str) -> Option<String> {
    const WORDS: [&str; 21] = [
        "true",
        "false",
        "null",
        "in",
        "as",
        "break",
        "const",
        "continue",
        "else",
        "for",
        "function",
        "if",
        "import",
        "let",
        "loop",
        "package",
        "namespace",
        "return",
        "var",
        "void",
        "while",
    ];
    if WORDS.contains(&name) {
        return Some(format!("__{name}__"));
    }
    let is_known = |c: char| c.is_ascii_alphanumeric() || "_.-/".contains(c);
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) || !name.chars().all(is_known) {
        return None;
    }
    let escaped = name.replace("__", "__underscores__");
    Some(escaped.replace('.', "__dot__").replace('-', "__dash__").replace('/', "__slash__"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_escaped_as_the_api_server_does() {
        let names = ["size", "a-b", "a.b/c", "a__b", "namespace", "9a", "a b", ""];
        let escaped = names.map(cel_name);
        let expected = ["size", "a__dash__b", "a__dot__b__slash__c", "a__underscores__b", "__namespace__"];
        assert_eq!(escaped.iter().flatten().collect::<Vec<_>>(), expected);
        assert_eq!(escaped[5..], [None, None, None]);
    }

    #[test]
    fn the_old_value_is_a_word_of_its_own() {
        assert!(mentions_old("self.a==oldSelf.a"));
        assert!(!mentions_old("self.oldSelfish"));
    }
}
