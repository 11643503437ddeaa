//! The record of one run: what was declared, dropped and left, and what that amounts to.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde_json::Value;

use super::body::{Body, Encoding};
use super::declared::{Declarations, Declared};
use super::defaults::{Defaults, Form};
use super::edge::Use;
use super::merge::merge;
use super::required::requirement;
use super::{Hold, Pending};
use crate::codec::json::{JsonReader, encode, read_value};
use crate::codec::{CodecError, Reader, Slot, WirePath, put_in_order, with_text};
use crate::resource::Scope;
use crate::state::{Composed, Object, Place, Ready, ResourceSelector, Response, SchemaSelector, Source, Waiting};

/// A field whose value is not known.
pub(crate) struct Held {
    pub(crate) path: WirePath,
    pub(crate) pending: Pending,
}

/// The record of one run. Nothing in it depends on the kind of the composite resource, so it is compiled once.
pub(crate) struct Ledger {
    pub(crate) source: Rc<dyn Source>,
    /// The composite resource's kind and where it lives: kinds that live in no namespace cannot be composed by one in a
    /// namespace.
    pub(super) composite: (&'static str, Scope),
    pub(super) entries: RefCell<Entries>,
}

#[derive(Default)]
pub(super) struct Entries {
    pub(super) response: Response,
    pub(super) declared: Declarations,
    /// What declared resources get that they do not set.
    pub(super) defaults: Option<Defaults>,
    /// The forms of the kinds that were asked for, by apiVersion and kind.
    forms: Vec<(String, String, Form)>,
    /// What the fields of declared resources were read from.
    pub(super) uses: BTreeMap<String, Vec<Use>>,
    /// Whether deletions are ordered by what was read.
    pub(super) ordered: bool,
    /// The keys of the drafts that were begun.
    pub(super) begun: Vec<Rc<str>>,
    pub(super) looked_up: BTreeSet<String>,
    /// What is said of the readiness of resources that are not declared, or not yet.
    pub(super) ready: BTreeMap<String, Ready>,
    pub(super) dropped: BTreeSet<String>,
    pub(super) droppable: BTreeSet<String>,
    pub(super) left: BTreeSet<String>,
    /// What resources, not all of them declared yet, wait for before they are created.
    pub(super) sequenced: BTreeMap<String, Vec<Pending>>,
    pub(super) faults: Vec<String>,
}

impl Ledger {
    pub(crate) fn new(source: Rc<dyn Source>, kind: &'static str, scope: Scope) -> Self {
        Ledger { source, composite: (kind, scope), entries: RefCell::default() }
    }

    /// Notes something that ends the step.
    pub(crate) fn fault(&self, message: String) {
        let faults = &mut self.entries.borrow_mut().faults;
        if !faults.contains(&message) {
            faults.push(message);
        }
    }

    /// Changes the answer.
    pub(crate) fn respond<T>(&self, change: impl FnOnce(&mut Response) -> T) -> T {
        change(&mut self.entries.borrow_mut().response)
    }

    pub(crate) fn begin(&self, key: Rc<str>) {
        self.entries.borrow_mut().begun.push(key);
    }

    pub(crate) fn look_up(&self, key: &str) {
        self.entries.borrow_mut().looked_up.insert(key.to_owned());
    }

    pub(crate) fn set_ready(&self, key: &str, ready: Ready) {
        let entries = &mut *self.entries.borrow_mut();
        match entries.declared.get_mut(key) {
            Some(declared) => declared.ready = Some(ready),
            None => drop(entries.ready.insert(key.to_owned(), ready)),
        }
    }

    pub(crate) fn declared_name(&self, key: &str) -> Option<String> {
        self.entries.borrow().declared.get(key)?.name.clone()
    }

    pub(crate) fn drop_key(&self, key: &str) {
        self.entries.borrow_mut().dropped.insert(key.to_owned());
    }

    pub(crate) fn drop_matching(&self, matches: impl Fn(&str) -> bool) {
        let keys = self.source.observed_keys().into_iter().filter(|key| matches(key)).map(str::to_owned);
        self.entries.borrow_mut().droppable.extend(keys);
    }

    pub(crate) fn leave_matching(&self, matches: impl Fn(&str) -> bool) {
        let keys = self.source.observed_keys().into_iter().filter(|key| matches(key)).map(str::to_owned);
        self.entries.borrow_mut().left.extend(keys);
    }

    /// What an observed composed resource has at a path.
    pub(crate) fn observed_at(&self, key: &str, path: &WirePath) -> Option<Value> {
        let mut reader = self.source.observed(Place::Composed(key))?;
        match path.read(&mut *reader) {
            Ok(value) => value,
            Err(error) => {
                self.fault(format!("observed composed resource {key:?}: {error}"));
                None
            }
        }
    }

    /// What earlier steps desire at a place.
    pub(crate) fn earlier(&self, place: Place<'_>) -> Option<Value> {
        let mut reader = self.source.desired(place)?;
        match read_value(&mut *reader) {
            Ok(value) => Some(value),
            Err(error) => {
                self.fault(format!("desired state of earlier steps: {error}"));
                None
            }
        }
    }

    /// The fields of a resource are read from others.
    pub(super) fn uses(&self, key: &str, uses: Vec<Use>) {
        if !uses.is_empty() {
            self.entries.borrow_mut().uses.entry(key.to_owned()).or_default().extend(uses);
        }
    }

    /// A resource, or a field of it, waits for something.
    pub(super) fn waiting(&self, waiting: Waiting) {
        self.entries.borrow_mut().response.waiting.push(waiting);
    }

    /// A resource is declared, and held back as nothing of it is known.
    pub(super) fn hold_back(&self, key: &str, object: Value) {
        let declared = Declared { held_back: Some(object), ..Declared::default() };
        let declarations = &mut self.entries.borrow_mut().declared;
        if !declarations.contains(key) {
            declarations.insert(key, declared);
        }
    }

    /// Adds what declared resources get that they do not set.
    pub(super) fn add_defaults(&self, defaults: Defaults) {
        let entries = &mut *self.entries.borrow_mut();
        entries.defaults = Some(entries.defaults.take().unwrap_or_default().and(defaults));
    }

    /// A resource that could not be encoded.
    pub(crate) fn undeclarable(&self, key: &str, error: &CodecError) {
        self.fault(format!("composed resource {key:?}: {error}"));
        self.entries.borrow_mut().declared.insert(key, Declared::default());
    }

    /// Declares a composed resource under its key.
    pub(crate) fn declare(&self, key: &str, body: Body, held: Vec<Held>) {
        if let Err(message) = self.try_declare(key, body, held) {
            self.fault(format!("composed resource {key:?}: {message}"));
        }
    }

    fn try_declare(&self, key: &str, body: Body, held: Vec<Held>) -> Result<(), String> {
        let (name, has_status) = body.name_and_status().map_err(|error| error.to_string())?;
        let declared = Declared { name, scope: body.scope, layout: body.layout, ..Declared::default() };
        self.entries.borrow_mut().declared.insert(key, declared);
        self.check(key, &body, has_status)?;
        let mut checked = Ok(());
        let exists = self.source.read_observed(Place::Composed(key), &mut |observed| {
            checked = self.check_observed_kind(key, &body, observed);
        });
        checked?;
        let Body { mut object, layout, .. } = body;
        let earlier = self.earlier(Place::Composed(key));
        let Some(kept) = self.hold(key, &held, exists, earlier.is_some())? else {
            if let Some(declared) = self.entries.borrow_mut().declared.get_mut(key) {
                declared.held_back = Some(object.into_json());
            }
            return Ok(());
        };
        let is_pieced = !kept.is_empty() || earlier.is_some();
        for (path, mut value) in kept {
            // What the composition said after all of something in it stands.
            if let Ok(Some(said)) = path.read(&mut JsonReader(&object)) {
                merge(&mut value, said, None);
            }
            path.put(&mut object, value);
        }
        let mut resource = match earlier {
            None => object,
            Some(mut earlier) => {
                same_kind(&earlier, &object)?;
                let value: Option<Box<dyn Slot>> = layout.map(|layout| layout());
                merge(&mut earlier, object.into_json(), value.as_deref());
                earlier.into()
            }
        };
        let ready = self.source.desired_ready(Place::Composed(key));
        let is_filled = self.fill(&mut resource, layout, &held);
        if let (true, Some(layout)) = (is_pieced || is_filled, layout) {
            put_in_order(&mut resource, &*layout());
        }
        if let Some(declared) = self.entries.borrow_mut().declared.get_mut(key) {
            declared.composed = Some(Composed { resource, ready });
        }
        self.take_turn(key);
        Ok(())
    }

    /// Encodes a generated object as the answer wants it, with what it does not set; `None` if the answer wants JSON.
    pub(super) fn encode(&self, api_version: &str, kind: &str, value: &dyn Slot) -> Option<Result<Object, CodecError>> {
        let entries = &mut *self.entries.borrow_mut();
        if entries.defaults.is_none() {
            return self.source.encode(api_version, kind, value);
        }
        let form = entries.form(api_version, kind, || Form::of(value));
        let defaults = entries.defaults.as_ref()?;
        self.source.encode(api_version, kind, &defaults.over(value, form))
    }

    /// Gives a resource what it does not set, and answers whether there was something to give. One that is encoded has it.
    fn fill(&self, resource: &mut Object, layout: Option<fn() -> Box<dyn Slot>>, held: &[Held]) -> bool {
        let entries = &mut *self.entries.borrow_mut();
        if entries.defaults.is_none() || resource.encoded().is_some() {
            return false;
        }
        let text = |name: &str| resource.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let form = layout.map(|layout| entries.form(&text("apiVersion"), &text("kind"), || Form::of(&*layout())));
        if let Some(defaults) = &entries.defaults {
            defaults.fill(resource, form.unwrap_or_default(), held);
        }
        true
    }

    /// The form of a declared resource's kind, if it is a generated one.
    pub(super) fn form(&self, key: &str) -> Option<Form> {
        let value = self.entries.borrow().declared.get(key)?.value()?;
        Some(Form::of(&*value))
    }

    fn check(&self, key: &str, body: &Body, has_status: bool) -> Result<(), String> {
        if key.is_empty() {
            return Err("its key is empty; give it one that is the same in every run".to_owned());
        }
        if body.api_version.is_empty() || body.kind.is_empty() {
            return Err("it does not say its apiVersion and kind; set both".to_owned());
        }
        if has_status {
            return Err(
                "its status is set; the status belongs to the resource's own controller: leave it unset, and say \
                        with ready_when when the resource is ready"
                    .to_owned(),
            );
        }
        let (kind, scope) = self.composite;
        if scope == Scope::Namespaced && body.scope.is_some_and(|scope| scope != Scope::Namespaced) {
            return Err(format!(
                "{} is cluster-scoped, and {kind}, which lives in a namespace, cannot compose it: Crossplane refuses to \
                 apply it; compose a namespaced kind, or make {kind} cluster-scoped in its definition",
                body.kind
            ));
        }
        Ok(())
    }

    /// A key stands for one object: with another kind under it, Crossplane would apply the new object and lose sight of the
    /// old one, which would stay for good.
    fn check_observed_kind(&self, key: &str, body: &Body, reader: &mut dyn Reader) -> Result<(), String> {
        // Mostly it is the very same, which is quickly said.
        let mut same = |field: &str, text: &str| reader.has_text(field, text).unwrap_or_default();
        if same("kind", &body.kind) && same("apiVersion", &body.api_version) {
            return Ok(());
        }
        let expected = group(&body.api_version);
        let (mut is_kind, mut is_group) = (None, expected.is_empty());
        let read = with_text(reader, "kind", &mut |kind| is_kind = (!kind.is_empty()).then(|| kind == body.kind))
            .and_then(|()| with_text(reader, "apiVersion", &mut |version| is_group = group(version) == expected));
        if let Err(error) = read {
            self.fault(format!("observed composed resource {key:?}: {error}"));
        }
        if is_kind.is_none_or(|is_kind| is_kind && is_group) {
            return Ok(());
        }
        let (mut observed, mut version) = (String::new(), String::new());
        for (field, text) in [("kind", &mut observed), ("apiVersion", &mut version)] {
            // What is wrong with it has been said.
            let _ = with_text(reader, field, &mut |said| said.clone_into(text));
        }
        Err(format!(
            "it exists as {observed} ({version}) and is declared as {} ({}); Crossplane would create the second and lose \
             track of the first. Declare the new kind under a new key, and drop the old one with cx.drop_resource({key:?})",
            body.kind, body.api_version
        ))
    }

    /// How an object is encoded that is declared under a key: as the answer wants it, unless it is merged with what earlier
    /// steps desire.
    pub(crate) fn encoding(&self, key: &str) -> Encoding<'_> {
        match self.source.desired(Place::Composed(key)) {
            None => Encoding(Some(self)),
            Some(_) => Encoding(None),
        }
    }

    /// What a resource keeps of its observed state for fields that are not known; `None` if it is held back.
    fn hold(
        &self,
        key: &str,
        held: &[Held],
        observed: bool,
        desired_earlier: bool,
    ) -> Result<Option<Vec<(WirePath, Value)>>, String> {
        let mut kept = Vec::new();
        let mut waiting = Vec::new();
        for Held { path, pending } in held.iter().filter(|held| held.pending.hold() != Hold::Omit) {
            if observed && self.waits_for_a_look(pending) {
                // This run's answer is not used, so nothing is at stake: what can be kept is, for what reads it.
                kept.extend(self.observed_at(key, path).filter(|_| !path.in_list()).map(|value| (path.clone(), value)));
            } else if observed {
                if pending.hold() == Hold::Fatal {
                    return Err(unknown(path, pending, "the composition says that it must be known", key));
                }
                if path.in_list() {
                    return Err(unknown(path, pending, "a field inside a list cannot keep its observed value", key));
                }
                match self.observed_at(key, path) {
                    Some(value) => kept.push((path.clone(), value)),
                    None => return Err(unknown(path, pending, "it has no observed value to keep", key)),
                }
            }
            waiting.push(Waiting {
                key: key.to_owned(),
                field: path.to_string(),
                on: pending.waits().cloned().collect(),
                kept: observed || desired_earlier,
            });
        }
        let held_back = !observed && !waiting.is_empty() && !desired_earlier;
        self.entries.borrow_mut().response.waiting.extend(waiting);
        Ok((!held_back).then_some(kept))
    }

    /// Whether a value waits for objects that Crossplane has not looked for yet.
    fn waits_for_a_look(&self, pending: &Pending) -> bool {
        let entries = self.entries.borrow();
        let mut unknown =
            entries.response.requirements.resources.keys().filter(|name| self.source.required(name).is_none());
        unknown.any(|name| pending.waits().any(|wait| wait.key == requirement(name)))
    }

    pub(crate) fn require(&self, name: &str, selector: ResourceSelector) {
        let known = self.respond(|response| {
            response.requirements.resources.entry(name.to_owned()).or_insert_with(|| selector.clone()).clone()
        });
        if known != selector {
            self.fault(format!(
                "requirement {name:?} is asked for twice with different selectors; give each its own name"
            ));
        }
    }

    pub(crate) fn require_schema(&self, name: &str, selector: SchemaSelector) {
        let known = self.respond(|response| {
            response.requirements.schemas.entry(name.to_owned()).or_insert_with(|| selector.clone()).clone()
        });
        if known != selector {
            self.fault(format!("requirement {name:?} is asked for twice with different kinds; give each its own name"));
        }
    }

    /// Merges a status into the composite resource's desired one.
    pub(crate) fn status(&self, status: &dyn Slot) {
        match encode(status) {
            Ok(value) => self.merge_status(value, status),
            Err(error) => self.fault(format!("the composite resource's status: {error}")),
        }
    }

    /// Merges into the composite resource's desired status.
    fn merge_status(&self, status: Value, layout: &dyn Slot) {
        let current = self.respond(|response| response.status.take());
        let current = current.or_else(|| {
            let Some(Value::Object(mut earlier)) = self.earlier(Place::Composite) else { return None };
            match earlier.shift_remove("status") {
                Some(Value::Object(status)) => Some(status),
                _ => None,
            }
        });
        let mut merged = Value::Object(current.unwrap_or_default());
        merge(&mut merged, status, Some(layout));
        put_in_order(&mut merged, layout);
        if let Value::Object(merged) = merged {
            self.respond(|response| response.status = Some(merged));
        }
    }
}

impl Entries {
    /// Whether a resource that is not declared goes, in so many words.
    pub(super) fn is_dropped(&self, key: &str) -> bool {
        !self.declared.contains(key) && (self.dropped.contains(key) || self.droppable.contains(key))
    }

    /// A usage goes with a resource that it names.
    pub(super) fn drop_with(&mut self, usage: &str) {
        self.dropped.insert(usage.to_owned());
    }

    /// The form of a kind: found once, as the types are large.
    fn form(&mut self, api_version: &str, kind: &str, find: impl FnOnce() -> Form) -> Form {
        let known = self.forms.iter().find(|(known_version, known, _)| known == kind && known_version == api_version);
        if let Some((_, _, form)) = known {
            return *form;
        }
        let form = find();
        self.forms.push((api_version.to_owned(), kind.to_owned(), form));
        form
    }
}

fn unknown(path: &WirePath, pending: &Pending, why: &str, key: &str) -> String {
    let waits: Vec<String> = pending.waits().map(ToString::to_string).collect();
    format!(
        "it exists, {path} waits for {}, and {why}. Nothing was changed. Give the field a value that is always known, let \
         it be left out with .or_omit(), or let the resource be deleted with cx.drop_resource({key:?})",
        waits.join(", ")
    )
}

/// The group of an apiVersion.
fn group(api_version: &str) -> &str {
    api_version.split_once('/').map_or("", |(group, _)| group)
}

fn same_kind(earlier: &Value, now: &Value) -> Result<(), String> {
    let kind = |object: &Value| {
        let text = |name: &str| object.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        (text("apiVersion"), text("kind"))
    };
    let ((old_version, old_kind), (new_version, new_kind)) = (kind(earlier), kind(now));
    if (&old_version, &old_kind) == (&new_version, &new_kind) || old_kind.is_empty() {
        return Ok(());
    }
    Err(format!(
        "an earlier step desires it as {old_kind} ({old_version}), this one declares it as {new_kind} ({new_version}); two \
         kinds cannot share a key: give one of them another"
    ))
}
