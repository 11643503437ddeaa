//! The pipeline of a composition: our step, and the steps of other functions around it.

use std::collections::{BTreeMap, BTreeSet};

use planewright_definitions::crd::Crd;
use serde_json::Value;

use super::credentials::Credentials;
use super::error::Faults;
use super::names::{is_label_key, is_label_value, version, with_v};
use super::package::dependency;
use crate::state::{ResourceSelector, SchemaSelector};

/// The pipeline of a composition: the steps around its own, and what Crossplane hands to it.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Pipeline {
    pub(super) name: Option<String>,
    pub(super) version: Option<String>,
    pub(super) labels: BTreeMap<String, String>,
    pub(super) before: Vec<FunctionStep>,
    pub(super) after: Vec<FunctionStep>,
    pub(super) input: Option<Result<Input, String>>,
    pub(super) credentials: Credentials,
    pub(super) resources: Vec<(String, ResourceSelector)>,
    pub(super) schemas: Vec<(String, SchemaSelector)>,
}

/// A typed input of the composition's own step.
#[derive(Clone, Debug)]
pub(super) struct Input {
    pub(super) value: Value,
    pub(super) crd: Crd,
}

impl Pipeline {
    /// The composition's own step alone.
    pub fn new() -> Self {
        Pipeline::default()
    }

    /// Another name of the Composition. Default: the name of the function and the group, `network.example.org`.
    pub fn name(self, name: impl Into<String>) -> Self {
        Pipeline { name: Some(name.into()), ..self }
    }

    /// The version that the step's input says, and [`Cx::composition_version`](crate::compose::Cx::composition_version) tells the composition. Default: that of
    /// the crate.
    ///
    /// With every other version there is a new revision of the Composition, to which composite resources with the update policy `Automatic` go on. So by default
    /// there is one for each release, which others can stay on. Say the release in which what the composition does last changed, and releases without a change make
    /// no revision. It is a fault if that is newer than the crate.
    pub fn version(self, version: impl Into<String>) -> Self {
        Pipeline { version: Some(version.into()), ..self }
    }

    /// A label of the Composition, by which composite resources select one of several (`compositionSelector`).
    pub fn label(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.labels.insert(key.into(), value.into());
        self
    }

    /// A step of another function, before the composition's own. Steps run in the order in which they are named.
    pub fn before(mut self, step: FunctionStep) -> Self {
        self.before.push(step);
        self
    }

    /// A step of another function, after the composition's own.
    pub fn after(mut self, step: FunctionStep) -> Self {
        self.after.push(step);
        self
    }

    /// The input of the composition's own step. Its schema goes into the Function package, so that
    /// `crossplane resource validate` judges it. The fields `composition`, where several compositions compose the kind, and `compositionVersion` are added to
    /// it, for the program itself; so the type cannot have fields of these names.
    #[cfg(feature = "schema")]
    pub fn input<T: crate::compose::StepInput + serde::Serialize>(self, input: &T) -> Self {
        let made = || {
            let crd = crate::compose::input_crd::<T>().map_err(|error| error.to_string())?;
            let Value::Object(given) = serde_json::to_value(input).map_err(|error| error.to_string())? else {
                return Err("it is no object".to_owned());
            };
            let mut fields = serde_json::Map::new();
            fields.insert("apiVersion".to_owned(), format!("{}/{}", T::GROUP, T::VERSION).into());
            fields.insert("kind".to_owned(), T::KIND.into());
            fields.extend(given);
            Ok(Input { value: fields.into(), crd })
        };
        Pipeline { input: Some(made()), ..self }
    }

    /// Credentials of the composition's own step, by the namespace and name of a Secret. The composition reads them with
    /// [`Cx::credentials`](crate::compose::Cx::credentials).
    pub fn credentials(
        mut self,
        name: impl Into<String>,
        namespace: impl Into<String>,
        secret: impl Into<String>,
    ) -> Self {
        self.credentials.add(name.into(), namespace.into(), secret.into());
        self
    }

    /// Objects that Crossplane fetches before it first calls the composition's own step (Crossplane v2.0 and later): one call less than where
    /// only the composition [asks](crate::compose::Cx::require) for them, under the same name.
    pub fn require(mut self, name: impl Into<String>, selector: ResourceSelector) -> Self {
        self.resources.push((name.into(), selector));
        self
    }

    /// As [`require`](Pipeline::require), for the OpenAPI schema of a kind (Crossplane v2.2 and later).
    pub fn require_schema(mut self, name: impl Into<String>, selector: SchemaSelector) -> Self {
        self.schemas.push((name.into(), selector));
        self
    }

    /// Finds what is wrong with it.
    pub(super) fn check(&self, composition: &str, crate_version: &str, faults: &mut Faults) {
        let place = format!("pipeline {composition:?}");
        if let Some(said) = &self.version {
            match (version(&with_v(said)), version(&with_v(crate_version))) {
                (None, _) => {
                    let reason = format!("{said:?} is no version of a Composition");
                    faults.add(&place, reason, "write it as MAJOR.MINOR.PATCH, such as 1.2.3");
                }
                (Some(composition), Some(own)) if composition > own => {
                    let reason =
                        format!("the version {said} of the Composition is newer than the crate, {crate_version}");
                    faults.add(&place, reason, "raise `version` in Cargo.toml, or leave Pipeline::version out");
                }
                _ => {}
            }
        }
        for (key, value) in &self.labels {
            if !is_label_key(key) || !is_label_value(value) {
                let remedy = "keys are PREFIX/NAME; values have 63 letters, digits, - _ . at most";
                faults.add(&place, format!("{key:?}: {value:?} cannot be a label"), remedy);
            }
        }
        let own = super::names::label(composition);
        let mut names = BTreeSet::from([own.as_str()]);
        for step in self.before.iter().chain(&self.after) {
            if step.name.is_empty() || !names.insert(&step.name) {
                faults.add(
                    &place,
                    format!("the step {:?} is there twice, or has no name", step.name),
                    format!("give every step a name of its own; {own:?} is the composition's"),
                );
            }
            dependency(&place, "function", &step.repository, &step.version, faults);
            if let Some(input) = &step.input
                && !["apiVersion", "kind"].iter().all(|name| input.get(name).is_some_and(Value::is_string))
            {
                let reason = format!("the input of the step {:?} has no apiVersion and kind", step.name);
                faults.add(&place, reason, "give it both, as the function documents them");
            }
            step.credentials.check(&place, &step.name, faults);
        }
        if names.len() > 99 {
            faults.add(&place, "it has more than 99 steps", "Crossplane takes 99 at most; do more in one step");
        }
        if let Some(Err(reason)) = &self.input {
            faults.add(&place, format!("the input cannot be written: {reason}"), "correct the type of the input");
        }
        self.credentials.check(&place, &own, faults);
        unique(&place, &own, "required resource", self.resources.iter().map(|(name, _)| name), faults);
        unique(&place, &own, "required schema", self.schemas.iter().map(|(name, _)| name), faults);
    }
}

/// Finds names that a step has twice, and things without a name.
pub(super) fn unique<'a>(
    place: &str,
    step: &str,
    what: &str,
    names: impl Iterator<Item = &'a String>,
    faults: &mut Faults,
) {
    let mut seen = BTreeSet::new();
    for name in names {
        if name.is_empty() {
            faults.add(place, format!("the step {step:?} has {what} without a name"), "give each a name of its own");
        } else if !seen.insert(name) {
            faults.add(place, format!("the step {step:?} has {what} {name:?} twice"), "give each a name of its own");
        }
    }
}

/// A step of another function.
#[derive(Clone, Debug)]
#[must_use]
pub struct FunctionStep {
    pub(super) name: String,
    pub(super) repository: String,
    pub(super) version: String,
    pub(super) input: Option<Value>,
    pub(super) credentials: Credentials,
}

impl FunctionStep {
    /// A step with a name of its own in the pipeline, of the function whose package is in this repository (without a tag), at
    /// this version or later. Crossplane installs the function with the Configuration.
    pub fn new(name: impl Into<String>, repository: impl Into<String>, version: impl Into<String>) -> Self {
        FunctionStep {
            name: name.into(),
            repository: repository.into(),
            version: version.into(),
            input: None,
            credentials: Credentials::default(),
        }
    }

    /// function-auto-ready, which says of the composed resources that say nothing of it themselves whether they are ready.
    pub fn auto_ready(version: impl Into<String>) -> Self {
        Self::new("auto-ready", "xpkg.crossplane.io/crossplane-contrib/function-auto-ready", version)
    }

    /// function-environment-configs, which puts EnvironmentConfigs into the pipeline's context.
    pub fn environment_configs(version: impl Into<String>, input: Value) -> Self {
        Self::new("environment", "xpkg.crossplane.io/crossplane-contrib/function-environment-configs", version)
            .input(input)
    }

    /// Its input: an object with apiVersion and kind, as the function documents it.
    pub fn input(self, input: Value) -> Self {
        FunctionStep { input: Some(input), ..self }
    }

    /// Credentials, by the namespace and name of a Secret.
    pub fn credentials(
        mut self,
        name: impl Into<String>,
        namespace: impl Into<String>,
        secret: impl Into<String>,
    ) -> Self {
        self.credentials.add(name.into(), namespace.into(), secret.into());
        self
    }
}
