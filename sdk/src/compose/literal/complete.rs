//! Whether a literal sets all that must be set: asked of the compiler, and at run time where the compiler cannot know.

use serde_json::Value;

use crate::codec::WirePath;
use crate::resource::{Requirement, Resource};

/// Whether a literal of `K` sets what must be set, as far as its text shows.
///
/// * `values`: the paths of the fields that are set to values, in Rust names, such as `spec.for_provider.region`.
/// * `objects`: the paths of the objects and lists that are written out, `spec.for_provider.rule[0]` for instance.
/// * `only_observed`: its management policies only let it be observed or deleted, which lifts what CEL rules ask for.
/// * `spread`: it begins from another value (`..base`).
///
/// False means that a value stands where required fields may be in it, or a spread: the answer is known at run time.
///
/// # Panics
/// When a required field is missing. In a constant, as literals use it, that is a compile error.
pub const fn complete<K: Resource>(values: &[&str], objects: &[&str], only_observed: bool, spread: bool) -> bool {
    if spread {
        return false;
    }
    let mut certain = true;
    let mut message = Message::new(K::KIND);
    let mut at = 0;
    while at < K::REQUIRED.len() {
        let requirement = K::REQUIRED[at];
        at += 1;
        if requirement.by_rule && only_observed {
            continue;
        }
        let path = requirement.path.as_bytes();
        if requirement.when_present {
            let parent = parent(path);
            let mut object = 0;
            while object < objects.len() {
                let inside = objects[object];
                object += 1;
                if same(inside.as_bytes(), parent) && !set_within(values, objects, inside.as_bytes(), path) {
                    message.within(inside, requirement.path);
                }
            }
            certain &= !covered(values, parent);
            continue;
        }
        if any_same(values, path) || any_same(objects, path) {
            continue;
        }
        if covered(values, path) {
            certain = false;
            continue;
        }
        if requirement.or_init_provider {
            let initially = Initially(path);
            if initially.any_same(values) || initially.any_same(objects) {
                continue;
            }
            if initially.covered(values) {
                certain = false;
                continue;
            }
        }
        message.field(requirement);
    }
    if message.fields > 0 {
        message.end();
        panic!("{}", message.text());
    }
    certain
}

/// The path of the object around the last field of a path.
const fn parent(path: &[u8]) -> &[u8] {
    let mut end = path.len();
    while end > 0 && path[end - 1] != b'.' {
        end -= 1;
    }
    path.split_at(end.saturating_sub(1)).0
}

/// The next character of a path that tells names apart: neither case nor underscores do between Rust names and those of
/// the object. Of an index, only the brackets count.
const fn next(path: &[u8], mut at: usize) -> (u8, usize) {
    while at < path.len() {
        let byte = path[at];
        at += 1;
        if byte == b'[' {
            while at < path.len() && path[at] != b']' {
                at += 1;
            }
            return (b'[', if at < path.len() { at + 1 } else { at });
        }
        if byte == b'.' || byte.is_ascii_alphanumeric() {
            return (byte.to_ascii_lowercase(), at);
        }
    }
    (0, at)
}

/// How one path stands to another.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Relation {
    Same,
    /// It is an object around the other.
    Around,
    Other,
}

const fn relate(path: &[u8], other: &[u8]) -> Relation {
    let (mut a, mut b) = (0, 0);
    loop {
        let (left, after_left) = next(path, a);
        let (right, after_right) = next(other, b);
        if left == 0 {
            return match right {
                0 => Relation::Same,
                b'.' | b'[' => Relation::Around,
                _ => Relation::Other,
            };
        }
        if left != right {
            return Relation::Other;
        }
        (a, b) = (after_left, after_right);
    }
}

const fn same(path: &[u8], other: &[u8]) -> bool {
    matches!(relate(path, other), Relation::Same)
}

const fn any_same(paths: &[&str], path: &[u8]) -> bool {
    let mut at = 0;
    while at < paths.len() {
        if same(paths[at].as_bytes(), path) {
            return true;
        }
        at += 1;
    }
    false
}

/// Whether a value is set for `path` or for an object around it, so that only the value can tell what is in it.
const fn covered(values: &[&str], path: &[u8]) -> bool {
    let mut at = 0;
    while at < values.len() {
        if !matches!(relate(values[at].as_bytes(), path), Relation::Other) {
            return true;
        }
        at += 1;
    }
    false
}

/// Whether the field at `path` is set in the very object `object`, which may be one item of many.
const fn set_within(values: &[&str], objects: &[&str], object: &[u8], path: &[u8]) -> bool {
    let mut at = 0;
    while at < values.len() + objects.len() {
        let candidate = if at < values.len() { values[at].as_bytes() } else { objects[at - values.len()].as_bytes() };
        at += 1;
        if begins(candidate, object) && same(candidate, path) {
            return true;
        }
    }
    false
}

const fn begins(path: &[u8], with: &[u8]) -> bool {
    if path.len() <= with.len() {
        return false;
    }
    let mut at = 0;
    while at < with.len() {
        if path[at] != with[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// A parameter's place under `spec.initProvider`.
struct Initially<'a>(&'a [u8]);

const FOR_PROVIDER: &str = "spec.forProvider.";
const INIT_PROVIDER: &[u8] = b"spec.initProvider.";

impl Initially<'_> {
    const fn buffer(&self) -> ([u8; 256], usize) {
        let mut path = [0; 256];
        let mut length = 0;
        while length < INIT_PROVIDER.len() {
            path[length] = INIT_PROVIDER[length];
            length += 1;
        }
        let mut at = FOR_PROVIDER.len();
        while at < self.0.len() && length < path.len() {
            path[length] = self.0[at];
            (at, length) = (at + 1, length + 1);
        }
        (path, length)
    }

    const fn any_same(&self, paths: &[&str]) -> bool {
        let (path, length) = self.buffer();
        any_same(paths, path.split_at(length).0)
    }

    const fn covered(&self, values: &[&str]) -> bool {
        let (path, length) = self.buffer();
        covered(values, path.split_at(length).0)
    }
}

/// What the compiler says.
struct Message {
    bytes: [u8; 1536],
    length: usize,
    fields: usize,
    by_rule: bool,
}

impl Message {
    const fn new(kind: &str) -> Self {
        let message = Message { bytes: [0; 1536], length: 0, fields: 0, by_rule: false };
        message.and("this `").and(kind).and("` lacks required fields: ")
    }

    const fn and(mut self, text: &str) -> Self {
        self.push(text);
        self
    }

    const fn push(&mut self, text: &str) {
        let text = text.as_bytes();
        // Whole or not at all: what the provider's schema says may be longer than anybody reads.
        if self.length + text.len() > self.bytes.len() {
            return;
        }
        let mut at = 0;
        while at < text.len() {
            self.bytes[self.length] = text[at];
            (at, self.length) = (at + 1, self.length + 1);
        }
    }

    const fn separate(&mut self) {
        if self.fields > 0 {
            self.push(", ");
        }
        self.fields += 1;
    }

    /// A field that the object written at `object` lacks, the last of `path`.
    const fn within(&mut self, object: &str, path: &str) {
        self.separate();
        self.push(object);
        self.push(path.split_at(parent(path.as_bytes()).len()).1);
    }

    const fn field(&mut self, requirement: Requirement) {
        self.separate();
        self.push(requirement.path);
        if requirement.or_init_provider {
            self.push(" (or the same under spec.initProvider)");
        }
        self.by_rule |= requirement.by_rule;
    }

    const fn end(&mut self) {
        self.push(". Set them; or end the literal with `..base`, a value that sets them");
        if self.by_rule {
            self.push(
                "; a resource that is only observed (`management_policies: [ManagementPolicy::Observe]`) needs fewer",
            );
        }
    }

    const fn text(&self) -> &str {
        match str::from_utf8(self.bytes.split_at(self.length).0) {
            Ok(text) => text,
            Err(_) => "required fields are missing",
        }
    }
}

/// The required fields that an encoded object lacks, apart from those whose values are not `known` yet.
pub(crate) fn missing(required: &[Requirement], object: &Value, known_later: &[&WirePath]) -> Vec<String> {
    let only_observed = only_observed(object);
    let mut missing = Vec::new();
    for requirement in required.iter().filter(|requirement| !(requirement.by_rule && only_observed)) {
        let mut absent = Vec::new();
        find(object, requirement.path, requirement.when_present, &mut String::new(), &mut absent);
        absent.retain(|path| !known_later.iter().any(|later| leads_to(later, path)));
        if requirement.or_init_provider && !absent.is_empty() {
            let mut initially = Vec::new();
            let path = requirement.path.replacen("spec.forProvider.", "spec.initProvider.", 1);
            find(object, &path, false, &mut String::new(), &mut initially);
            if initially.is_empty() {
                continue;
            }
        }
        missing.extend(absent);
    }
    missing
}

/// Whether a value that is known later is the one at `path`, or one around it.
fn leads_to(later: &WirePath, path: &str) -> bool {
    let later = later.to_string();
    path.strip_prefix(later.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// Collects where `path` is absent. An object that is absent itself counts only if it must be there.
fn find(at: &Value, path: &str, when_present: bool, walked: &mut String, absent: &mut Vec<String>) {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    let (name, each) = name.strip_suffix("[]").map_or((name, false), |name| (name, true));
    let length = walked.len();
    walked.push_str(if walked.is_empty() { "" } else { "." });
    walked.push_str(name);
    match (at.get(name).filter(|value| !value.is_null()), rest) {
        (Some(Value::Array(items)), Some(rest)) if each => {
            for (index, item) in items.iter().enumerate() {
                let length = walked.len();
                walked.push_str(&format!("[{index}]"));
                find(item, rest, when_present, walked, absent);
                walked.truncate(length);
            }
        }
        (Some(value), Some(rest)) => find(value, rest, when_present, walked, absent),
        (Some(_), None) => {}
        (None, Some(_)) if when_present => {}
        (None, Some(rest)) => absent.push(format!("{walked}.{rest}")),
        (None, None) => absent.push(walked.clone()),
    }
    walked.truncate(length);
}

/// Whether the management policies let the resource be neither created nor updated. None at all mean all.
fn only_observed(object: &Value) -> bool {
    let policies = object.pointer("/spec/managementPolicies").and_then(Value::as_array);
    policies.is_some_and(|policies| {
        let acts = |policy: &Value| matches!(policy.as_str(), Some("*" | "Create" | "Update"));
        !policies.is_empty() && !policies.iter().any(acts)
    })
}
