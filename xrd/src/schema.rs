//! The schema of a Rust type.

use planewright_definitions::json_schema::{Misfit, Reader, make_structural};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

/// The structural schema of a Rust type.
#[derive(Clone, Debug)]
pub(crate) struct TypeSchema {
    /// The path of the type.
    pub(crate) rust: &'static str,
    /// The schema, or what no schema can say.
    pub(crate) schema: Result<Value, Vec<Misfit>>,
}

impl TypeSchema {
    pub(crate) fn of<T: JsonSchema>() -> Self {
        let settings =
            SchemaSettings::draft2020_12().for_deserialize().with(|settings| settings.inline_subschemas = true);
        let mut schema = settings.into_generator().into_root_schema_for::<T>().to_value();
        let result = make_structural(&mut schema, Reader::ApiServer);
        TypeSchema { rust: std::any::type_name::<T>(), schema: result.map(|()| schema) }
    }
}

/// Takes away what fields of a status require. Items of lists keep it: lists are written as a whole, and some are told apart by such fields.
pub(crate) fn require_nothing(schema: &mut Value) {
    let Value::Object(map) = schema else { return };
    // The branches of an enum with data require something, each its own.
    for word in ["required", "oneOf", "anyOf", "minProperties"] {
        map.shift_remove(word);
    }
    if let Some(values) = map.get_mut("additionalProperties") {
        require_nothing(values);
    }
    if let Some(Value::Object(properties)) = map.get_mut("properties") {
        properties.values_mut().for_each(require_nothing);
    }
}

/// An object schema with these words, of which some are left out.
pub(crate) fn object<const N: usize>(words: [(&str, Option<Value>); N]) -> Value {
    let words = words.into_iter().filter_map(|(word, value)| Some((word.to_owned(), value?)));
    Value::Object(words.collect::<Map<String, Value>>())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Crossplane writes conditions before a composition says anything: whatever the Rust type says, that is a valid status.
    #[test]
    fn no_branch_of_a_status_requires_anything() {
        let mut status = json!({
            "type": "object",
            "minProperties": 1,
            "required": ["phase"],
            "oneOf": [{ "required": ["pending"] }, { "required": ["ready"] }],
            "properties": { "phase": { "type": "object", "required": ["a"], "anyOf": [{ "required": ["a"] }] } },
        });
        require_nothing(&mut status);
        assert_eq!(status, json!({ "type": "object", "properties": { "phase": { "type": "object" } } }));
    }
}
