//! CEL rules as far as they can be judged without evaluating CEL: everything but the syntax, types and cost of their
//! expressions.

use crate::refusal::{Path, Refusals, Stage};
use crate::schema::{Schema, SchemaOrBool};

const REASONS: [&str; 4] = ["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"];

/// Checks the rules of the schema at `path`.
pub(super) fn check(schema: &Schema, path: &Path, refusals: &mut Refusals) {
    for (i, rule) in schema.validations.iter().enumerate() {
        let path = path.child("x-kubernetes-validations").index(i);
        let mut refuse = |field: &str, reason: String, remedy: &str| {
            refusals.add(Stage::Core, &path.child(field), reason, remedy);
        };
        let text = |text: &Option<Box<str>>| text.as_deref().unwrap_or_default().to_owned();
        let (message, expression) = (text(&rule.message), text(&rule.message_expression));
        let (trimmed_rule, trimmed_message) = (rule.rule.trim(), message.trim());
        if trimmed_rule.is_empty() {
            refuse("rule", "Required value: rule is not specified".to_owned(), "write the CEL expression");
        } else if !message.is_empty() && trimmed_message.is_empty() {
            let reason = format!("Invalid value: {message:?}: must be non-empty if specified");
            refuse("message", reason, "write a message, or remove it");
        } else if has_line_break(trimmed_message) {
            let reason = format!("Invalid value: {message:?}: must not contain line breaks");
            refuse("message", reason, "write the message on one line");
        } else if has_line_break(trimmed_rule) && trimmed_message.is_empty() {
            let reason = "Required value: message must be specified if rule contains line breaks";
            refuse("message", reason.to_owned(), "add a message: a rule of several lines cannot be its own");
        }
        if !expression.is_empty() && expression.trim().is_empty() {
            let reason = "Required value: messageExpression must be non-empty if specified";
            refuse("messageExpression", reason.to_owned(), "write the CEL expression, or remove it");
        }
        if let Some(reason) = rule.reason.as_deref().filter(|reason| !REASONS.contains(reason)) {
            let supported = REASONS.map(|name| format!("{name:?}")).join(", ");
            let reason = format!("Unsupported value: {reason:?}: supported values: {supported}");
            refuse("reason", reason, "choose one of these, or remove it");
        }
        let field_path = text(&rule.field_path);
        if !field_path.is_empty() {
            let invalid = |rule: &str| format!("Invalid value: {field_path:?}: {rule}");
            if field_path.trim().is_empty() {
                refuse("fieldPath", invalid("must be non-empty if specified"), "write the path, or remove it");
            }
            if has_line_break(&field_path) {
                refuse("fieldPath", invalid("must not contain line breaks"), "write the path on one line");
            }
            if !is_field_path(&field_path, schema) {
                let remedy = "name a field below the rule's own place, such as .spec.size or .labels['a.b']";
                refuse("fieldPath", invalid("must be a valid path"), remedy);
            }
        }
        // What is no identifier anywhere in the text cannot be used by it.
        if let (Some(value), false) = (rule.optional_old_self, rule.rule.contains("oldSelf")) {
            let reason = format!("Invalid value: {value}: may not be set if oldSelf is not used in rule");
            refuse("optionalOldSelf", reason, "use oldSelf in the rule, or remove optionalOldSelf");
        }
    }
}

fn has_line_break(text: &str) -> bool {
    text.contains(['\n', '\r'])
}

/// Whether a path such as `.a['b.c'].d` leads to a field of the schema.
fn is_field_path(path: &str, schema: &Schema) -> bool {
    let mut schema = schema;
    let mut rest = path;
    while !rest.is_empty() {
        let name;
        if let Some(after) = rest.strip_prefix("['") {
            let Some((quoted, after)) = quoted(after) else { return false };
            let Some(after) = after.strip_prefix(']') else { return false };
            name = quoted;
            rest = after;
        } else if let Some(after) = rest.strip_prefix('.') {
            // A name goes on to the next delimiter; a delimiter at its place is read as the name.
            let end = after.find(['.', '[', ']']).unwrap_or(after.len());
            let end = if end == 0 { after.len().min(1) } else { end };
            if end == 0 {
                return false;
            }
            let (text, after) = after.split_at(end);
            name = text.to_owned();
            rest = after;
        } else {
            return false;
        }
        let next = if schema.properties.is_empty() {
            match schema.additional_properties.as_deref() {
                Some(SchemaOrBool::Schema(values)) => Some(values.as_ref()),
                _ => None,
            }
        } else {
            schema.properties.get(name.as_str())
        };
        let Some(next) = next else { return false };
        schema = next;
    }
    true
}

/// The text up to the closing quote, unescaped, and what follows the quote.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut out = String::new();
    let mut chars = text.char_indices();
    while let Some((i, c)) = chars.next() {
        match c {
            '\'' => return Some((out, &text[i + 1..])),
            '\\' => match chars.next()? {
                (_, c @ ('\'' | '\\')) => out.push(c),
                (_, 'a') => out.push('\u{7}'),
                (_, 'b') => out.push('\u{8}'),
                (_, 'f') => out.push('\u{c}'),
                (_, 'n') => out.push('\n'),
                (_, 'r') => out.push('\r'),
                (_, 't') => out.push('\t'),
                (_, 'v') => out.push('\u{b}'),
                _ => return None,
            },
            c => out.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::is_field_path;
    use crate::schema::Schema;

    #[test]
    fn field_paths_lead_to_fields() {
        let schema: Schema = serde_json::from_value(json!({
            "properties": {
                "a": {"properties": {"b.c": {}, "it's": {}}},
                "map": {"additionalProperties": {"properties": {"x": {}}}},
                "free": {"x-kubernetes-preserve-unknown-fields": true},
            }
        }))
        .unwrap();
        for path in [".a", ".a['b.c']", r".a['it\'s']", "['a']", ".map.any.x", ".map['any'].x"] {
            assert!(is_field_path(path, &schema), "{path}");
        }
        for path in ["a", ".", ".x", ".a.b", ".a[", ".a['b.c'", ".a[0]", ".free.x", "..a", ".a.", ".map.any.y", " "] {
            assert!(!is_field_path(path, &schema), "{path}");
        }
    }
}
