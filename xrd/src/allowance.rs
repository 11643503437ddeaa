//! What values one schema allows and another does not.

use planewright_definitions::admission::takes;
use planewright_definitions::schema::Schema;
use serde_json::Value;

/// How a value that `wide` allows can be one that `narrow` does not: empty where every one is. Types, fields and items are looked at elsewhere.
///
/// Where `wide` has an enum, it is its values that are judged. Otherwise words are compared with each other; what one pattern means for
/// another is not known, so they must be the same. Rules in CEL are not compared: those of one version may speak of fields that the other does not have.
pub(crate) fn beyond(wide: &Value, narrow: &Value) -> Vec<String> {
    let mut found = match wide["enum"].as_array() {
        Some(values) => refused(values, wide, narrow),
        None => looser(wide, narrow),
    };
    if wide["nullable"] == true && narrow["nullable"] != true && !found.iter().any(|value| value == "null") {
        found.push("null".to_owned());
    }
    found
}

/// The values of an enum that the other schema refuses. What its own schema refuses as well, nobody can write. Whether null is a value is for `nullable` to
/// say, and an enum must then name it.
fn refused(values: &[Value], wide: &Value, narrow: &Value) -> Vec<String> {
    let fits = |schema: &Value, value: &Value| {
        serde_json::from_value::<Schema>(schema.clone()).is_ok_and(|schema| takes(&schema, value))
    };
    let is_refused = |value: &&Value| match value {
        Value::Null => narrow["enum"].as_array().is_some_and(|known| !known.contains(value)),
        value => fits(wide, value) && !fits(narrow, value),
    };
    values.iter().filter(is_refused).map(ToString::to_string).collect()
}

/// How the words of one schema allow more than those of the other.
fn looser(wide: &Value, narrow: &Value) -> Vec<String> {
    let mut found = Vec::new();
    if narrow["enum"].is_array() {
        found.push("values that the enum does not have".to_owned());
    }
    for (word, exclusive, what) in UPPER {
        found.extend(
            outside(wide, narrow, word, *exclusive, |wide, narrow| wide > narrow).map(|by| format!("{what} {by}")),
        );
    }
    for (word, exclusive, what) in LOWER {
        found.extend(
            outside(wide, narrow, word, *exclusive, |wide, narrow| wide < narrow).map(|by| format!("{what} {by}")),
        );
    }
    for (word, what) in [
        ("pattern", "texts that do not match"),
        ("format", "texts that are no"),
        ("multipleOf", "numbers that are no multiple of"),
    ] {
        let of_texts = word != "format" || narrow["type"] == "string";
        if let Some(limit) = narrow.get(word).filter(|limit| of_texts && wide.get(word) != Some(limit)) {
            let limit = limit.as_str().map_or_else(|| limit.to_string(), str::to_owned);
            found.push(format!("{what} {limit}"));
        }
    }
    found
}

/// Words of upper bounds, each with the one that takes the bound itself away.
const UPPER: &[(&str, Option<&str>, &str)] = &[
    ("maximum", Some("exclusiveMaximum"), "numbers"),
    ("maxLength", None, "texts with a length"),
    ("maxItems", None, "lists with a length"),
    ("maxProperties", None, "maps with a size"),
];
/// The same of lower bounds.
const LOWER: &[(&str, Option<&str>, &str)] = &[
    ("minimum", Some("exclusiveMinimum"), "numbers"),
    ("minLength", None, "texts with a length"),
    ("minItems", None, "lists with a length"),
    ("minProperties", None, "maps with a size"),
];

/// How far `wide` goes beyond a bound of `narrow`, in words.
fn outside(
    wide: &Value,
    narrow: &Value,
    word: &str,
    exclusive: Option<&str>,
    is_beyond: impl Fn(f64, f64) -> bool,
) -> Option<String> {
    let limit = narrow.get(word)?;
    let is_exclusive = |schema: &Value| exclusive.is_some_and(|exclusive| schema[exclusive] == true);
    let side = if word.starts_with("max") { "above" } else { "below" };
    // No length and no size is below zero.
    if side == "below" && word != "minimum" && limit.as_f64() == Some(0.0) {
        return None;
    }
    match wide.get(word) {
        None => Some(format!("{side} {limit}")),
        Some(own) => {
            let (own_number, limit_number) = (own.as_f64()?, limit.as_f64()?);
            #[expect(clippy::float_cmp, reason = "bounds are compared as they are written")]
            let is_same = own_number == limit_number;
            if is_beyond(own_number, limit_number) {
                Some(format!("{side} {limit}"))
            } else if is_same && is_exclusive(narrow) && !is_exclusive(wide) {
                Some(format!("that are {limit}"))
            } else {
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn bounds_texts_and_rules_are_compared() {
        let same = json!({
            "enum": ["a"], "maximum": 1, "minLength": 2, "pattern": "a", "format": "date", "type": "string",
        });
        assert_eq!(beyond(&same, &same), Vec::<String>::new());
        assert_eq!(
            beyond(&json!({"maximum": 4, "minimum": 1}), &json!({"maximum": 5, "minimum": 0})),
            Vec::<String>::new()
        );
        insta::assert_debug_snapshot!(beyond(&json!({"nullable": true}), &same), @r#"
        [
            "values that the enum does not have",
            "numbers above 1",
            "texts with a length below 2",
            "texts that do not match a",
            "texts that are no date",
            "null",
        ]
        "#);
        insta::assert_debug_snapshot!(
            beyond(
                &json!({"maximum": 6, "minimum": 1.0, "maxItems": 3}),
                &json!({"maximum": 5, "minimum": 1, "exclusiveMinimum": true, "maxItems": 3, "minItems": 0, "minProperties": 1, "multipleOf": 2}),
            ),
            @r#"
        [
            "numbers above 5",
            "numbers that are 1",
            "maps with a size below 1",
            "numbers that are no multiple of 2",
        ]
        "#
        );
        assert_eq!(
            beyond(&json!({"type": "integer"}), &json!({"type": "integer", "format": "int32"})),
            Vec::<String>::new()
        );
    }

    #[test]
    fn of_an_enum_the_values_are_judged() {
        let sizes = json!({"type": "string", "enum": ["small", "large"], "maxLength": 9});
        let beyond_sizes = |narrow: Value| beyond(&sizes, &narrow);
        let wider = [
            json!({"type": "string"}),
            json!({"type": "string", "maxLength": 5, "minLength": 5}),
            json!({"type": "string", "pattern": "^[a-z]+$"}),
            json!({"type": "string", "enum": ["large", "medium", "small"]}),
        ];
        assert_eq!(wider.map(beyond_sizes).concat(), Vec::<String>::new());
        let narrower = [
            json!({"type": "string", "minLength": 6}),
            json!({"type": "string", "pattern": "^s"}),
            json!({"type": "string", "enum": ["small"]}),
        ];
        assert_eq!(narrower.map(beyond_sizes).concat(), [r#""small""#, r#""large""#, r#""large""#, r#""large""#]);
        // What its own schema refuses is no value.
        assert_eq!(
            beyond(
                &json!({"type": "string", "enum": ["small", "enormously"], "maxLength": 9}),
                &json!({"maxLength": 5})
            ),
            Vec::<String>::new()
        );
        let numbers = json!({"type": "integer", "enum": [2, 4, 7]});
        let even = json!({"type": "integer", "multipleOf": 2, "maximum": 7, "exclusiveMaximum": true});
        assert_eq!(beyond(&numbers, &even), ["7"]);
        let or_null = json!({"type": "string", "enum": ["a", null], "nullable": true});
        assert_eq!(beyond(&or_null, &json!({"type": "string", "nullable": true})), Vec::<String>::new());
        assert_eq!(beyond(&or_null, &json!({"type": "string"})), ["null"]);
        assert_eq!(beyond(&or_null, &json!({"type": "string", "enum": ["a"]})), ["null"]);
    }
}
