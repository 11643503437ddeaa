//! The order of keys.

use serde_json::{Map, Value};

use super::{Layout, Slot};

/// Puts the keys of JSON that was put together piece by piece into the order in which its type is written: fields as the schema has them, entries of maps by
/// their keys. What the type does not know comes after, and before it apiVersion and kind, as they stood.
///
/// `layout` is any value of the type. Free JSON stays as it is.
pub(crate) fn put_in_order(value: &mut Value, layout: &dyn Slot) {
    layout.layout(&mut |layout| match (layout, &mut *value) {
        (Layout::Record(shape, slots), Value::Object(map)) => {
            for (name, value) in map.iter_mut() {
                let index = shape.fields.iter().position(|field| field.name == name);
                if let Some(slot) = index.and_then(|index| slots.get(index)) {
                    put_in_order(value, *slot);
                }
            }
            let place = |name: &str| {
                let field = shape.fields.iter().position(|field| field.name == name);
                match (field, name) {
                    (Some(index), _) => index + 2,
                    (None, "apiVersion") => 0,
                    (None, "kind") => 1,
                    (None, _) => usize::MAX,
                }
            };
            sort(map, place);
        }
        (Layout::Entries(entry), Value::Object(map)) => {
            map.values_mut().for_each(|value| put_in_order(value, entry));
            sort(map, str::to_owned);
        }
        (Layout::Items(item), Value::Array(items)) => items.iter_mut().for_each(|value| put_in_order(value, item)),
        _ => {}
    });
}

/// Sorts a map, whose keys mostly stand in their order already.
fn sort<K: Ord>(map: &mut Map<String, Value>, place: impl Fn(&str) -> K) {
    if !map.keys().is_sorted_by_key(|name| place(name)) {
        let mut entries: Vec<(String, Value)> = std::mem::take(map).into_iter().collect();
        entries.sort_by_key(|(name, _)| place(name));
        map.extend(entries);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::shapes::ObjectMeta;

    #[test]
    fn fields_come_as_the_type_has_them_and_entries_by_their_keys() {
        let mut metadata = json!({
            "unknown": {"b": 1, "a": 2},
            "ownerReferences": [{"uid": "u", "name": "n", "kind": "K", "controller": true, "apiVersion": "v1"}],
            "labels": {"b": "1", "a": "2"},
            "name": "n",
        });
        put_in_order(&mut metadata, &ObjectMeta::default());
        assert_eq!(
            metadata.to_string(),
            r#"{"name":"n","labels":{"a":"2","b":"1"},"ownerReferences":[{"apiVersion":"v1","controller":true,"kind":"K","name":"n","uid":"u"}],"unknown":{"b":1,"a":2}}"#
        );
    }
}
