//! What all composed resources of a composition share, said once.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::filled::Filled;
use super::ledger::Held;
use crate::codec::json::encode;
use crate::codec::{Layout, Slot, WireStep};
use crate::shapes::ManagementPolicy;

/// What every composed resource gets that does not say otherwise: see [`Cx::defaults`](super::Cx::defaults).
///
/// | default | which resources get it |
/// |---|---|
/// | labels, annotations | all kinds |
/// | tags | generated kinds whose `spec.forProvider.tags` is a map of strings |
/// | region | generated kinds with `spec.forProvider.region` |
/// | provider config, management policies | generated kinds with `spec.providerConfigRef`, `spec.managementPolicies` |
///
/// What a resource sets itself wins, and so does what an earlier step of the pipeline desired of it: of labels,
/// annotations and tags entry by entry, of everything else as a whole. A field that the resource sets from a value which
/// is not known yet counts as set.
#[derive(Clone, Debug, Default, PartialEq)]
#[must_use = "defaults count once they are given to the context with `cx.defaults(..)`"]
pub struct Defaults {
    pub(super) labels: BTreeMap<String, String>,
    pub(super) annotations: BTreeMap<String, String>,
    pub(super) tags: BTreeMap<String, String>,
    pub(super) region: Option<String>,
    pub(super) provider_config: Option<ProviderConfig>,
    pub(super) management_policies: Option<Vec<ManagementPolicy>>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct ProviderConfig {
    /// The kind, for resources whose reference names one.
    pub(super) kind: &'static str,
    pub(super) name: String,
}

impl Defaults {
    /// No defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a label.
    pub fn label(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.labels.insert(key.into(), value.into());
        self
    }

    /// Adds an annotation.
    pub fn annotation(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.annotations.insert(key.into(), value.into());
        self
    }

    /// Adds a tag of the external resource.
    pub fn tag(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.tags.insert(key.into(), value.into());
        self
    }

    /// Adds tags of the external resource.
    pub fn tags<A: Into<String>, B: Into<String>>(mut self, tags: impl IntoIterator<Item = (A, B)>) -> Self {
        self.tags.extend(tags.into_iter().map(|(key, value)| (key.into(), value.into())));
        self
    }

    /// Sets the region. An empty one means none.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into()).filter(|region| !region.is_empty());
        self
    }

    /// Sets the provider config: for namespaced kinds a `ProviderConfig` in their namespace, for cluster-scoped kinds the
    /// `ProviderConfig` of that name. An empty name means none, so that the provider's own default holds.
    pub fn provider_config(self, name: impl Into<String>) -> Self {
        self.configured("ProviderConfig", name.into())
    }

    /// Sets the provider config: for namespaced kinds a `ClusterProviderConfig`, for cluster-scoped kinds the
    /// `ProviderConfig` of that name. An empty name means none, so that the provider's own default holds.
    pub fn cluster_provider_config(self, name: impl Into<String>) -> Self {
        self.configured("ClusterProviderConfig", name.into())
    }

    fn configured(mut self, kind: &'static str, name: String) -> Self {
        self.provider_config = Some(ProviderConfig { kind, name }).filter(|config| !config.name.is_empty());
        self
    }

    /// Sets the management policies. None at all mean `["*"]`: a composite resource whose list of policies is empty has
    /// no opinion, and an empty list would keep the provider from doing anything.
    pub fn management_policies<P: Into<ManagementPolicy>>(mut self, policies: impl IntoIterator<Item = P>) -> Self {
        let mut policies: Vec<ManagementPolicy> = policies.into_iter().map(Into::into).collect();
        if policies.is_empty() {
            policies.push(ManagementPolicy::All);
        }
        self.management_policies = Some(policies);
        self
    }

    /// These defaults and `later` ones, which win.
    pub(super) fn and(mut self, later: Defaults) -> Self {
        self.labels.extend(later.labels);
        self.annotations.extend(later.annotations);
        self.tags.extend(later.tags);
        Defaults {
            region: later.region.or(self.region),
            provider_config: later.provider_config.or(self.provider_config),
            management_policies: later.management_policies.or(self.management_policies),
            ..self
        }
    }

    /// `value` with what it does not say, as it is written.
    pub(super) fn over<'a>(&'a self, value: &'a dyn Slot, form: Form) -> Filled<'a> {
        Filled { value, defaults: self, form }
    }

    pub(super) fn region_for(&self, form: Form) -> Option<&str> {
        self.region.as_deref().filter(|_| form.region)
    }

    pub(super) fn tags_for(&self, form: Form) -> Option<&BTreeMap<String, String>> {
        Some(&self.tags).filter(|tags| form.tags && !tags.is_empty())
    }

    pub(super) fn has_metadata(&self) -> bool {
        !self.labels.is_empty() || !self.annotations.is_empty()
    }

    pub(super) fn has_parameters(&self, form: Form) -> bool {
        self.tags_for(form).is_some() || self.region_for(form).is_some()
    }

    pub(super) fn has_spec(&self, form: Form) -> bool {
        self.has_parameters(form)
            || (form.provider_config.is_some() && self.provider_config.is_some())
            || (form.management_policies && self.management_policies.is_some())
    }

    /// Fills in what `object` does not say.
    pub(super) fn fill(&self, object: &mut Value, form: Form, held: &[Held]) {
        let mut fill = Fill { object, held };
        fill.entries(&["metadata", "labels"], &self.labels);
        fill.entries(&["metadata", "annotations"], &self.annotations);
        if let Some(tags) = self.tags_for(form) {
            fill.entries(&["spec", "forProvider", "tags"], tags);
        }
        if let Some(region) = self.region_for(form) {
            fill.field(&["spec", "forProvider"], "region", || region.into());
        }
        if let (true, Some(policies)) = (form.management_policies, &self.management_policies) {
            fill.field(&["spec"], "managementPolicies", || policies.iter().map(ManagementPolicy::as_str).collect());
        }
        if let (Some(named), Some(config)) = (form.provider_config, &self.provider_config) {
            fill.field(&["spec"], "providerConfigRef", || {
                let mut reference = Map::new();
                if named == ConfigReference::KindAndName {
                    reference.insert("kind".to_owned(), config.kind.into());
                }
                reference.insert("name".to_owned(), config.name.as_str().into());
                Value::Object(reference)
            });
        }
    }
}

/// An object that is being filled.
struct Fill<'a> {
    object: &'a mut Value,
    held: &'a [Held],
}

impl Fill<'_> {
    /// Adds entries to a map of text, which comes sorted then, as it does where it is written in one go.
    fn entries(&mut self, path: &[&str], entries: &BTreeMap<String, String>) {
        for (key, value) in entries {
            if let Some(map) = self.field(path, key, || value.as_str().into()) {
                map.sort_keys();
            }
        }
    }

    /// Sets a field if it is not set, and answers what it is in, if there is a place for it.
    fn field(&mut self, path: &[&str], name: &str, value: impl FnOnce() -> Value) -> Option<&mut Map<String, Value>> {
        if self.held.iter().any(|held| leads_to(held.path.steps(), path, name)) {
            return None;
        }
        let mut at = self.object.as_object_mut()?;
        for step in path {
            at = at.entry(*step).or_insert_with(|| Value::Object(Map::new())).as_object_mut()?;
        }
        at.entry(name).or_insert_with(value);
        Some(at)
    }
}

/// Whether `steps` are the field `name` at `path`, or something around it.
fn leads_to(steps: &[WireStep], path: &[&str], name: &str) -> bool {
    let names = path.iter().copied().chain([name]);
    steps.len() <= path.len() + 1
        && steps.iter().zip(names).all(|(step, name)| matches!(step, WireStep::Name(step) if step == name))
}

/// Which shared parts the objects of a kind have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Form {
    pub(super) tags: bool,
    pub(super) region: bool,
    pub(super) management_policies: bool,
    pub(super) provider_config: Option<ConfigReference>,
}

/// What a kind's reference to its provider config consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ConfigReference {
    /// `{kind, name}`: namespaced kinds.
    KindAndName,
    /// `{name, policy}`: cluster-scoped kinds.
    Name,
}

impl Form {
    /// The form of the kind of which `layout` is any value.
    pub(super) fn of(layout: &dyn Slot) -> Self {
        let mut form = Form::default();
        fields(layout, &mut |name, spec| {
            if name == "spec" {
                fields(spec, &mut |name, part| form.take_in(name, part));
            }
        });
        form
    }

    fn take_in(&mut self, name: &str, part: &dyn Slot) {
        match name {
            "managementPolicies" => self.management_policies = true,
            "providerConfigRef" => {
                fields(part, &mut |name, _| {
                    self.provider_config = match (self.provider_config, name) {
                        (_, "kind") => Some(ConfigReference::KindAndName),
                        (None, "name") => Some(ConfigReference::Name),
                        (known, _) => known,
                    };
                });
            }
            "forProvider" => fields(part, &mut |name, parameter| match name {
                "tags" => parameter.layout(&mut |layout| {
                    self.tags = matches!(layout, Layout::Entries(value) if is_text(value));
                }),
                "region" => parameter.layout(&mut |layout| self.region = matches!(layout, Layout::Scalar)),
                _ => {}
            }),
            _ => {}
        }
    }
}

/// Hands out the fields of an object's type.
fn fields(slot: &dyn Slot, visit: &mut dyn FnMut(&str, &dyn Slot)) {
    slot.layout(&mut |layout| {
        if let Layout::Record(shape, slots) = layout {
            shape.fields.iter().zip(slots).for_each(|(field, slot)| visit(field.name, *slot));
        }
    });
}

/// Whether values of a type are written as text. A map's value type is never optional, so a default value tells.
fn is_text(slot: &dyn Slot) -> bool {
    encode(slot).is_ok_and(|value| value.is_string())
}
