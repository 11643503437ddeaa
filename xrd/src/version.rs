//! One version of a composite resource.

use planewright_definitions::emission::Faults;
use planewright_definitions::xrd::{XrScope, XrdSchema, XrdVersion};
use schemars::JsonSchema;
use serde_json::{Value, json};

use crate::place::Place;
use crate::schema::{TypeSchema, object, require_nothing};
use crate::{Column, Rule, reserved, transition};

/// One version of a composite resource: the types of its spec and its status, and how it is shown and judged.
///
/// Which of several versions is the referenceable one is not its own affair: see [`Definition`](crate::Definition).
#[derive(Clone, Debug)]
pub struct Version {
    pub(crate) name: String,
    pub(crate) spec: TypeSchema,
    status: Option<TypeSchema>,
    pub(crate) columns: Vec<Column>,
    rules: Vec<Rule>,
    max_name_length: Option<u8>,
    pub(crate) served: bool,
    deprecated: Option<Option<String>>,
}

impl Version {
    /// A version, such as `v1alpha1`, whose spec is a `Spec`. It is served.
    pub fn new<Spec: JsonSchema>(name: &str) -> Self {
        Version {
            name: name.to_owned(),
            spec: TypeSchema::of::<Spec>(),
            status: None,
            columns: Vec::new(),
            rules: Vec::new(),
            max_name_length: None,
            served: true,
            deprecated: None,
        }
    }

    /// With a status, of which no field is required, whatever the type says. Without one, only Crossplane's conditions are there.
    #[must_use]
    pub fn status<Status: JsonSchema>(self) -> Self {
        Version { status: Some(TypeSchema::of::<Status>()), ..self }
    }

    /// With one more printer column.
    #[must_use]
    pub fn column(mut self, column: Column) -> Self {
        self.columns.push(column);
        self
    }

    /// With one more rule about whole objects.
    #[must_use]
    pub fn rule(mut self, rule: Rule) -> Self {
        self.rules.push(rule);
        self
    }

    /// How long names may be, in bytes. Default, and the most that Crossplane allows: 63.
    #[must_use]
    pub fn max_name_length(self, bytes: u8) -> Self {
        Version { max_name_length: Some(bytes), ..self }
    }

    /// Its use draws a warning: this one, of at most 256 characters, or one that the API server makes.
    #[must_use]
    pub fn deprecated(self, warning: Option<&str>) -> Self {
        Version { deprecated: Some(warning.map(str::to_owned)), ..self }
    }

    /// The API server serves it no longer; objects that were stored at it stay readable at the others. The referenceable version must be
    /// served: it is a fault there.
    #[must_use]
    pub fn unserved(self) -> Self {
        Version { served: false, ..self }
    }

    pub(crate) fn place(&self, kind: &str) -> Place {
        Place::of_version(kind, &self.name, self.spec.rust)
    }

    /// The version as an XRD has it, without whether it is referenceable.
    pub(crate) fn write(&self, scope: XrScope, is_claimed: bool, place: &Place, faults: &mut Faults) -> XrdVersion {
        let mut spec = section(&self.spec, "spec", place, faults);
        let mut status = self.status.as_ref().map(|status| section(status, "status", place, faults));
        if let Some(status) = &mut status {
            require_nothing(status);
        }
        reserved::check((&spec, status.as_ref()), scope, is_claimed, place, faults);
        transition::resolve(&mut spec, "spec", place, faults);
        if let Some(status) = &mut status {
            transition::resolve(status, "status", place, faults);
        }
        if let Some(limit @ (0 | 64..)) = self.max_name_length {
            faults.add(
                place.whole(),
                format!("names of {limit} bytes at most: Crossplane allows 63, as it makes labels of them"),
                "allow from 1 to 63",
            );
        }
        // What describes the type describes the kind.
        let description = spec.as_object_mut().and_then(|spec| spec.shift_remove("description"));
        let name = self.max_name_length.map(
            |limit| json!({ "type": "object", "properties": { "name": { "type": "string", "maxLength": limit } } }),
        );
        let rules: Vec<Value> = self.rules.iter().map(Rule::value).collect();
        let schema = object([
            ("description", description),
            ("type", Some("object".into())),
            ("x-kubernetes-validations", (!rules.is_empty()).then(|| rules.into())),
            ("required", Some(json!(["spec"]))),
            ("properties", Some(object([("metadata", name), ("spec", Some(spec)), ("status", status)]))),
        ]);
        XrdVersion {
            name: self.name.clone(),
            referenceable: false,
            served: self.served,
            deprecated: self.deprecated.as_ref().map(|_| true),
            deprecation_warning: self.deprecated.clone().flatten(),
            schema: Some(XrdSchema { open_api_v3_schema: Some(schema) }),
            additional_printer_columns: self.columns.iter().map(Column::value).collect(),
            subresources: None,
        }
    }
}

/// The schema of a spec or a status. One that is none has been said to be.
fn section(found: &TypeSchema, name: &str, place: &Place, faults: &mut Faults) -> Value {
    let nothing = json!({ "type": "object" });
    match &found.schema {
        Ok(schema) if schema["type"] == "object" => schema.clone(),
        Ok(_) => {
            faults.add(place.field(name), format!("{} is no object", found.rust), "make it a struct with named fields");
            nothing
        }
        Err(misfits) => {
            for misfit in misfits {
                let path = if misfit.path.is_empty() { name.to_owned() } else { format!("{name}.{}", misfit.path) };
                faults.add(place.field(&path), misfit.reason.clone(), misfit.remedy.clone());
            }
            nothing
        }
    }
}
