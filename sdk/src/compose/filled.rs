//! A value that is written together with the defaults that it does not set: in one go, whatever it is written to.
//!
//! What the answer wants in bytes is encoded straight from generated types; filling it in afterwards would mean to decode
//! it again.

use std::collections::BTreeMap;

use super::Defaults;
use super::defaults::{ConfigReference, Form};
use crate::codec::{CodecError, Mask, Reader, Slot, Writer};

/// A value and what it does not say.
pub(super) struct Filled<'a> {
    pub(super) value: &'a dyn Slot,
    pub(super) defaults: &'a Defaults,
    pub(super) form: Form,
}

impl Slot for Filled<'_> {
    fn write(&self, writer: &mut dyn Writer) -> Result<(), CodecError> {
        self.value.write(&mut Filler {
            writer,
            defaults: self.defaults,
            form: self.form,
            open: Vec::new(),
            next: Part::Root,
            seen: Vec::new(),
            said: Said::default(),
        })
    }

    fn read(&mut self, _: &mut dyn Reader, _: Mask<'_>) -> Result<(), CodecError> {
        Err(CodecError::new("it is only written"))
    }
}

/// Where in the object something is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Root,
    Metadata,
    Labels,
    Annotations,
    Spec,
    ForProvider,
    Tags,
    Other,
}

/// What the value says itself.
#[derive(Default)]
struct Said {
    metadata: bool,
    labels: bool,
    annotations: bool,
    spec: bool,
    for_provider: bool,
    tags: bool,
    region: bool,
    provider_config: bool,
    management_policies: bool,
}

/// Hands on what is written, and adds to each object as it ends.
struct Filler<'a> {
    writer: &'a mut dyn Writer,
    defaults: &'a Defaults,
    form: Form,
    /// The objects and lists that are open.
    open: Vec<Part>,
    /// What the next value is.
    next: Part,
    /// Which default entries the open map says itself.
    seen: Vec<bool>,
    said: Said,
}

impl Filler<'_> {
    fn begin(&mut self) {
        self.open.push(self.next);
        if let Some(entries) = self.entries(self.next) {
            let count = entries.len();
            self.seen.clear();
            self.seen.resize(count, false);
        }
        self.next = Part::Other;
    }

    /// The default entries of a map.
    fn entries(&self, part: Part) -> Option<&BTreeMap<String, String>> {
        match part {
            Part::Labels => Some(&self.defaults.labels),
            Part::Annotations => Some(&self.defaults.annotations),
            Part::Tags => self.defaults.tags_for(self.form),
            _ => None,
        }
    }

    /// Takes note of a key, and answers what its value is.
    fn part(&mut self, key: &str) -> Part {
        let around = self.open.last().copied().unwrap_or(Part::Other);
        let said = &mut self.said;
        let (said, part) = match (around, key) {
            (Part::Root, "metadata") => (&mut said.metadata, Part::Metadata),
            (Part::Root, "spec") => (&mut said.spec, Part::Spec),
            (Part::Metadata, "labels") => (&mut said.labels, Part::Labels),
            (Part::Metadata, "annotations") => (&mut said.annotations, Part::Annotations),
            (Part::Spec, "forProvider") => (&mut said.for_provider, Part::ForProvider),
            (Part::Spec, "providerConfigRef") => (&mut said.provider_config, Part::Other),
            (Part::Spec, "managementPolicies") => (&mut said.management_policies, Part::Other),
            (Part::ForProvider, "tags") => (&mut said.tags, Part::Tags),
            (Part::ForProvider, "region") => (&mut said.region, Part::Other),
            _ => {
                let position = self.entries(around).and_then(|entries| entries.keys().position(|known| known == key));
                if let Some(seen) = position.and_then(|position| self.seen.get_mut(position)) {
                    *seen = true;
                }
                return Part::Other;
            }
        };
        *said = true;
        part
    }

    /// Adds what the object that ends does not say.
    fn fill(&mut self, part: Part) {
        match part {
            Part::Root => {
                if !self.said.metadata && self.defaults.has_metadata() {
                    self.object("metadata", Part::Metadata);
                }
                if !self.said.spec && self.defaults.has_spec(self.form) {
                    self.object("spec", Part::Spec);
                }
            }
            Part::Metadata => {
                if !self.said.labels && !self.defaults.labels.is_empty() {
                    self.object("labels", Part::Labels);
                }
                if !self.said.annotations && !self.defaults.annotations.is_empty() {
                    self.object("annotations", Part::Annotations);
                }
            }
            Part::Spec => {
                if !self.said.for_provider && self.defaults.has_parameters(self.form) {
                    self.object("forProvider", Part::ForProvider);
                }
                self.management_policies();
                self.provider_config();
            }
            Part::ForProvider => {
                if !self.said.tags && self.defaults.tags_for(self.form).is_some() {
                    self.object("tags", Part::Tags);
                }
                if let Some(region) = self.defaults.region_for(self.form).filter(|_| !self.said.region) {
                    self.writer.key("region");
                    self.writer.string(region);
                }
            }
            Part::Labels | Part::Annotations | Part::Tags => {
                let defaults = self.defaults;
                let entries = match part {
                    Part::Labels => &defaults.labels,
                    Part::Annotations => &defaults.annotations,
                    _ if !self.form.tags => return,
                    _ => &defaults.tags,
                };
                for ((key, value), _) in entries.iter().zip(&self.seen).filter(|(_, seen)| !**seen) {
                    self.writer.key(key);
                    self.writer.string(value);
                }
            }
            Part::Other => {}
        }
    }

    /// Writes an object that the value does not have, of defaults alone.
    fn object(&mut self, key: &str, part: Part) {
        self.key(key);
        self.next = part;
        self.begin_object();
        self.end_object();
    }

    fn provider_config(&mut self) {
        let (Some(reference), Some(config)) = (self.form.provider_config, &self.defaults.provider_config) else {
            return;
        };
        if self.said.provider_config {
            return;
        }
        self.writer.key("providerConfigRef");
        self.writer.begin_object();
        if reference == ConfigReference::KindAndName {
            self.writer.key("kind");
            self.writer.string(config.kind);
        }
        self.writer.key("name");
        self.writer.string(&config.name);
        self.writer.end_object();
    }

    fn management_policies(&mut self) {
        let Some(policies) = self.defaults.management_policies.as_ref().filter(|_| self.form.management_policies)
        else {
            return;
        };
        if self.said.management_policies {
            return;
        }
        self.writer.key("managementPolicies");
        self.writer.begin_list();
        policies.iter().for_each(|policy| self.writer.string(policy.as_str()));
        self.writer.end_list();
    }
}

impl Writer for Filler<'_> {
    fn null(&mut self) {
        self.writer.null();
    }

    fn boolean(&mut self, value: bool) {
        self.writer.boolean(value);
    }

    fn integer(&mut self, value: i64) {
        self.writer.integer(value);
    }

    fn number(&mut self, value: f64) {
        self.writer.number(value);
    }

    fn string(&mut self, value: &str) {
        self.writer.string(value);
    }

    fn begin_list(&mut self) {
        self.next = Part::Other;
        self.begin();
        self.writer.begin_list();
    }

    fn end_list(&mut self) {
        self.open.pop();
        self.writer.end_list();
    }

    fn begin_object(&mut self) {
        self.begin();
        self.writer.begin_object();
    }

    fn key(&mut self, key: &str) {
        self.next = self.part(key);
        self.writer.key(key);
    }

    fn end_object(&mut self) {
        if let Some(part) = self.open.last().copied() {
            self.fill(part);
        }
        self.open.pop();
        self.next = Part::Other;
        self.writer.end_object();
    }
}
