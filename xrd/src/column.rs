//! Printer columns: what `kubectl get` shows.

use serde_json::{Map, Value};

/// A printer column. Crossplane's own (SYNCED, READY, COMPOSITION, AGE) come after those of the definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub(crate) name: String,
    pub(crate) path: String,
    kind: &'static str,
    description: Option<String>,
    wide: bool,
}

impl Column {
    fn new(name: &str, path: &str, kind: &'static str) -> Self {
        Column { name: name.to_owned(), path: path.to_owned(), kind, description: None, wide: false }
    }

    /// A column of texts. `path` is a simple JSON path, such as `.spec.region`; it is a fault if it leads to no field.
    pub fn string(name: &str, path: &str) -> Self {
        Column::new(name, path, "string")
    }

    /// A column of whole numbers.
    pub fn integer(name: &str, path: &str) -> Self {
        Column::new(name, path, "integer")
    }

    /// A column of numbers.
    pub fn number(name: &str, path: &str) -> Self {
        Column::new(name, path, "number")
    }

    /// A column of yes and no.
    pub fn boolean(name: &str, path: &str) -> Self {
        Column::new(name, path, "boolean")
    }

    /// A column of times, shown as how long ago they were.
    pub fn date(name: &str, path: &str) -> Self {
        Column::new(name, path, "date")
    }

    /// What it shows, in words.
    #[must_use]
    pub fn description(self, text: &str) -> Self {
        Column { description: Some(text.to_owned()), ..self }
    }

    /// Shown with `-o wide` alone (priority 1).
    #[must_use]
    pub fn wide(self) -> Self {
        Column { wide: true, ..self }
    }

    /// The column as an XRD has it.
    pub(crate) fn value(&self) -> Value {
        let mut value = Map::new();
        value.insert("name".to_owned(), self.name.clone().into());
        value.insert("type".to_owned(), self.kind.into());
        value.insert("jsonPath".to_owned(), self.path.clone().into());
        if let Some(description) = &self.description {
            value.insert("description".to_owned(), description.clone().into());
        }
        if self.wide {
            value.insert("priority".to_owned(), 1.into());
        }
        Value::Object(value)
    }
}
