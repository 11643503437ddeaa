//! JSON Schema of Rust types, as `schemars` writes it, made structural as CRDs and XRDs want it.
//!
//! Structural schemas say the type of every field once, outside of `oneOf` and `anyOf`, and know few of JSON Schema's words. What
//! Rust types say is carried over where Kubernetes has words for it:
//!
//! | Rust | here |
//! |---|---|
//! | `Option<T>` | a field that is not required |
//! | enum without data | `enum`; what the variants' comments say goes into the description |
//! | enum with data, however tagged | the fields of all variants, and a `oneOf` or `anyOf` of what each variant requires |
//! | enum of a number and a text, untagged | `x-kubernetes-int-or-string` |
//! | `BTreeSet`, `HashSet` of plain values | `x-kubernetes-list-type: set` |
//! | free JSON | `x-kubernetes-preserve-unknown-fields` |
//! | `deny_unknown_fields` | nothing: the API server does as much for every object |
//! | `#[deprecated]` | a word in the description |
//!
//! Whatever has no counterpart is a [`Misfit`], never left out in silence.

mod choice;
mod keyword;

use std::fmt;

use serde_json::{Map, Value, json};

/// Something in a Rust type that no structural schema can say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// The field, such as `teams[].name`; `{}` stands for the values of a map, and nothing for the type itself.
    pub path: String,
    /// What does not fit.
    pub reason: String,
    /// What to write instead.
    pub remedy: String,
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.path.is_empty() { "the type itself" } else { &self.path };
        write!(f, "{place}: {}; {}", self.reason, self.remedy)
    }
}

/// Who reads the objects that a schema describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// The API server. It fills in defaults, so that every one must stand in the schema: one whose type does not implement `Serialize`
    /// never gets there, and is a [`Misfit`]. And it drops null, which is therefore no value.
    ApiServer,
    /// A program alone, as with the input of a pipeline's step: defaults are its own, and null is a value where it takes one.
    Program,
}

/// Makes a schema structural.
///
/// It must have been written for values that are read (schemars' contract `Deserialize`), in the dialect of 2020-12, with
/// subschemas inlined. The title of the type itself, which is the type's name, goes.
///
/// # Errors
/// Everything that does not fit. The schema is of no use then.
pub fn make_structural(schema: &mut Value, reader: Reader) -> Result<(), Vec<Misfit>> {
    let mut misfits = Misfits { found: Vec::new(), reader };
    if let Value::Object(map) = schema {
        map.shift_remove("title");
        map.shift_remove("$defs");
    }
    node(schema, &Place::default(), &mut misfits);
    if misfits.found.is_empty() { Ok(()) } else { Err(misfits.found) }
}

/// What was found so far, and for whom.
#[derive(Debug)]
struct Misfits {
    found: Vec<Misfit>,
    reader: Reader,
}

impl Misfits {
    fn add(&mut self, place: &Place, reason: impl Into<String>, remedy: impl Into<String>) {
        let misfit = Misfit { path: place.0.clone(), reason: reason.into(), remedy: remedy.into() };
        if !self.found.contains(&misfit) {
            self.found.push(misfit);
        }
    }
}

/// A field of the type.
#[derive(Clone, Debug, Default)]
struct Place(String);

impl Place {
    fn field(&self, name: &str) -> Place {
        if self.0.is_empty() { Place(name.to_owned()) } else { Place(format!("{}.{name}", self.0)) }
    }

    fn items(&self) -> Place {
        Place(format!("{}[]", self.0))
    }

    fn values(&self) -> Place {
        Place(format!("{}{{}}", self.0))
    }
}

/// Whether a value that is read may be null, as that of an `Option` may.
type TakesNull = bool;

/// Makes the schema of one value structural, and all that is below it.
fn node(schema: &mut Value, place: &Place, misfits: &mut Misfits) -> TakesNull {
    let Value::Object(map) = schema else {
        if *schema == Value::Bool(false) {
            misfits.add(place, "no value fits the type", "leave the field out");
        }
        // Free JSON.
        *schema = json!({ "x-kubernetes-preserve-unknown-fields": true });
        return true;
    };
    if map.contains_key("$ref") {
        misfits.add(place, "the type contains itself", "end the recursion with a field of free JSON");
        return true;
    }
    let mut takes_null = keyword::types(map, place, misfits);
    for word in ["oneOf", "anyOf"] {
        takes_null |= choice::resolve(map, word, place, misfits);
    }
    keyword::rewrite(map, place, misfits);
    if let Some(items) = map.get_mut("items") {
        node(items, &place.items(), misfits);
    }
    keyword::unique(map, place, misfits);
    if let Some(values) = map.get_mut("additionalProperties") {
        node(values, &place.values(), misfits);
    }
    properties(map, place, misfits);
    if takes_null && misfits.reader == Reader::Program && map.contains_key("type") {
        map.insert("nullable".to_owned(), true.into());
    }
    takes_null
}

/// The fields of an object.
fn properties(map: &mut Map<String, Value>, place: &Place, misfits: &mut Misfits) {
    let required = map.get("required").cloned().unwrap_or_default();
    let Some(Value::Object(properties)) = map.get_mut("properties") else { return };
    for (name, property) in properties {
        let place = place.field(name);
        // Fields of a variant are looked at in the variant, and stand here without what it requires.
        let seen = property.get(choice::HOISTED).is_some();
        if let Value::Object(property) = property {
            property.shift_remove(choice::HOISTED);
        }
        if seen {
            continue;
        }
        let takes_null = node(property, &place, misfits);
        let is_required = required.as_array().is_some_and(|names| names.iter().any(|other| other == name.as_str()));
        let is_told = misfits.reader == Reader::Program || takes_null || is_required;
        if !is_told && property.get("default").is_none() {
            misfits.add(
                &place,
                "it is not required, has no default in the schema, and is no `Option`",
                "derive `Serialize` for the type of its default, or make it an `Option`",
            );
        }
    }
}
