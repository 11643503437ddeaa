//! A composite resource in some state of the world.

use planewright_definitions::yaml;
use serde_json::{Map, Value};

use crate::platform::Composition;
use crate::render::{Inputs, Rendered};

/// A composite resource and what exists of it. Every step of it fails the test when its input cannot be read.
#[derive(Clone, Debug)]
#[must_use]
pub struct Scenario {
    composite: Value,
    inputs: Inputs,
}

impl Scenario {
    /// A composite resource, as a user writes it, of which nothing exists yet.
    #[track_caller]
    pub fn new(composite: &str) -> Self {
        match yaml::from_str(composite, "composite resource") {
            Ok(composite) => Scenario { composite, inputs: Inputs::default() },
            Err(error) => fail(&error.to_string()),
        }
    }

    /// Observes the composed resources of a YAML stream. Each names its key in the annotation
    /// `crossplane.io/composition-resource-name`.
    #[track_caller]
    pub fn observe_yaml(mut self, stream: &str) -> Self {
        self.inputs.observed.extend(objects(stream, "observed resources"));
        self
    }

    /// Observes everything that a render would have applied, and no longer what it would have deleted: the world after
    /// one reconcile, before any provider has done anything.
    pub fn observe_rendered(mut self, rendered: &Rendered) -> Self {
        self.inputs.observed = rendered.resources.values().map(|rendered| rendered.resource.clone()).collect();
        self
    }

    /// Sets fields of an observed resource, such as its status as the provider would report it: `fields` is YAML, merged
    /// object by object.
    #[track_caller]
    pub fn observe_fields(mut self, key: &str, fields: &str) -> Self {
        let fields: Value = match yaml::from_str(fields, "observed fields") {
            Ok(fields) => fields,
            Err(error) => fail(&error.to_string()),
        };
        match self.inputs.observed.iter_mut().find(|resource| key_of(resource) == Some(key)) {
            Some(resource) => merge(resource, fields),
            None => fail(&format!("{key:?} is not observed; observe it before setting its fields")),
        }
        self
    }

    /// Hides an observed resource, as if it were gone or not seen yet.
    pub fn hide(mut self, key: &str) -> Self {
        self.inputs.observed.retain(|resource| key_of(resource) != Some(key));
        self
    }

    /// Observes a connection detail of a composed resource.
    pub fn connection_detail(mut self, key: &str, name: &str, value: impl Into<Vec<u8>>) -> Self {
        self.inputs.connection.entry(key.to_owned()).or_default().insert(name, value);
        self
    }

    /// Provides the objects of a YAML stream to requirements.
    #[track_caller]
    pub fn require_yaml(mut self, stream: &str) -> Self {
        self.inputs.required.extend(objects(stream, "required resources"));
        self
    }

    /// Gives the composition's step this input, as its Composition would: `{"compositionVersion": "v0.2.0"}` stands for a revision of that version.
    pub fn input(mut self, input: Value) -> Self {
        self.inputs.input = Some(input);
        self
    }

    /// Sets a value of the pipeline's context.
    pub fn context(mut self, key: &str, value: Value) -> Self {
        self.inputs.context.insert(key.to_owned(), value);
        self
    }

    /// Renders it. A fatal result is an answer: see [`Rendered::fatal`].
    #[track_caller]
    pub fn render(&self, composition: &Composition) -> Rendered {
        match composition.render(self.composite.clone(), self.inputs.clone()) {
            Ok(rendered) => rendered,
            Err(error) => fail(&error.to_string()),
        }
    }
}

fn key_of(resource: &Value) -> Option<&str> {
    resource.pointer("/metadata/annotations/crossplane.io~1composition-resource-name").and_then(Value::as_str)
}

#[track_caller]
fn objects(stream: &str, what: &str) -> Vec<Value> {
    let documents = yaml::documents(stream).map(|document| yaml::read(&document, what));
    match documents.collect() {
        Ok(objects) => objects,
        Err(error) => fail(&yaml::YamlError::to_string(&error)),
    }
}

fn merge(into: &mut Value, from: Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (key, value) in from {
                merge(into.entry(key).or_insert_with(|| Value::Object(Map::new())), value);
            }
        }
        (into, from) => *into = from,
    }
}

#[track_caller]
#[expect(clippy::panic, reason = "a helper of tests fails the test")]
fn fail(message: &str) -> ! {
    panic!("{message}")
}
