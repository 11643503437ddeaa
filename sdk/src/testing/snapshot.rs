//! Renders as snapshots.

use insta::Settings;
use serde_json::Value;

use crate::render::Rendered;

/// A render as a snapshot shows it: everything that says something, without what differs from run to run or is secret.
///
/// uids are `[uid]`, the hash in names that Crossplane makes is `[hash]`, times are `[time]`, data of Secrets and
/// connection details are `[secret]`. Owner references, which say the same of every resource, are left out, and so are the
/// composite resource's references to what it composes, its condition `Responsive`, and what is empty.
pub fn snapshot(rendered: &Rendered) -> Value {
    let mut value = rendered.json();
    if let Value::Object(map) = &mut value {
        // The composite resource's status holds them too.
        map.shift_remove("conditions");
        map.shift_remove("events");
        if let Some(Value::Object(composite)) = map.get_mut("composite") {
            composite.shift_remove("spec");
            if let Some(Value::Array(conditions)) = composite.get_mut("status").and_then(|s| s.get_mut("conditions")) {
                conditions.retain(|condition| condition.get("type") != Some(&Value::from("Responsive")));
            }
        }
        map.retain(|_, value| match value {
            Value::Object(map) => !map.is_empty(),
            Value::Array(items) => !items.is_empty(),
            _ => true,
        });
        if let Some(Value::Object(connection)) = map.get_mut("connection") {
            connection.values_mut().for_each(|value| *value = "[secret]".into());
        }
    }
    redact(&mut value, "");
    value
}

/// How snapshots are written: in the order of the objects, without the expression they came from.
pub fn settings() -> Settings {
    let mut settings = Settings::clone_current();
    settings.set_sort_maps(false);
    settings.set_omit_expression(true);
    settings.set_prepend_module_to_snapshot(false);
    settings
}

fn redact(value: &mut Value, key: &str) {
    match value {
        Value::Object(map) => {
            if map.get("kind").and_then(Value::as_str) == Some("Secret") {
                for field in ["data", "stringData"] {
                    if let Some(Value::Object(data)) = map.get_mut(field) {
                        data.values_mut().for_each(|value| *value = "[secret]".into());
                    }
                }
            }
            map.shift_remove("ownerReferences");
            map.iter_mut().for_each(|(key, value)| redact(value, key));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| redact(item, "")),
        Value::String(text) => match key {
            "uid" => "[uid]".clone_into(text),
            "lastTransitionTime" | "creationTimestamp" | "deletionTimestamp" => "[time]".clone_into(text),
            "name" => hide_hash(text),
            _ => {}
        },
        _ => {}
    }
}

/// Replaces the hash at the end of a name that Crossplane made.
fn hide_hash(name: &mut String) {
    let hash = name.rsplit_once('-').filter(|(_, hash)| {
        hash.len() == 12 && hash.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    });
    if let Some((prefix, _)) = hash {
        *name = format!("{prefix}-[hash]");
    }
}
