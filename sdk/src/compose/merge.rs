//! Merging an intent into what earlier steps desired.

use serde_json::Value;

use crate::codec::{Layout, Slot};

/// Merges `from` into `into`: objects entry by entry, lists that have keys item by item, everything else replaced.
///
/// `layout` is any value of the type that `from` was encoded from; it knows the list keys.
pub(crate) fn merge(into: &mut Value, from: Value, layout: Option<&dyn Slot>) {
    merge_keyed(into, from, layout, &[]);
}

fn merge_keyed(into: &mut Value, from: Value, layout: Option<&dyn Slot>, list_keys: &[&str]) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (key, value) in from {
                match into.get_mut(&key) {
                    None => {
                        into.insert(key, value);
                    }
                    Some(old) => {
                        let mut value = Some(value);
                        with_field(layout, &key, &mut |layout, list_keys| {
                            if let Some(value) = value.take() {
                                merge_keyed(old, value, layout, list_keys);
                            }
                        });
                    }
                }
            }
        }
        (Value::Array(into), Value::Array(from)) if !list_keys.is_empty() => {
            for item in from {
                match into.iter_mut().find(|old| same(old, &item, list_keys)) {
                    None => into.push(item),
                    Some(old) => {
                        let mut item = Some(item);
                        with_item(layout, &mut |layout| {
                            if let Some(item) = item.take() {
                                merge_keyed(old, item, layout, &[]);
                            }
                        });
                    }
                }
            }
        }
        (into, from) => *into = from,
    }
}

fn same(left: &Value, right: &Value, list_keys: &[&str]) -> bool {
    list_keys.iter().all(|key| left.get(key) == right.get(key))
}

type OnField<'f> = &'f mut dyn FnMut(Option<&dyn Slot>, &[&str]);

fn with_field(layout: Option<&dyn Slot>, key: &str, then: OnField<'_>) {
    let Some(slot) = layout else { return then(None, &[]) };
    slot.layout(&mut |layout| match layout {
        Layout::Record(shape, slots) => {
            let index = shape.fields.iter().position(|field| field.name == key);
            let field = index.and_then(|index| shape.fields.get(index).zip(slots.get(index)));
            match field {
                Some((field, slot)) => then(Some(*slot), field.list_keys),
                None => then(None, &[]),
            }
        }
        Layout::Entries(entry) => then(Some(entry), &[]),
        Layout::Items(_) | Layout::Scalar => then(None, &[]),
    });
}

fn with_item(layout: Option<&dyn Slot>, then: &mut dyn FnMut(Option<&dyn Slot>)) {
    let Some(slot) = layout else { return then(None) };
    slot.layout(&mut |layout| match layout {
        Layout::Items(item) => then(Some(item)),
        Layout::Entries(_) | Layout::Record(..) | Layout::Scalar => then(None),
    });
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::shapes::{ObjectMeta, OwnerReference};

    #[test]
    fn objects_merge_and_lists_are_replaced() {
        let mut into = json!({"spec": {"a": 1, "list": [1, 2], "o": {"x": 1}}});
        merge(&mut into, json!({"spec": {"b": 2, "list": [3], "o": {"y": 2}}}), None);
        assert_eq!(into, json!({"spec": {"a": 1, "list": [3], "o": {"x": 1, "y": 2}, "b": 2}}));
    }

    #[test]
    fn keyed_lists_merge_item_by_item() {
        let mut into = json!({"ownerReferences": [{"uid": "a", "name": "one"}, {"uid": "b", "name": "two"}]});
        let from = json!({"ownerReferences": [{"uid": "b", "controller": true}, {"uid": "c"}]});
        merge(&mut into, from, Some(&ObjectMeta::default()));
        assert_eq!(
            into,
            json!({"ownerReferences": [
                {"uid": "a", "name": "one"}, {"uid": "b", "name": "two", "controller": true}, {"uid": "c"},
            ]})
        );
    }

    #[test]
    fn a_list_without_keys_of_records_is_replaced() {
        let mut into = json!([{"uid": "a"}]);
        merge(&mut into, json!([]), Some(&Vec::<OwnerReference>::new()));
        assert_eq!(into, json!([]));
    }
}
