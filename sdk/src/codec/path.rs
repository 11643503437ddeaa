//! Paths as they stand in the object: what people read in messages, and what hold-back writes along.

use std::fmt;

use serde_json::{Map, Value};

use super::{CodecError, Layout, Reader, Slot, Step, Token, json, plain};

/// One step of a path through an object, by its name there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum WireStep {
    /// An entry of an object.
    Name(String),
    /// An item of a list.
    Index(usize),
}

/// A path through an object as it stands in Kubernetes, such as `spec.forProvider.rule[0].id`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct WirePath {
    steps: Vec<WireStep>,
    secret: bool,
}

impl WirePath {
    /// The path that `steps`, written in Rust names, leads along through a type of which `root` is any value.
    ///
    /// Names come from the shapes of generated types. Where a step leaves them (a type that is not generated), the
    /// name is the Rust name in camel case, as Kubernetes writes it.
    pub fn of(root: &dyn Slot, steps: &[Step]) -> Self {
        let mut path = WirePath::default();
        path.follow(Some(root), steps);
        path
    }

    /// The same path, for a type without shapes.
    pub fn guess(steps: &[Step]) -> Self {
        let mut path = WirePath::default();
        path.follow(None, steps);
        path
    }

    /// A path of names.
    pub fn names<const N: usize>(names: [&str; N]) -> Self {
        Self::from_names(&names)
    }

    /// The same, of any number of names.
    pub(crate) fn from_names(names: &[&str]) -> Self {
        WirePath { steps: names.iter().map(|name| WireStep::Name((*name).to_owned())).collect(), secret: false }
    }

    /// The path of an entry of what it leads to.
    #[must_use]
    pub fn entry(mut self, key: String) -> Self {
        self.steps.push(WireStep::Name(key));
        self
    }

    /// Its steps.
    pub fn steps(&self) -> &[WireStep] {
        &self.steps
    }

    /// Whether it leads into a list.
    pub fn in_list(&self) -> bool {
        self.steps.iter().any(|step| matches!(step, WireStep::Index(_)))
    }

    /// Whether it is `other`, or leads on from there.
    pub fn starts_with(&self, other: &WirePath) -> bool {
        self.steps.starts_with(&other.steps)
    }

    /// Whether a field along it holds or names a secret.
    pub fn is_secret(&self) -> bool {
        self.secret
    }

    fn follow(&mut self, slot: Option<&dyn Slot>, steps: &[Step]) {
        let Some((step, rest)) = steps.split_first() else { return };
        match (slot, step) {
            (Some(slot), _) => slot.layout(&mut |layout| self.follow_layout(layout, *step, rest)),
            (None, _) => self.follow_layout(Layout::Scalar, *step, rest),
        }
    }

    fn follow_layout(&mut self, layout: Layout<'_>, step: Step, rest: &[Step]) {
        match (layout, step) {
            (Layout::Record(shape, slots), Step::Field(ident)) => {
                let index = shape.fields.iter().position(|field| plain(field.ident) == ident);
                let field = index.and_then(|index| shape.fields.get(index));
                let name = field.map_or_else(|| camel_case(ident), |field| field.name.to_owned());
                self.secret |= field.is_some_and(|field| field.secret);
                self.steps.push(WireStep::Name(name));
                self.follow(index.and_then(|index| slots.get(index)).copied(), rest);
            }
            (layout, step) => {
                self.steps.push(match step {
                    Step::Field(ident) => WireStep::Name(camel_case(ident)),
                    Step::Key(key) => WireStep::Name(key.to_owned()),
                    Step::Index(index) => WireStep::Index(index),
                });
                let inner = match layout {
                    Layout::Items(item) | Layout::Entries(item) => Some(item),
                    Layout::Scalar | Layout::Record(..) => None,
                };
                self.follow(inner, rest);
            }
        }
    }

    /// What stands at the path, if anything but null does.
    ///
    /// # Errors
    /// When the backing is broken.
    pub fn read(&self, reader: &mut dyn Reader) -> Result<Option<Value>, CodecError> {
        let mut found = None;
        self.visit(reader, &mut |reader| {
            found = Some(json::read_value(reader)?).filter(|value| !value.is_null());
            Ok(())
        })?;
        Ok(found)
    }

    /// Visits what stands at the path, if anything does.
    ///
    /// # Errors
    /// When the backing is broken, and what `visit` answers.
    pub fn visit(
        &self,
        reader: &mut dyn Reader,
        visit: &mut dyn FnMut(&mut dyn Reader) -> Result<(), CodecError>,
    ) -> Result<(), CodecError> {
        visit_at(reader, &self.steps, visit)
    }

    /// Puts a value at the path, making the objects along it. Steps into lists that are not there change nothing.
    pub fn put(&self, root: &mut Value, value: Value) {
        let mut at = root;
        for step in &self.steps {
            if at.is_null() && matches!(step, WireStep::Name(_)) {
                *at = Value::Object(Map::new());
            }
            let next = match (step, at) {
                (WireStep::Name(name), Value::Object(map)) => Some(map.entry(name.as_str()).or_insert(Value::Null)),
                (WireStep::Index(index), Value::Array(items)) => items.get_mut(*index),
                _ => None,
            };
            match next {
                Some(next) => at = next,
                None => return,
            }
        }
        *at = value;
    }
}

fn visit_at(
    reader: &mut dyn Reader,
    steps: &[WireStep],
    visit: &mut dyn FnMut(&mut dyn Reader) -> Result<(), CodecError>,
) -> Result<(), CodecError> {
    let Some((step, rest)) = steps.split_first() else { return visit(reader) };
    let token = reader.token()?;
    match (step, token) {
        (WireStep::Name(name), Token::Object) => {
            reader.entry(name, &mut |value| visit_at(value, rest, visit).map_err(|e| e.at(name)))
        }
        (WireStep::Index(wanted), Token::List) => {
            let mut index = 0;
            reader.items(&mut |item| {
                if index == *wanted {
                    visit_at(item, rest, visit).map_err(|e| e.at(format_args!("[{index}]")))?;
                }
                index += 1;
                Ok(())
            })
        }
        _ => Ok(()),
    }
}

fn camel_case(ident: &str) -> String {
    let mut out = String::with_capacity(ident.len());
    for (index, word) in ident.split('_').filter(|word| !word.is_empty()).enumerate() {
        let mut letters = word.chars();
        match letters.next() {
            Some(first) if index > 0 => {
                out.extend(first.to_uppercase());
                out.push_str(letters.as_str());
            }
            _ => out.push_str(word),
        }
    }
    out
}

impl fmt::Display for WirePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.steps.iter().enumerate() {
            match step {
                WireStep::Index(item) => write!(f, "[{item}]")?,
                WireStep::Name(name) if name.contains(['.', '[', '/', '"']) => write!(f, "[{name:?}]")?,
                WireStep::Name(name) if index == 0 => f.write_str(name)?,
                WireStep::Name(name) => write!(f, ".{name}")?,
            }
        }
        Ok(())
    }
}
