//! From a schema to the model.

use serde_json::Value;

use crate::crd::{Crd, CrdVersion};
use crate::reference::{ReferenceFact, is_reference_name};
use crate::schema::{Schema, SchemaOrBool};

use super::{Field, Kind, ListKind, Object, Type, requirement};

/// Something in a schema that could not be made sense of, and what was made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Where, such as `spec.tokens[]`.
    pub path: String,
    /// What is odd, and what became of it.
    pub reason: String,
}

/// The pattern by which Kubernetes types mark quantities.
const QUANTITY: &str = r"^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$";

/// Reads one version of a CRD. `docs` says whether descriptions are kept.
///
/// A version without a schema has objects about which nothing is known.
pub fn read(crd: &Crd, version: &CrdVersion, docs: bool) -> (Kind, Vec<Warning>) {
    let mut reader = Reading { docs, path: Vec::new(), warnings: Vec::new() };
    let empty = Schema::default();
    let schema = version.schema().unwrap_or(&empty);
    let mut root = reader.object(schema);
    root.fields.retain(|field| !matches!(&*field.name, "apiVersion" | "kind" | "metadata"));

    let mut requirements = Vec::new();
    requirement::of_schema(&root, "", &mut requirements);
    if let Some(spec) = schema.properties.get("spec") {
        requirements.extend(spec.validations.iter().filter_map(requirement::of_rule));
    }
    let kind = Kind {
        group: crd.spec.group.clone(),
        version: version.name.clone(),
        kind: crd.spec.names.kind.clone(),
        plural: crd.spec.names.plural.clone(),
        scope: crd.spec.scope,
        served: version.served,
        storage: version.storage,
        deprecated: version.deprecated,
        root,
        requirements,
    };
    (kind, reader.warnings)
}

struct Reading {
    docs: bool,
    path: Vec<Box<str>>,
    warnings: Vec<Warning>,
}

impl Reading {
    fn warn(&mut self, reason: impl Into<String>) {
        self.warnings.push(Warning { path: self.path.join("."), reason: reason.into() });
    }

    fn doc(&self, schema: &Schema) -> Option<Box<str>> {
        schema.description.as_ref().filter(|_| self.docs).cloned()
    }

    fn object(&mut self, schema: &Schema) -> Object {
        for name in schema.required.iter().filter(|name| !schema.properties.contains_key(&***name)) {
            self.warn(format!("`required` names `{name}`, which is not among the properties; left out"));
        }
        let fields = schema.properties.iter().map(|(name, property)| {
            self.path.push(name.clone());
            let field = self.field(name, property, schema.required.contains(name));
            self.path.pop();
            field
        });
        let fields = fields.collect();
        let open = schema.preserve_unknown_fields == Some(true)
            || schema.additional_properties.as_deref().is_some_and(|more| *more != SchemaOrBool::Bool(false));
        Object { doc: self.doc(schema), fields, open }
    }

    fn field(&mut self, name: &str, schema: &Schema, required: bool) -> Field {
        let reference = schema.planewright_reference.clone().or_else(|| {
            let description = schema.description.as_deref().filter(|_| is_reference_name(name))?;
            ReferenceFact::from_description(description).map(Box::new)
        });
        Field {
            name: name.into(),
            doc: self.doc(schema),
            ty: self.nullable(schema),
            required,
            default: schema.default.clone().filter(|default| schema.nullable || !default.is_null()).map(Box::new),
            immutable: schema.validations.iter().any(|rule| rule.rule.trim() == "self == oldSelf"),
            secret: name.ends_with("SecretRef") || schema.format.as_deref() == Some("password"),
            reference,
        }
    }

    fn nullable(&mut self, schema: &Schema) -> Type {
        let ty = self.ty(schema);
        if schema.nullable && ty != Type::Any { Type::Nullable(Box::new(ty)) } else { ty }
    }

    fn ty(&mut self, schema: &Schema) -> Type {
        if schema.int_or_string {
            return if schema.pattern.as_deref() == Some(QUANTITY) { Type::Quantity } else { Type::IntOrString };
        }
        if schema.embedded_resource {
            return Type::Embedded;
        }
        match schema.type_.as_deref() {
            Some("object") => self.object_type(schema),
            Some("array") => self.list_type(schema),
            Some("string") => self.string_type(schema),
            Some("integer") => Type::Integer,
            Some("number") => {
                if schema.enum_.iter().any(|value| !value.is_number()) {
                    self.warn("`enum` has values that are not numbers; taken as any number");
                }
                Type::Number
            }
            Some("boolean") => Type::Boolean,
            Some(other) => {
                let reason = format!("`type: {other}` is not a type of OpenAPI; taken as any JSON value");
                self.warn(reason);
                Type::Any
            }
            None if schema.preserve_unknown_fields == Some(true) => Type::Any,
            None => {
                self.warn("there is no `type`; taken as any JSON value");
                Type::Any
            }
        }
    }

    fn object_type(&mut self, schema: &Schema) -> Type {
        if !schema.properties.is_empty() {
            if let Some(SchemaOrBool::Schema(_)) = schema.additional_properties.as_deref() {
                self.warn("both `properties` and `additionalProperties`; the others are taken as any JSON values");
            }
            return Type::Object(Box::new(self.object(schema)));
        }
        match schema.additional_properties.as_deref() {
            Some(SchemaOrBool::Schema(value)) => {
                self.path.push("*".into());
                let ty = self.nullable(value);
                self.path.pop();
                Type::Map(Box::new(ty))
            }
            _ => Type::AnyObject,
        }
    }

    fn list_type(&mut self, schema: &Schema) -> Type {
        let item = match &schema.items {
            Some(items) => {
                self.path.push("[]".into());
                let ty = self.nullable(items);
                self.path.pop();
                ty
            }
            None => {
                self.warn("a list without `items`; its items are taken as any JSON values");
                Type::Any
            }
        };
        let kind = match schema.list_type.as_deref() {
            Some("set") => ListKind::Set,
            Some("map") => ListKind::Map(schema.list_map_keys.clone()),
            _ => ListKind::Atomic,
        };
        Type::List(Box::new(item), kind)
    }

    fn string_type(&mut self, schema: &Schema) -> Type {
        if schema.enum_.is_empty() {
            return Type::String;
        }
        let mut values: Vec<Box<str>> = Vec::new();
        for value in &schema.enum_ {
            match value {
                Value::String(text) if !values.contains(&text.as_str().into()) => values.push(text.as_str().into()),
                Value::String(_) | Value::Null => {}
                _ => {
                    self.warn("`enum` has values that are not texts; taken as any text");
                    return Type::String;
                }
            }
        }
        if values.is_empty() { Type::String } else { Type::Enum(values) }
    }
}
