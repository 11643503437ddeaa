//! What is certainly wrong with a literal, whatever the types are.

use proc_macro2::{Delimiter, Span, TokenTree};

use crate::diagnose::Faults;
use crate::key::{Piece, string};
use crate::names;
use crate::split::{at_commas, group, trees};
use crate::tree::{Block, Entry, Key, Resource, Status, Value};

/// Checks a composed resource.
pub(crate) fn resource(resource: &Resource, faults: &mut Faults) {
    key(&resource.key, faults);
    let Some(body) = &resource.body else { return };
    let fields = fields(body);
    overlaps(&fields, faults);
    let rbac = resource.kind_name.as_deref().is_some_and(|kind| kind.contains("Role"));
    for field in &fields {
        let names: Vec<&str> = field.path.iter().map(String::as_str).collect();
        if let Some(message) = owned_by_others(&names) {
            faults.add(field.span, message);
        }
        match (names.as_slice(), literal(field.value)) {
            (["metadata", "name"], Some((name, span))) => faulty(faults, span, names::object_name(&name, rbac)),
            (["metadata", "namespace"], Some((name, span))) => faulty(faults, span, names::namespace(&name)),
            (["metadata", "labels"], None) => pairs(field.value, faults, names::label_value),
            (["metadata", "annotations"], None) => pairs(field.value, faults, |_| None),
            (["metadata", "labels", _], Some((value, span))) => faulty(faults, span, names::label_value(&value)),
            _ => {}
        }
        if let (["metadata", "labels" | "annotations", key], Some(span)) = (names.as_slice(), field.key) {
            faulty(faults, span, names::qualified_key(key));
        }
    }
}

/// Checks the composite resource's status.
pub(crate) fn status(status: &Status, faults: &mut Faults) {
    let Some(body) = &status.body else { return };
    let fields = fields(body);
    overlaps(&fields, faults);
    if let Some(spread) = &body.spread {
        faults.add(spread.span, "a status begins from nothing: what is not set stays as earlier steps set it");
    }
    for field in &fields {
        let message = match field.path.first().map(String::as_str) {
            Some("conditions") => {
                "conditions are not written into the status: `cx.condition(…)` sets one of the composition's own, and \
                 Crossplane sets `Ready` and `Synced`"
            }
            Some("crossplane" | "connection_details" | "claim_condition_types") => {
                "this part of the status belongs to Crossplane"
            }
            Some("spec" | "metadata") if field.path.len() > 1 => {
                "a function writes nothing but the status of its composite resource; what stands here are the fields of \
                 the status itself"
            }
            _ => continue,
        };
        faults.add(field.span, message);
    }
}

/// Why a function does not set a field.
fn owned_by_others(path: &[&str]) -> Option<&'static str> {
    match path {
        ["status", ..] => Some(
            "the status belongs to the resource's own controller: leave it unset, and say with `ready_when` when the \
             resource is ready",
        ),
        ["metadata", "owner_references", ..] => Some("Crossplane sets the owner of what a composition composes"),
        [
            "metadata",
            "uid"
            | "resource_version"
            | "generation"
            | "creation_timestamp"
            | "deletion_timestamp"
            | "deletion_grace_period_seconds",
            ..,
        ] => Some("the API server sets this field, and refuses or ignores what others say"),
        _ => None,
    }
}

/// A field that a literal sets, with all that leads to it.
struct Written<'a> {
    path: Vec<String>,
    span: Span,
    /// Where its key stands, if it is an entry of a map.
    key: Option<Span>,
    value: &'a Value,
}

fn fields(block: &Block) -> Vec<Written<'_>> {
    let mut fields = Vec::new();
    collect(block, &[], &mut fields);
    fields
}

fn collect<'a>(block: &'a Block, above: &[String], into: &mut Vec<Written<'a>>) {
    for entry in &block.entries {
        let (steps, span, key, value) = match entry {
            Entry::Field { path, value: Some(value), .. } => {
                let span = path.last().and_then(|segment| segment.ident.as_ref()).map_or(block.span, |i| i.span());
                (path.iter().map(crate::tree::Segment::name).collect::<Vec<_>>(), span, None, value)
            }
            Entry::Pair { key, value: Some(value), .. } => {
                let name = match key {
                    TokenTree::Literal(literal) => string(literal),
                    _ => None,
                };
                // What a key computes to is not known here; no two of them are taken for the same.
                let unknown = || format!("\u{0}{}", into.len());
                let known = name.is_some();
                (vec![name.unwrap_or_else(unknown)], key.span(), known.then(|| key.span()), value)
            }
            Entry::Empty | Entry::Field { value: None, .. } | Entry::Pair { value: None, .. } => continue,
        };
        let path: Vec<String> = above.iter().cloned().chain(steps).collect();
        match value {
            Value::Block(inner) if !inner.entries.iter().all(|entry| matches!(entry, Entry::Empty)) => {
                collect(inner, &path, into);
            }
            value => into.push(Written { path: path.clone(), span, key, value }),
        }
        if let Value::List(items) = value {
            for (index, item) in items.iter().enumerate() {
                let item_path: Vec<String> = path.iter().cloned().chain([format!("[{index}]")]).collect();
                collect(item, &item_path, into);
            }
        }
    }
}

/// A field that is set twice, as itself or as part of an object that is set as a whole.
fn overlaps(fields: &[Written<'_>], faults: &mut Faults) {
    for (index, field) in fields.iter().enumerate() {
        let around = |other: &&Written<'_>| {
            let list_around = matches!(other.value, Value::List(..)) && other.path.len() < field.path.len();
            !list_around && (field.path.starts_with(&other.path) || other.path.starts_with(&field.path))
        };
        if let Some(other) = fields[..index].iter().find(around) {
            let (here, there) = (field.path.join("."), other.path.join("."));
            let message = if here == there {
                format!("`{here}` is set twice; keep one of the two")
            } else {
                format!("`{here}` and `{there}` set the same field; keep one of the two")
            };
            faults.add(field.span, message);
        }
    }
}

fn key(key: &Key, faults: &mut Faults) {
    let Some(pieces) = key.pieces() else {
        if let Key::Text(text) = key {
            faults
                .add(text.span(), "a key is a name, a text such as \"subnet-{zone}\", or an expression in parentheses");
        }
        return;
    };
    let span = match key {
        Key::Name(name) => name.span(),
        Key::Text(text) => text.span(),
        Key::Expression(_) | Key::Missing => return,
    };
    let text: String = pieces
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) => text.as_str(),
            Piece::Value(_) => "x",
        })
        .collect();
    faulty(faults, span, names::resource_key(&text));
}

/// The text of a value that is one string literal.
fn literal(value: &Value) -> Option<(String, Span)> {
    let Value::Expression(tokens) = value else { return None };
    let [TokenTree::Literal(literal)] = tokens.as_slice() else { return None };
    Some((string(literal)?, literal.span()))
}

/// Checks `[("key", "value"), …]`.
fn pairs(value: &Value, faults: &mut Faults, check: fn(&str) -> Option<String>) {
    let Value::Expression(tokens) = value else { return };
    let Some(brackets) = group(tokens.first(), Delimiter::Bracket) else { return };
    for pair in at_commas(&trees(brackets.stream())) {
        let Some(pair) = group(pair.first(), Delimiter::Parenthesis) else { continue };
        let pair = trees(pair.stream());
        let parts = at_commas(&pair);
        let text = |part: Option<&&[TokenTree]>| match part {
            Some([TokenTree::Literal(literal)]) => string(literal).map(|text| (text, literal.span())),
            _ => None,
        };
        if let Some((key, span)) = text(parts.first()) {
            faulty(faults, span, names::qualified_key(&key));
        }
        if let Some((value, span)) = text(parts.get(1)) {
            faulty(faults, span, check(&value));
        }
    }
}

fn faulty(faults: &mut Faults, span: Span, message: Option<String>) {
    if let Some(message) = message {
        faults.add(span, message);
    }
}

/// Whether management policies are written out and let the resource be neither created nor updated.
pub(crate) fn only_observed(body: &Block) -> bool {
    fields(body).iter().any(|field| {
        let Value::Expression(tokens) = field.value else { return false };
        field.path == ["spec", "management_policies"] && tokens.len() == 1 && policies_only_observe(tokens)
    })
}

fn policies_only_observe(tokens: &[TokenTree]) -> bool {
    let Some(brackets) = group(tokens.first(), Delimiter::Bracket) else { return false };
    let items = trees(brackets.stream());
    let items: Vec<_> = at_commas(&items).into_iter().filter(|item| !item.is_empty()).collect();
    let observes = |item: &[TokenTree]| match item.last() {
        Some(TokenTree::Ident(policy)) => ["Observe", "Delete", "LateInitialize"].iter().any(|name| policy == name),
        _ => false,
    };
    !items.is_empty() && items.iter().all(|item| observes(item))
}

/// Whether the literal says a namespace, or may: by a value for all of its metadata, or a spread.
pub(crate) fn says_namespace(body: &Block) -> bool {
    body.spread.is_some()
        || fields(body).iter().any(|field| {
            let path: Vec<&str> = field.path.iter().map(String::as_str).collect();
            matches!(path.as_slice(), ["metadata"] | ["metadata", "namespace"])
        })
}
