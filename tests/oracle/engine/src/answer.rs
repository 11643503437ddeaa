//! What a reconcile answers, in one form for the engine and for `render`.

use planewright::render::{RenderError, Rendered};
use planewright::state::{Requirements, ResourceMatch, Severity};
use planewright_definitions::yaml;
use serde_json::{Map, Number, Value, json};

use crate::Failure;
use crate::scenario::key_of;

/// The time of every condition.
const TIME: &str = "2024-01-01T00:00:00Z";
/// What Crossplane puts before the reason why composing failed.
const CANNOT_COMPOSE: &str = "cannot compose resources: ";

/// An answer as one document: `composite`, `composed` sorted by key, `deleted` (what each is), `events`,
/// `requiredResources` and `requiredSchemas` (the selectors), and `fatal` if a step said so. Where composing fails in
/// another way, the engine answers nothing but why, which is `error`.
///
/// Keys are sorted and times are one time. Where the engine goes through a map of Go, whose order is another in every run,
/// the order is by name: composed resources, and the events that say which are not ready or in another namespace. What
/// a step required several times stands here once.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer(Value);

impl Answer {
    /// What the engine answered, from the parts of its message.
    pub fn of_engine(parts: Map<String, Value>) -> Self {
        Answer(canonical(Value::Object(parts)))
    }

    /// That the engine answered nothing but this.
    pub fn of_error(message: &str) -> Self {
        Answer(json!({"error": reason(message)}))
    }

    /// What `render` answered.
    pub fn of_render(rendered: &Result<Rendered, RenderError>) -> Self {
        let rendered = match rendered {
            Ok(rendered) => rendered,
            Err(error) => return Answer::of_error(&error.to_string()),
        };
        let said_fatal = rendered.results.iter().any(|entry| entry.result.severity == Severity::Fatal);
        if let (Some(fatal), false) = (&rendered.fatal, said_fatal) {
            return Answer::of_error(fatal);
        }
        let deleted = rendered
            .deleted
            .iter()
            .map(|gone| json!({"key": gone.key, "apiVersion": gone.api_version, "kind": gone.kind, "name": gone.name}));
        let events = rendered.events.iter().map(|event| {
            let type_ = if event.warning { "Warning" } else { "Normal" };
            json!({"type": type_, "reason": event.reason, "message": event.message})
        });
        let mut out = Map::from_iter([
            ("composite".to_owned(), rendered.composite.clone()),
            ("composed".to_owned(), rendered.resources.values().map(|one| one.resource.clone()).collect()),
            ("deleted".to_owned(), deleted.collect()),
            ("events".to_owned(), events.collect()),
            ("requiredResources".to_owned(), rendered.requirements.values().flat_map(resources).collect()),
            ("requiredSchemas".to_owned(), rendered.requirements.values().flat_map(schemas).collect()),
        ]);
        if let Some(fatal) = &rendered.fatal {
            out.insert("fatal".to_owned(), reason(fatal).into());
        }
        Answer(canonical(Value::Object(out)))
    }

    /// A recorded answer.
    pub fn recorded(document: Value) -> Self {
        Answer(document)
    }

    /// The document.
    pub fn document(&self) -> &Value {
        &self.0
    }

    /// The document, to be changed.
    pub fn document_mut(&mut self) -> &mut Value {
        &mut self.0
    }

    /// The composite resource.
    pub fn composite(&self) -> &Value {
        &self.0["composite"]
    }

    /// The composed resources that are applied.
    pub fn composed(&self) -> &[Value] {
        self.0["composed"].as_array().map_or(&[], Vec::as_slice)
    }

    /// The composed resources that are deleted.
    pub fn deleted(&self) -> &[Value] {
        self.0["deleted"].as_array().map_or(&[], Vec::as_slice)
    }

    /// The document as YAML.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn yaml(&self) -> Result<String, Failure> {
        Ok(yaml::to_string(&self.0)?)
    }
}

/// Why composing failed, without what stands around it.
pub fn reason(message: &str) -> &str {
    message.split_once(CANNOT_COMPOSE).map_or(message, |(_, reason)| reason).trim_end()
}

fn resources(requirements: &Requirements) -> Vec<Value> {
    let selectors = requirements.resources.values().map(|selector| {
        let mut out = json!({"apiVersion": selector.api_version, "kind": selector.kind});
        match &selector.matching {
            ResourceMatch::All => {}
            ResourceMatch::Name(name) => out["matchName"] = name.as_str().into(),
            ResourceMatch::Labels(labels) => out["matchLabels"] = json!({"labels": labels}),
        }
        if let Some(namespace) = &selector.namespace {
            out["namespace"] = namespace.as_str().into();
        }
        out
    });
    selectors.collect()
}

fn schemas(requirements: &Requirements) -> Vec<Value> {
    let selectors = requirements.schemas.values();
    selectors.map(|selector| json!({"apiVersion": selector.api_version, "kind": selector.kind})).collect()
}

fn canonical(mut document: Value) -> Value {
    if let Some(Value::Array(conditions)) = document.pointer_mut("/composite/status/conditions") {
        for condition in conditions {
            condition["lastTransitionTime"] = TIME.into();
        }
    }
    document = sorted(document);
    let Value::Object(fields) = &mut document else { return document };
    for (field, value) in fields.iter_mut() {
        let Value::Array(items) = value else { continue };
        match field.as_str() {
            "composed" => items.sort_by(|a, b| key_of(a).cmp(key_of(b))),
            "deleted" => items.sort_by_key(|gone| gone["key"].to_string()),
            "requiredResources" | "requiredSchemas" => {
                items.sort_by_key(Value::to_string);
                items.dedup();
            }
            "events" => {
                let runs = items.chunk_by_mut(|a, b| unordered(a).is_some() && unordered(a) == unordered(b));
                runs.for_each(|run| {
                    if run.iter().all(|event| unordered(event).is_some()) {
                        run.sort_by_key(Value::to_string);
                    }
                });
            }
            _ => {}
        }
    }
    // What is empty says nothing.
    fields.retain(|_, value| value.as_array().is_none_or(|items| !items.is_empty()));
    document
}

/// What an event is about, if there is one for each resource and no order among them.
fn unordered(event: &Value) -> Option<&'static str> {
    let message = event["message"].as_str().unwrap_or_default();
    if message.starts_with("Composed resource ") && message.ends_with(" is not yet ready") {
        return Some("readiness");
    }
    (event["reason"] == "NamespaceOverridden").then_some("namespace")
}

/// The same with sorted keys, and integers as integers.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut map: Map<String, Value> = map.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            map.sort_keys();
            Value::Object(map)
        }
        Value::Array(items) => items.into_iter().map(sorted).collect(),
        Value::Number(number) => {
            let float = number.as_f64().filter(|float| number.is_f64() && float.fract() == 0.0);
            // Exact below 2^53, and nothing larger is an integer in the protocol.
            let whole = float.filter(|float| float.abs() < 9_007_199_254_740_992.0).map(|float| float as i64);
            Value::Number(whole.map_or(number, Number::from))
        }
        other => other,
    }
}
