//! What a literal writes entries into: maps, and objects whose fields the schema leaves open.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// Something with entries: `{ "app": "web" }`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has fields, and no entries",
    label = "keys in quotes are for maps and free-form objects",
    note = "write the field's name without quotes"
)]
pub trait Entries {
    /// The value of an entry.
    type Value;
    /// Sets an entry.
    fn set(&mut self, key: String, value: Self::Value);
}

impl<T> Entries for BTreeMap<String, T> {
    type Value = T;

    fn set(&mut self, key: String, value: T) {
        self.insert(key, value);
    }
}

impl Entries for Map<String, Value> {
    type Value = Value;

    fn set(&mut self, key: String, value: Value) {
        self.insert(key, value);
    }
}

/// Something whose entries are objects: `{ "main": { size: 1 } }`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has fields, and no entries",
    label = "keys in quotes are for maps and free-form objects",
    note = "write the field's name without quotes"
)]
pub trait Objects {
    /// The object under a key.
    type Object;
    /// Goes into the object under a key, making it.
    fn enter(&mut self, key: String) -> &mut Self::Object;
}

impl<T: Default> Objects for BTreeMap<String, T> {
    type Object = T;

    fn enter(&mut self, key: String) -> &mut T {
        self.entry(key).or_default()
    }
}

/// In a free-form object a block is a free-form object again.
impl Objects for Map<String, Value> {
    type Object = Value;

    fn enter(&mut self, key: String) -> &mut Value {
        self.entry(key).or_insert_with(|| Value::Object(Map::new()))
    }
}

impl Entries for Value {
    type Value = Value;

    fn set(&mut self, key: String, value: Value) {
        *self.enter(key) = value;
    }
}

impl Objects for Value {
    type Object = Value;

    fn enter(&mut self, key: String) -> &mut Value {
        if !self.is_object() {
            *self = Value::Object(Map::new());
        }
        // Of an object, indexing makes the entry: null until it is written to.
        &mut self[key]
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_free_form_object_takes_entries_and_objects_of_any_depth() {
        let mut object = Map::new();
        object.set("name".to_owned(), "blue".into());
        let nested = object.enter("nodes".to_owned());
        nested.set("count".to_owned(), 3.into());
        nested.enter("labels".to_owned()).set("team".to_owned(), "red".into());
        object.enter("empty".to_owned());
        assert_eq!(
            Value::Object(object),
            json!({"name": "blue", "nodes": {"count": 3, "labels": {"team": "red"}}, "empty": {}})
        );
    }

    #[test]
    fn an_object_takes_the_place_of_what_is_none() {
        let mut value = json!("text");
        value.set("a".to_owned(), true.into());
        assert_eq!(value, json!({"a": true}));
    }
}
