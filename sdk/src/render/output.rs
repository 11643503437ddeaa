//! How a render is shown.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use planewright_definitions::yaml::{self, WriteError};
use serde_json::{Map, Value, json};

use super::Rendered;
use crate::state::{ConnectionDetails, Requirements, ResourceMatch};

/// A form that a render is shown in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// A YAML stream: the composite resource with its status, then the composed resources sorted by key.
    #[default]
    Yaml,
    /// One JSON object with everything, connection details in base64.
    Json,
    /// A short table for people.
    Summary,
}

impl Rendered {
    /// The render in a form. It ends with a line feed and is the same bytes for the same input.
    ///
    /// # Errors
    /// When an object cannot be written as YAML.
    pub fn show(&self, format: Format) -> Result<String, WriteError> {
        Ok(match format {
            Format::Yaml => self.yaml()?,
            Format::Json => format!("{:#}\n", self.json()),
            Format::Summary => self.summary(),
        })
    }

    fn yaml(&self) -> Result<String, WriteError> {
        yaml::stream(std::iter::once(&self.composite).chain(self.resources.values().map(|rendered| &rendered.resource)))
    }

    /// The render as one JSON object: `composite`, `resources` by key (each `resource` and `ready`), `deleted`, `connection`
    /// (base64), `results`, `conditions`, `requirements` by step, `waiting`, `events`, `context`, and `fatal` if the
    /// pipeline stopped.
    pub fn json(&self) -> Value {
        let resources: Map<String, Value> = self
            .resources
            .iter()
            .map(|(key, rendered)| {
                (key.clone(), json!({"resource": rendered.resource, "ready": rendered.ready.as_str()}))
            })
            .collect();
        let results: Vec<Value> = self
            .results
            .iter()
            .map(|entry| {
                let mut result = json!({
                    "step": entry.step,
                    "severity": entry.result.severity.as_str(),
                    "message": entry.result.message,
                    "target": entry.result.target.as_str(),
                });
                if let (Some(reason), Value::Object(result)) = (&entry.result.reason, &mut result) {
                    result.insert("reason".to_owned(), reason.as_str().into());
                }
                result
            })
            .collect();
        let requirements: Map<String, Value> =
            self.requirements.iter().map(|(step, asked)| (step.clone(), requirements(asked))).collect();
        let waiting: Vec<Value> = self
            .waiting
            .iter()
            .map(|waiting| {
                let on: Vec<Value> =
                    waiting.on.iter().map(|wait| json!({"key": wait.key, "path": wait.path})).collect();
                json!({"key": waiting.key, "field": waiting.field, "on": on, "kept": waiting.kept})
            })
            .collect();
        let events: Vec<Value> = self
            .events
            .iter()
            .map(|event| {
                let type_ = if event.warning { "Warning" } else { "Normal" };
                json!({"type": type_, "reason": event.reason, "message": event.message})
            })
            .collect();
        let deleted: Vec<Value> = self
            .deleted
            .iter()
            .map(|gone| json!({"key": gone.key, "apiVersion": gone.api_version, "kind": gone.kind, "name": gone.name}))
            .collect();
        let mut out = json!({
            "composite": self.composite,
            "resources": resources,
            "deleted": deleted,
            "connection": base64(&self.connection),
            "results": results,
            "conditions": self.conditions,
            "requirements": requirements,
            "waiting": waiting,
            "events": events,
            "context": self.context,
        });
        if let (Some(fatal), Value::Object(out)) = (&self.fatal, &mut out) {
            out.insert("fatal".to_owned(), fatal.as_str().into());
        }
        out
    }

    fn summary(&self) -> String {
        let text = |object: &Value, pointer: &str| {
            object.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        let mut rows = vec![["KEY", "KIND", "NAME", "STATE"].map(str::to_owned)];
        for (key, rendered) in &self.resources {
            let kept = self.waiting.iter().any(|waiting| waiting.kept && &waiting.key == key);
            let ready = match rendered.ready {
                crate::state::Ready::True => "ready",
                crate::state::Ready::False => "not ready",
                crate::state::Ready::Unspecified => "readiness not said",
            };
            let state = if kept { format!("{ready}, kept as it is") } else { ready.to_owned() };
            rows.push([
                key.clone(),
                text(&rendered.resource, "/kind"),
                text(&rendered.resource, "/metadata/name"),
                state,
            ]);
        }
        let mut held: Vec<&str> = self.waiting.iter().filter(|w| !w.kept).map(|w| w.key.as_str()).collect();
        held.dedup();
        for key in held.into_iter().filter(|key| !self.resources.contains_key(*key)) {
            rows.push([key.to_owned(), String::new(), String::new(), "held back".to_owned()]);
        }
        for gone in &self.deleted {
            rows.push([gone.key.clone(), gone.kind.clone(), gone.name.clone(), "DELETED".to_owned()]);
        }
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let widths = [width(0), width(1), width(2)];
        let (kind, name) = (text(&self.composite, "/kind"), text(&self.composite, "/metadata/name"));
        let count = self.resources.len();
        let plural = if count == 1 { "" } else { "s" };
        let mut out = format!("{kind} {name}: {count} composed resource{plural}\n");
        // Responsive is true of everything that is rendered.
        for condition in self.conditions.iter().filter(|condition| text(condition, "/type") != "Responsive") {
            let reason = text(condition, "/reason");
            let _ = write!(out, "  {}={} ({reason})", text(condition, "/type"), text(condition, "/status"));
            let message = text(condition, "/message");
            out.push_str(&if message.is_empty() { "\n".to_owned() } else { format!(": {message}\n") });
        }
        out.push('\n');
        for row in &rows {
            let [key, kind, name, state] = row;
            let [a, b, c] = widths;
            let _ = writeln!(out, "{key:a$}  {kind:b$}  {name:c$}  {state}");
        }
        out
    }
}

fn base64(connection: &ConnectionDetails) -> Value {
    let details = connection.iter().map(|(name, value)| (name.clone(), Value::String(STANDARD.encode(value))));
    Value::Object(details.collect())
}

fn requirements(asked: &Requirements) -> Value {
    let resources: Map<String, Value> = asked
        .resources
        .iter()
        .map(|(name, selector)| {
            let mut entry = json!({"apiVersion": selector.api_version, "kind": selector.kind});
            if let Value::Object(entry) = &mut entry {
                if let Some(namespace) = &selector.namespace {
                    entry.insert("namespace".to_owned(), namespace.as_str().into());
                }
                match &selector.matching {
                    ResourceMatch::All => {}
                    ResourceMatch::Name(name) => {
                        entry.insert("matchName".to_owned(), name.as_str().into());
                    }
                    ResourceMatch::Labels(labels) => {
                        entry.insert("matchLabels".to_owned(), json!(labels));
                    }
                }
            }
            (name.clone(), entry)
        })
        .collect();
    let schemas: Map<String, Value> = asked
        .schemas
        .iter()
        .map(|(name, selector)| (name.clone(), json!({"apiVersion": selector.api_version, "kind": selector.kind})))
        .collect();
    let mut out = Map::new();
    for (name, entries) in [("resources", resources), ("schemas", schemas)] {
        if !entries.is_empty() {
            out.insert(name.to_owned(), Value::Object(entries));
        }
    }
    Value::Object(out)
}
