//! A value that is written together with the defaults that it does not set: in one go, whatever it is written to.
//!
//! What the answer wants in bytes is encoded straight from generated types; filling it in afterwards would mean to decode
//! it again.

use std::collections::{BTreeMap, btree_map};
use std::iter::Peekable;

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
            within: Part::Outside,
            deeper: 0,
            next: Some(Part::Root),
            entries: None,
            said: Said::default(),
        })
    }

    fn read(&mut self, _: &mut dyn Reader, _: Mask<'_>) -> Result<(), CodecError> {
        Err(CodecError::new("it is only written"))
    }
}

/// A part of the object that has defaults.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Outside,
    Root,
    Metadata,
    Labels,
    Annotations,
    Spec,
    ForProvider,
    Tags,
}

impl Part {
    /// What it is in.
    fn around(self) -> Self {
        match self {
            Part::Outside | Part::Root => Part::Outside,
            Part::Metadata | Part::Spec => Part::Root,
            Part::Labels | Part::Annotations => Part::Metadata,
            Part::ForProvider => Part::Spec,
            Part::Tags => Part::ForProvider,
        }
    }
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

/// Hands on what is written, and adds to each object as it ends, and to maps in the order of their keys.
struct Filler<'a> {
    writer: &'a mut dyn Writer,
    defaults: &'a Defaults,
    form: Form,
    /// The innermost part that is open.
    within: Part,
    /// How many objects and lists are open in it that are no part.
    deeper: usize,
    /// The part that the next value is, if it is one.
    next: Option<Part>,
    /// Of the map that is open, the default entries that may follow.
    entries: Option<Peekable<btree_map::Iter<'a, String, String>>>,
    said: Said,
}

impl<'a> Filler<'a> {
    fn begin(&mut self) {
        match self.next.take() {
            None => self.deeper += 1,
            Some(part) => {
                self.within = part;
                self.entries = self.entries(part).map(|entries| entries.iter().peekable());
            }
        }
    }

    /// The default entries of a map.
    fn entries(&self, part: Part) -> Option<&'a BTreeMap<String, String>> {
        match part {
            Part::Labels => Some(&self.defaults.labels),
            Part::Annotations => Some(&self.defaults.annotations),
            Part::Tags => self.defaults.tags_for(self.form),
            _ => None,
        }
    }

    /// Writes the default entries of the open map that come before `key`, or all that are left. The value's own entries come
    /// sorted, as maps of text are; the one under `key` is its own, whatever the default says.
    fn entries_before(&mut self, key: Option<&str>) {
        let Some(entries) = &mut self.entries else { return };
        while let Some((name, value)) = entries.next_if(|(name, _)| key.is_none_or(|key| name.as_str() < key)) {
            self.writer.key(name);
            self.writer.string(value);
        }
        entries.next_if(|(name, _)| key == Some(name.as_str()));
    }

    /// Takes note of a key, and answers what its value is.
    fn part(&mut self, key: &str) -> Option<Part> {
        let said = &mut self.said;
        let (said, part) = match (self.within, key) {
            (Part::Root, "metadata") => (&mut said.metadata, Some(Part::Metadata)),
            (Part::Root, "spec") => (&mut said.spec, Some(Part::Spec)),
            (Part::Metadata, "labels") => (&mut said.labels, Some(Part::Labels)),
            (Part::Metadata, "annotations") => (&mut said.annotations, Some(Part::Annotations)),
            (Part::Spec, "forProvider") => (&mut said.for_provider, Some(Part::ForProvider)),
            (Part::Spec, "providerConfigRef") => (&mut said.provider_config, None),
            (Part::Spec, "managementPolicies") => (&mut said.management_policies, None),
            (Part::ForProvider, "tags") => (&mut said.tags, Some(Part::Tags)),
            (Part::ForProvider, "region") => (&mut said.region, None),
            (Part::Labels | Part::Annotations | Part::Tags, _) => {
                self.entries_before(Some(key));
                return None;
            }
            _ => return None,
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
                self.entries_before(None);
                self.entries = None;
            }
            Part::Outside => {}
        }
    }

    /// Writes an object that the value does not have, of defaults alone.
    fn object(&mut self, key: &str, part: Part) {
        self.key(key);
        self.next = Some(part);
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
        self.next = None;
        self.begin();
        self.writer.begin_list();
    }

    fn end_list(&mut self) {
        self.deeper -= 1;
        self.writer.end_list();
    }

    fn begin_object(&mut self) {
        self.begin();
        self.writer.begin_object();
    }

    fn key(&mut self, key: &str) {
        if self.deeper == 0 {
            self.next = self.part(key);
        }
        self.writer.key(key);
    }

    fn end_object(&mut self) {
        if self.deeper > 0 {
            self.deeper -= 1;
        } else {
            self.fill(self.within);
            self.within = self.within.around();
        }
        self.writer.end_object();
    }
}
