//! Whether a literal sets all that must be set: asked of the compiler, and at run time where the compiler cannot know.

use serde_json::Value;

use crate::codec::WirePath;
use crate::resource::{Requirement, Resource, fingerprint};

/// Whether a literal of `K` sets what must be set, as far as its text shows.
///
/// * `values`: the [fingerprints](crate::resource::fingerprint) of the paths of the fields that are set to values.
/// * `objects`: the objects and lists that are written out, one after the other: the fingerprint of its path, how many fields
///   in it are set or written out in turn, and the fingerprints of theirs.
/// * `paths`: the paths of these objects in Rust names, such as `spec.for_provider.rule[0]`, a line each.
/// * `only_observed`: its management policies only let it be observed or deleted, which lifts what CEL rules ask for.
/// * `spread`: it begins from another value (`..base`).
///
/// False means that a value stands where required fields may be in it, or a spread: the answer is known at run time.
///
/// # Panics
/// When a required field is missing. In a constant, as literals use it, that is a compile error.
// Paths are compared by fingerprints: the compiler interprets this code for every literal, letter by letter if it were text.
// Arrays come by value and all in one: every reference to an array would be a constant of its own for the compiler, and the
// check would cost it three times as much.
#[allow(clippy::panic, reason = "in a constant, which is how literals use it, a panic is the compiler's message")]
pub const fn complete<K: Resource, const VALUES: usize, const OBJECTS: usize>(
    values: [u64; VALUES],
    objects: [u64; OBJECTS],
    paths: &'static str,
    only_observed: bool,
    spread: bool,
) -> bool {
    if spread {
        return false;
    }
    let literal = Literal { values: &values, objects: &objects, paths };
    let mut certain = true;
    let mut at = 0;
    while at < K::REQUIRED.len() {
        let requirement = &K::REQUIRED[at];
        at += 1;
        if requirement.by_rule && only_observed {
            continue;
        }
        match literal.answer(requirement) {
            Answer::Set => {}
            Answer::InAValue => certain = false,
            Answer::Missing => {
                let message = literal.message(K::KIND, K::REQUIRED, only_observed);
                panic!("{}", message.text());
            }
        }
    }
    certain
}

/// What the text of a literal shows.
struct Literal<'a> {
    values: &'a [u64],
    objects: &'a [u64],
    paths: &'a str,
}

/// Whether a required field is set.
enum Answer {
    Set,
    /// It may be, in the value of an object around it.
    InAValue,
    Missing,
}

impl Literal<'_> {
    const fn answer(&self, requirement: &Requirement) -> Answer {
        let (whole, initially, around) = requirement.fingerprints();
        if requirement.when_present {
            let mut object = 0;
            while object < self.objects.len() {
                if self.lacks(object, whole, around) {
                    return Answer::Missing;
                }
                object = self.after(object);
            }
            return if self.is_in_a_value(around) { Answer::InAValue } else { Answer::Set };
        }
        if self.is_set(whole) || (requirement.or_init_provider && self.is_set(initially)) {
            return Answer::Set;
        }
        if self.is_in_a_value(around) || (requirement.or_init_provider && self.is_in_a_value(&INITIALLY)) {
            return Answer::InAValue;
        }
        Answer::Missing
    }

    /// Whether a field is set to a value, or written out.
    const fn is_set(&self, field: u64) -> bool {
        let mut at = 0;
        while at < self.objects.len() {
            if self.objects[at] == field {
                return true;
            }
            at = self.after(at);
        }
        contains(self.values, field)
    }

    /// Where the object after the one at a place begins.
    const fn after(&self, object: usize) -> usize {
        object + 2 + self.objects[object + 1] as usize
    }

    /// Whether an object around a field is set to a value, so that only the value can tell what is in it.
    const fn is_in_a_value(&self, around: &[u64]) -> bool {
        let mut at = 0;
        while at < around.len() {
            if contains(self.values, around[at]) {
                return true;
            }
            at += 1;
        }
        false
    }

    /// Whether an object that is written out is the one around a field and lacks it.
    const fn lacks(&self, object: usize, field: u64, around: &[u64]) -> bool {
        if around.is_empty() || self.objects[object] != around[around.len() - 1] {
            return false;
        }
        let end = self.after(object);
        let mut at = object + 2;
        while at < end {
            if self.objects[at] == field {
                return false;
            }
            at += 1;
        }
        true
    }

    /// What is said of all that is missing. Only made where something is: the compiler takes its time over it.
    const fn message(&self, kind: &str, required: &[Requirement], only_observed: bool) -> Message {
        let mut message = Message::new(kind);
        let mut at = 0;
        while at < required.len() {
            let requirement = &required[at];
            at += 1;
            if requirement.by_rule && only_observed {
                continue;
            }
            if requirement.when_present {
                let (whole, _, around) = requirement.fingerprints();
                let (mut object, mut paths) = (0, self.paths);
                while object < self.objects.len() {
                    let (path, others) = first(paths);
                    if self.lacks(object, whole, around) {
                        message.within(path, requirement.path);
                    }
                    (object, paths) = (self.after(object), others);
                }
            } else if matches!(self.answer(requirement), Answer::Missing) {
                message.field(requirement);
            }
        }
        message.end();
        message
    }
}

/// Where providers take parameters that only matter at creation.
const INITIALLY: [u64; 2] = [fingerprint("spec"), fingerprint("spec.initProvider")];

const fn contains(fingerprints: &[u64], one: u64) -> bool {
    let mut at = 0;
    while at < fingerprints.len() {
        if fingerprints[at] == one {
            return true;
        }
        at += 1;
    }
    false
}

/// The first of some paths, and the others.
const fn first(paths: &str) -> (&str, &str) {
    let mut end = 0;
    while end < paths.len() && paths.as_bytes()[end] != b'\n' {
        end += 1;
    }
    let (path, others) = paths.split_at(end);
    (path, if others.is_empty() { others } else { others.split_at(1).1 })
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
        let mut last = path.len();
        while last > 0 && path.as_bytes()[last - 1] != b'.' {
            last -= 1;
        }
        self.push(path.split_at(last.saturating_sub(1)).1);
    }

    const fn field(&mut self, requirement: &Requirement) {
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
