//! Values against schemas.

use std::cmp::Ordering;
use std::collections::HashSet;

use serde_json::{Map, Number, Value};

use super::remedy::{a_type, list};
use super::unknown::is_type;
use super::{FieldPath, Step, Violation, format, pattern};
use crate::schema::{Schema, SchemaOrBool};

/// What is wrong with an object that was pruned of nulls and defaulted.
pub(super) fn violations(object: &Value, schema: &Schema) -> Vec<Violation> {
    let mut judge = Judge::new(FieldPath::default());
    judge.value(object, schema, true);
    judge.violations
}

struct Judge {
    path: FieldPath,
    violations: Vec<Violation>,
    /// Whether something was not judged, so that no violation does not mean that there is none.
    unsure: bool,
}

impl Judge {
    fn new(path: FieldPath) -> Judge {
        Judge { path, violations: Vec::new(), unsure: false }
    }

    fn refuse(&mut self, reason: impl Into<String>, remedy: impl Into<String>) {
        self.violations.push(Violation { path: self.path.clone(), reason: reason.into(), remedy: remedy.into() });
    }

    fn at<T>(&mut self, step: Step, judge: impl FnOnce(&mut Judge) -> T) -> T {
        self.path.push(step);
        let result = judge(self);
        self.path.pop();
        result
    }

    fn value(&mut self, value: &Value, schema: &Schema, is_resource: bool) {
        let before = self.violations.len();
        self.judge(value, schema, is_resource);
        if schema.format.as_deref() == Some("password") {
            let shown = show(value);
            for violation in self.violations.iter_mut().skip(before) {
                for text in [&mut violation.reason, &mut violation.remedy] {
                    *text = text.replace(&shown, "[secret]");
                }
            }
        }
    }

    fn judge(&mut self, value: &Value, schema: &Schema, is_resource: bool) {
        if schema.reference.is_some() || schema.type_.as_deref().is_some_and(|name| !is_type(name)) {
            // No structural schema has these; whoever serves such a kind knows what it allows.
            self.unsure = true;
            return;
        }
        if !self.is_of_type(value, schema) {
            return;
        }
        if !schema.enum_.is_empty() && !schema.enum_.iter().any(|allowed| equal(allowed, value)) {
            let allowed: Vec<String> =
                schema.enum_.iter().map(|value| value.as_str().map_or_else(|| show(value), str::to_owned)).collect();
            self.refuse(format!("{} is not a supported value", show(value)), format!("use one of {}", list(&allowed)));
        }
        match value {
            Value::Number(number) => self.number(number, schema),
            Value::String(text) => self.string(text, schema),
            Value::Array(items) => self.array(items, schema),
            Value::Object(map) => self.object(map, schema, is_resource || schema.embedded_resource),
            Value::Null | Value::Bool(_) => {}
        }
        self.combinations(value, schema);
    }

    /// Whether the value is of the schema's type; refuses it where it is not. False for null, of which there is no
    /// more to say.
    fn is_of_type(&mut self, value: &Value, schema: &Schema) -> bool {
        if value.is_null() {
            // Only items of lists get here without being nullable: elsewhere such a null was pruned.
            if !schema.nullable && (schema.type_.is_some() || schema.int_or_string) {
                let what = schema.type_.as_deref().map_or("an integer or a string", a_type);
                self.refuse(format!("null, and {what} belongs here"), "write it, or remove the item");
            } else if !schema.enum_.is_empty() {
                self.refuse("null is not a supported value", "use another value, or leave the field out");
            }
            return false;
        }
        if schema.int_or_string {
            let fits = value.is_string() || value.as_number().is_some_and(is_integer);
            if !fits {
                let reason = format!("{}, and an integer or a string belongs here", describe(value));
                self.refuse(reason, "write an integer or a string");
            }
            return fits;
        }
        let Some(name) = schema.type_.as_deref() else { return true };
        // The server's validator leaves strings and lists to the format where there is one.
        let has_format = schema.format.is_some() && !matches!(name, "integer" | "number");
        let fits = match name {
            _ if has_format && (value.is_string() || value.is_array()) => true,
            "object" => value.is_object(),
            "array" => value.is_array(),
            "string" => value.is_string(),
            "boolean" => value.is_boolean(),
            "number" => value.is_number(),
            _ => value.as_number().is_some_and(is_integer),
        };
        if !fits {
            let remedy = match (name, value) {
                ("string", Value::Number(_) | Value::Bool(_)) => format!("quote it: \"{value}\""),
                ("integer" | "number", Value::String(text)) if text.parse::<f64>().is_ok() => {
                    format!("remove the quotes: {text}")
                }
                ("boolean", Value::String(text)) if text == "true" || text == "false" => {
                    format!("remove the quotes: {text}")
                }
                ("array", _) => "write a list, one item a line after `- `".to_owned(),
                _ => format!("write {}", a_type(name)),
            };
            self.refuse(format!("{}, and {} belongs here", describe(value), a_type(name)), remedy);
        }
        fits
    }

    fn number(&mut self, number: &Number, schema: &Schema) {
        let Some(value) = number.as_f64() else { return };
        if let Some(bound) = &schema.minimum {
            let (bad, word) = match compare(number, bound) {
                Some(Ordering::Less) => (true, if schema.exclusive_minimum { "greater than" } else { "at least" }),
                Some(Ordering::Equal) => (schema.exclusive_minimum, "greater than"),
                _ => (false, ""),
            };
            if bad {
                self.refuse(format!("{number} is too small"), format!("it must be {word} {bound}"));
            }
        }
        if let Some(bound) = &schema.maximum {
            let (bad, word) = match compare(number, bound) {
                Some(Ordering::Greater) => (true, if schema.exclusive_maximum { "less than" } else { "at most" }),
                Some(Ordering::Equal) => (schema.exclusive_maximum, "less than"),
                _ => (false, ""),
            };
            if bad {
                self.refuse(format!("{number} is too large"), format!("it must be {word} {bound}"));
            }
        }
        if let Some(factor) = &schema.multiple_of {
            match (number.as_i64(), factor.as_f64()) {
                (Some(value), Some(factor)) if factor.fract() == 0.0 && (1.0..1e15).contains(&factor) => {
                    if value % (factor as i64) != 0 {
                        self.refuse(
                            format!("{value} is not a multiple of {factor}"),
                            format!("use a multiple of {factor}"),
                        );
                    }
                }
                (None, Some(factor)) if factor > 0.0 && !is_whole(value / factor) => {
                    self.refuse(
                        format!("{value} is not a multiple of {factor}"),
                        format!("use a multiple of {factor}"),
                    );
                }
                _ => self.unsure = true,
            }
        }
    }

    fn string(&mut self, text: &str, schema: &Schema) {
        let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
        if let Some(most) = schema.max_length.filter(|most| length > *most) {
            self.refuse(format!("too long ({length})"), format!("it can have at most {most} characters"));
        }
        if let Some(least) = schema.min_length.filter(|least| length < *least) {
            self.refuse(format!("too short ({length})"), format!("it needs at least {least} characters"));
        }
        if let Some(pattern) = schema.pattern.as_deref() {
            match pattern::matches(pattern, text) {
                Some(true) => {}
                Some(false) => self.refuse(
                    format!("{} does not match the pattern", show(&text.into())),
                    format!("write what matches {pattern}"),
                ),
                None => self.unsure = true,
            }
        }
        if let Some(name) = schema.format.as_deref() {
            match format::matches(name, text) {
                Some(true) => {}
                Some(false) => {
                    self.refuse(
                        format!("{} is not of the format {name}", show(&text.into())),
                        format!("write a {name}"),
                    );
                }
                None => self.unsure = true,
            }
        }
    }

    fn array(&mut self, items: &[Value], schema: &Schema) {
        self.count(items.len(), "items", schema.min_items, schema.max_items);
        if let Some(below) = schema.items.as_deref() {
            for (index, item) in items.iter().enumerate() {
                self.at(Step::Item(index), |judge| judge.value(item, below, false));
            }
        }
        match schema.list_type.as_deref() {
            Some("set") => self.duplicates(items, |item| Some(item.clone()), "the list is a set"),
            Some("map") => {
                let keys = &schema.list_map_keys;
                let key_of = |item: &Value| {
                    let map = item.as_object()?;
                    let key =
                        keys.iter().filter_map(|key| map.get(&**key).map(|value| (key.to_string(), value.clone())));
                    Some(Value::Object(key.collect()))
                };
                self.duplicates(items, key_of, "the list is a map by these keys");
            }
            _ => {}
        }
    }

    fn duplicates(&mut self, items: &[Value], key_of: impl Fn(&Value) -> Option<Value>, why: &str) {
        let mut seen: HashSet<String> = HashSet::new();
        for (index, item) in items.iter().enumerate() {
            let Some(key) = key_of(item) else { continue };
            if !seen.insert(canonical(&key)) {
                self.at(Step::Item(index), |judge| {
                    judge.refuse(format!("{} is there twice", show(&key)), format!("keep one of them: {why}"));
                });
            }
        }
    }

    fn object(&mut self, map: &Map<String, Value>, schema: &Schema, is_resource: bool) {
        self.count(map.len(), "fields", schema.min_properties, schema.max_properties);
        if is_resource {
            for key in ["apiVersion", "kind"] {
                if map.get(key).and_then(Value::as_str).unwrap_or_default().is_empty() {
                    self.missing(key, "every Kubernetes object has it");
                }
            }
        }
        for key in &schema.required {
            let told = is_resource && matches!(&**key, "apiVersion" | "kind");
            if !told && !map.contains_key(&**key) {
                let remedy = schema.properties.get(key).and_then(|below| below.type_.as_deref()).map(a_type);
                self.missing(key, remedy.map(|what| format!("add it: {what}")).unwrap_or("add it".to_owned()));
            }
        }
        for (key, value) in map {
            let below = match (schema.properties.get(key.as_str()), schema.additional_properties.as_deref()) {
                (Some(below), _) => below,
                (None, Some(SchemaOrBool::Schema(any))) => any,
                _ => continue,
            };
            self.at(Step::Key(key.clone()), |judge| judge.value(value, below, false));
        }
    }

    fn missing(&mut self, key: &str, remedy: impl Into<String>) {
        self.at(Step::Key(key.to_owned()), |judge| judge.refuse("required, and missing", remedy));
    }

    fn count(&mut self, count: usize, what: &str, least: Option<i64>, most: Option<i64>) {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        if let Some(least) = least.filter(|least| count < *least) {
            self.refuse(format!("too few {what} ({count})"), format!("it needs at least {least}"));
        }
        if let Some(most) = most.filter(|most| count > *most) {
            self.refuse(format!("too many {what} ({count})"), format!("it can have at most {most}"));
        }
    }

    /// `allOf`, `anyOf`, `oneOf` and `not`.
    fn combinations(&mut self, value: &Value, schema: &Schema) {
        for branch in &schema.all_of {
            self.value(value, branch, false);
        }
        if !schema.any_of.is_empty() {
            let branches = self.branches(value, &schema.any_of);
            if branches.iter().all(Branch::fails) {
                self.refuse_branches(branches, "matches none of the allowed alternatives (anyOf)");
            }
        }
        if !schema.one_of.is_empty() {
            let branches = self.branches(value, &schema.one_of);
            let passing = branches.iter().filter(|branch| branch.passes()).count();
            if passing > 1 {
                let reason = format!("matches {passing} alternatives, of which only one is allowed (oneOf)");
                self.refuse(reason, "remove what belongs to the others");
            } else if branches.iter().all(Branch::fails) {
                self.refuse_branches(branches, "matches none of the alternatives (oneOf)");
            } else if passing == 0 {
                self.unsure = true;
            }
        }
        if let Some(not) = &schema.not {
            let branch = self.branch(value, not);
            if branch.passes() {
                self.refuse("is what is forbidden here (not)", "change it; see the description of the field");
            } else if !branch.fails() {
                self.unsure = true;
            }
        }
    }

    fn branches(&self, value: &Value, schemas: &[Schema]) -> Vec<Branch> {
        schemas.iter().map(|schema| self.branch(value, schema)).collect()
    }

    fn branch(&self, value: &Value, schema: &Schema) -> Branch {
        let mut judge = Judge::new(self.path.clone());
        judge.value(value, schema, false);
        Branch { violations: judge.violations, unsure: judge.unsure }
    }

    /// Refuses, with the branch that fails least as the remedy.
    fn refuse_branches(&mut self, branches: Vec<Branch>, reason: &str) {
        let best = branches.into_iter().min_by_key(|branch| branch.violations.len());
        let remedies: Vec<String> =
            best.into_iter().flat_map(|branch| branch.violations).map(|violation| violation.to_string()).collect();
        self.refuse(reason, format!("the nearest of them fails: {}", remedies.join(", ")));
    }
}

/// How a value fares under one of several schemas.
struct Branch {
    violations: Vec<Violation>,
    unsure: bool,
}

impl Branch {
    /// It surely fails.
    fn fails(&self) -> bool {
        !self.violations.is_empty()
    }

    /// It surely passes.
    fn passes(&self) -> bool {
        self.violations.is_empty() && !self.unsure
    }
}

/// Whether the API server takes a number as an integer: any of 64 signed bits, and floats that are all but whole.
fn is_integer(number: &Number) -> bool {
    number.is_i64() || (number.is_f64() && number.as_f64().is_some_and(is_whole))
}

/// Whether a float is all but whole, as go-openapi judges it: within 2^53, with a relative error below 10^-9.
fn is_whole(value: f64) -> bool {
    const BOUND: f64 = 9_007_199_254_740_991.0;
    const EPSILON: f64 = 1e-9;
    if !(-BOUND..=BOUND).contains(&value) {
        return false;
    }
    let whole = value.trunc();
    value == whole || (whole != 0.0 && (value - whole).abs() / (value.abs() + whole.abs()) < EPSILON)
}

/// Order of numbers: integers exactly, others as floats.
fn compare(left: &Number, right: &Number) -> Option<Ordering> {
    match (left.as_i64(), right.as_i64()) {
        (Some(left), Some(right)) => Some(left.cmp(&right)),
        _ => left.as_f64()?.partial_cmp(&right.as_f64()?),
    }
}

/// Equality of JSON values; numbers by value.
fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left == right || left.as_f64() == right.as_f64(),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| equal(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, left)| right.get(key).is_some_and(|right| equal(left, right)))
        }
        (left, right) => left == right,
    }
}

/// A text that is the same for equal values, whatever the order of their keys. `1` and `1.0` differ, as
/// they do in the server's sets.
fn canonical(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        Value::Object(map) => {
            let mut fields: Vec<String> =
                map.iter().map(|(key, value)| format!("{key:?}:{}", canonical(value))).collect();
            fields.sort_unstable();
            format!("{{{}}}", fields.join(","))
        }
        scalar => scalar.to_string(),
    }
}

/// A value for a message, shortened.
fn show(value: &Value) -> String {
    const LONG: usize = 80;
    let text = value.to_string();
    match text.char_indices().nth(LONG) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// What a value is.
fn describe(value: &Value) -> String {
    match value {
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "a mapping".to_owned(),
        value => format!(
            "{} is {}",
            show(value),
            match value {
                Value::String(_) => "a string",
                Value::Number(_) => "a number",
                Value::Bool(_) => "a boolean",
                _ => "null",
            }
        ),
    }
}
