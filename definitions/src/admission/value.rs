//! A value against a schema, as the API server validates it: the checks of OpenAPI v3, without CEL and list types.

use serde_json::{Number, Value};

use super::{format, pattern};
use crate::refusal::Path;
use crate::schema::{Schema, SchemaOrBool};

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fault {
    /// Where in the value, below the path that the caller gave.
    pub(super) path: Path,
    /// In the words of the API server.
    pub(super) reason: String,
}

/// Every fault of `value`, which stands at `path`.
pub(super) fn faults(value: &Value, schema: &Schema, path: &Path) -> Vec<Fault> {
    let mut check = Check { faults: Vec::new() };
    check.value(value, schema, &Place { path: path.clone(), name: String::new() });
    check.faults
}

struct Check {
    faults: Vec<Fault>,
}

/// Where a value stands: in the document, and below the root of the value (which is the name in messages).
struct Place {
    path: Path,
    name: String,
}

impl Place {
    fn child(&self, key: &str) -> Place {
        let name = if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) };
        Place { path: self.path.child(key), name }
    }

    fn index(&self, index: usize) -> Place {
        Place { path: self.path.index(index), name: format!("{}[{index}]", self.name) }
    }
}

impl Check {
    fn fault(&mut self, place: &Place, reason: String) {
        self.faults.push(Fault { path: place.path.clone(), reason });
    }

    fn invalid(&mut self, place: &Place, value: &Value, rule: &str) {
        let shown = match value {
            Value::Object(_) => "\"object\"".to_owned(),
            Value::Array(_) => "\"array\"".to_owned(),
            other => other.to_string(),
        };
        self.fault(place, format!("Invalid value: {shown}: {} in body {rule}", place.name));
    }

    fn value(&mut self, value: &Value, schema: &Schema, place: &Place) {
        self.type_of(value, schema, place);
        self.one_of_enum(value, schema, place);
        match value {
            Value::Null => return,
            Value::String(text) => self.text(text, value, schema, place),
            Value::Number(number) => self.number(number, value, schema, place),
            Value::Array(items) => self.items(items, value, schema, place),
            Value::Object(_) => self.object(value, schema, place),
            Value::Bool(_) => {}
        }
        self.combinations(value, schema, place);
    }

    fn type_of(&mut self, value: &Value, schema: &Schema, place: &Place) {
        let expected: &[&str] = match schema.type_.as_deref() {
            _ if schema.int_or_string => &["integer", "string"],
            Some(name) if !name.is_empty() => &[name],
            _ => return,
        };
        let numeric = expected.iter().any(|name| matches!(*name, "number" | "integer"));
        let actual = match value {
            Value::Null if schema.nullable => return,
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(number) if number.is_i64() => "integer",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        // A format other than a number's leaves the types of strings and lists unchecked: the validator's own quirk.
        let formatted = schema.format.as_deref().is_some_and(|format| !format.is_empty());
        if formatted && !numeric && matches!(value, Value::String(_) | Value::Array(_)) {
            return;
        }
        let fits = expected.contains(&actual)
            || actual == "integer" && expected.contains(&"number")
            || expected.contains(&"integer") && value.as_f64().is_some_and(|f| actual == "number" && is_whole(f));
        if !fits {
            let rule = format!("must be of type {}: \"{actual}\"", expected.join(","));
            self.fault(place, format!("Invalid value: \"{actual}\": {} in body {rule}", place.name));
        }
    }

    fn one_of_enum(&mut self, value: &Value, schema: &Schema, place: &Place) {
        if schema.enum_.is_empty() || schema.enum_.iter().any(|allowed| enum_equal(value, allowed)) {
            return;
        }
        let quote = |v: &Value| if v.is_string() { v.to_string() } else { format!("\"{v}\"") };
        let supported: Vec<_> = schema.enum_.iter().map(quote).collect();
        self.fault(place, format!("Unsupported value: {value}: supported values: {}", supported.join(", ")));
    }

    fn text(&mut self, text: &str, value: &Value, schema: &Schema, place: &Place) {
        let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
        let format = schema.format.as_deref().unwrap_or_default();
        if let Some(max) = schema.max_length.filter(|max| length > *max) {
            self.fault(place, format!("Too long: may not be more than {max} bytes"));
        } else if let Some(min) = schema.min_length.filter(|min| length < *min) {
            self.invalid(place, value, &format!("should be at least {min} chars long"));
        } else if let Some(pattern) = schema.pattern.as_deref().filter(|pattern| {
            !pattern.is_empty() && pattern::matcher(pattern).is_some_and(|matcher| !matcher.is_match(text))
        }) {
            self.invalid(place, value, &format!("should match '{pattern}'"));
        }
        if !format::fits(format, text) {
            self.invalid(place, value, &format!("must be of type {format}: {value}"));
        }
    }

    fn number(&mut self, number: &Number, value: &Value, schema: &Schema, place: &Place) {
        let bound = |bound: &Option<Number>| bound.as_ref().and_then(Number::as_f64);
        // Integers are compared as integers, so the fraction of a bound is cut off.
        let compare = |bound: f64| match number.as_i64() {
            Some(integer) => integer.cmp(&truncated(bound)),
            None => number.as_f64().unwrap_or_default().total_cmp(&bound),
        };
        if let Some(max) = bound(&schema.maximum) {
            let order = compare(max);
            if order.is_gt() || schema.exclusive_maximum && order.is_eq() {
                let than = if schema.exclusive_maximum { "less than" } else { "less than or equal to" };
                self.invalid(place, value, &format!("should be {than} {max}"));
            }
        }
        if let Some(min) = bound(&schema.minimum) {
            let order = compare(min);
            if order.is_lt() || schema.exclusive_minimum && order.is_eq() {
                let than = if schema.exclusive_minimum { "greater than" } else { "greater than or equal to" };
                self.invalid(place, value, &format!("should be {than} {min}"));
            }
        }
        if let Some(factor) = bound(&schema.multiple_of) {
            let positive = if number.is_i64() { truncated(factor) > 0 } else { factor > 0.0 };
            let multiple = match number.as_i64() {
                Some(integer) => positive && integer % truncated(factor) == 0,
                None => is_whole(number.as_f64().unwrap_or_default() / factor),
            };
            if !positive {
                let name = &place.name;
                let rule = format!("factor MultipleOf declared for {name} must be positive: {factor}");
                self.fault(place, format!("Invalid value: {value}: {rule}"));
            } else if !multiple {
                self.invalid(place, value, &format!("should be a multiple of {factor}"));
            }
        }
    }

    fn items(&mut self, items: &[Value], value: &Value, schema: &Schema, place: &Place) {
        let count = i64::try_from(items.len()).unwrap_or(i64::MAX);
        if let Some(schema) = schema.items.as_deref() {
            for (i, item) in items.iter().enumerate() {
                self.value(item, schema, &place.index(i));
            }
        }
        if let Some(min) = schema.min_items.filter(|min| count < *min) {
            self.invalid(place, value, &format!("should have at least {min} items"));
        }
        if let Some(max) = schema.max_items.filter(|max| count > *max) {
            self.fault(place, format!("Too many: {count}: must have at most {max} items"));
        }
    }

    fn object(&mut self, value: &Value, schema: &Schema, place: &Place) {
        let Value::Object(fields) = value else { return };
        let count = i64::try_from(fields.len()).unwrap_or(i64::MAX);
        if let Some(min) = schema.min_properties.filter(|min| count < *min) {
            self.invalid(place, value, &format!("should have at least {min} properties"));
        }
        if let Some(max) = schema.max_properties.filter(|max| count > *max) {
            self.fault(place, format!("Too many: {count}: must have at most {max} items"));
        }
        for (key, value) in fields {
            match (schema.properties.get(key.as_str()), schema.additional_properties.as_deref()) {
                (Some(property), _) => self.value(value, property, &place.child(key)),
                (None, Some(SchemaOrBool::Schema(others))) => self.value(value, others, &place.child(key)),
                (None, Some(SchemaOrBool::Bool(false))) => {
                    self.fault(
                        place,
                        format!("Invalid value: \"\": {}.{key} in body is a forbidden property", place.name),
                    );
                }
                (None, Some(SchemaOrBool::Bool(true)) | None) => {}
            }
        }
        for name in schema.required.iter().filter(|name| !fields.contains_key(name.as_ref())) {
            self.fault(&place.child(name), "Required value".to_owned());
        }
    }

    fn combinations(&mut self, value: &Value, schema: &Schema, place: &Place) {
        let valid = |schema: &Schema| faults(value, schema, &place.path).is_empty();
        let name = &place.name;
        if !schema.any_of.is_empty() && !schema.any_of.iter().any(valid) {
            self.fault(place, format!("Invalid value: \"\": \"{name}\" must validate at least one schema (anyOf)"));
        }
        if !schema.one_of.is_empty() {
            let found = match schema.one_of.iter().filter(|schema| valid(schema)).count() {
                1 => None,
                0 => Some("Found none valid".to_owned()),
                n => Some(format!("Found {n} valid alternatives")),
            };
            if let Some(found) = found {
                let rule = format!("must validate one and only one schema (oneOf). {found}");
                self.fault(place, format!("Invalid value: \"\": \"{name}\" {rule}"));
            }
        }
        for part in &schema.all_of {
            self.value(value, part, place);
        }
        if schema.not.as_deref().is_some_and(valid) {
            self.fault(place, format!("Invalid value: \"\": \"{name}\" must not validate the schema (not)"));
        }
    }
}

/// Equality of `enum`: a number is converted to the type of the allowed one.
fn enum_equal(value: &Value, allowed: &Value) -> bool {
    match (value, allowed) {
        (Value::Null, _) => false,
        (Value::Number(a), Value::Number(b)) => match b.as_i64() {
            Some(b) => a.as_i64().or_else(|| a.as_f64().map(truncated)) == Some(b),
            None => a.as_f64() == b.as_f64(),
        },
        (a, b) => a == b,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "as Go converts: towards zero")]
fn truncated(value: f64) -> i64 {
    value as i64
}

/// Whether the API server takes a float for an integer: within 2^53, up to a relative error of 1e-9.
fn is_whole(value: f64) -> bool {
    const LIMIT: f64 = 9_007_199_254_740_991.0;
    let nearest = value.trunc();
    value.abs() <= LIMIT && (value == nearest || (value - nearest).abs() / (value.abs() + nearest.abs()) < 1e-9)
}
