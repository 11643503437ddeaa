//! What is said of a kind or field.

use std::io::{self, Write};

use planewright_codegen::RustKind;
use planewright_definitions::model::{Field, ListKind, Object, RequiredBy, Requirement, Scope, Type};

use super::find::{Found, Subject, way};
use crate::terminal::Terminal;

pub(super) fn describe(found: &Found, subject: &Subject, terminal: &mut Terminal) -> anyhow::Result<()> {
    let way = way(&found.kind, &subject.path)?;
    let rust = RustKind::new(&found.kind, found.composite, &found.known, &found.names);
    let names: Vec<&str> = subject.path.iter().map(String::as_str).collect();
    let rust = rust.field(&names);
    let mut lines = Lines(Vec::new());
    let object = match way.last() {
        None => {
            kind(found, &mut lines);
            Some(&found.kind.root)
        }
        Some(last) => {
            lines.head(format!("{}.{}", found.kind.kind, subject.path.join(".")));
            field(found, &way, last, &subject.path.join("."), &mut lines);
            last.ty.object()
        }
    };
    if let Some(rust) = rust {
        let ident = if rust.ident.is_empty() { String::new() } else { format!("{}: ", rust.ident) };
        lines.fact("rust", format!("{ident}{}", rust.ty));
        lines.facts("rust path", rust.path);
    }
    lines.doc(way.last().map_or(found.kind.root.doc.as_deref(), |field| field.doc.as_deref()));
    if let Some(object) = object {
        fields(found, object, &subject.path, &mut lines);
    }
    lines.write(terminal.out())?;
    Ok(())
}

fn kind(found: &Found, lines: &mut Lines) {
    let kind = &found.kind;
    lines.head(format!("{} {}", kind.api_version(), kind.kind));
    lines.fact("scope", if kind.scope == Scope::Namespaced { "namespaced" } else { "cluster" });
    lines.fact("plural", &kind.plural);
    let others: Vec<&str> = found.versions.iter().map(String::as_str).filter(|name| *name != kind.version).collect();
    lines.facts("other versions", (!others.is_empty()).then(|| others.join(", ")));
    lines.facts("deprecated", kind.deprecated.then_some("yes: its use draws a warning"));
    for Requirement { path, by } in &kind.requirements {
        lines.fact("requires", format!("{path} ({})", short(*by)));
    }
}

fn field(found: &Found, way: &[&Field], field: &Field, path: &str, lines: &mut Lines) {
    lines.fact("type", type_text(&field.ty));
    lines.fact("required", required(found, way, field, path));
    lines.facts("default", field.default.as_ref().map(|value| format!("{value} (filled in by the API server)")));
    if let Some(values) = values(&field.ty) {
        lines.fact("values", values.iter().map(|value| format!("{value:?}")).collect::<Vec<_>>().join(", "));
    }
    if let Some(fact) = &field.reference {
        let target = found.known.resolve(&found.kind.group, fact);
        let target = match target {
            Some(group) => format!("{group}/{}", fact.kind),
            None => format!(
                "{} in {}, which is not among the schemas here",
                fact.kind,
                fact.group.as_deref().unwrap_or("its own group")
            ),
        };
        lines.fact("refers to", target);
        lines.fact("populates", &fact.populates);
    }
    if let Some(object) = way.iter().rev().nth(1).map_or(Some(&found.kind.root), |parent| parent.ty.object()) {
        let by = object
            .fields
            .iter()
            .filter(|other| other.reference.as_ref().is_some_and(|fact| fact.populates == field.name));
        let by: Vec<&str> = by.map(|other| &*other.name).collect();
        lines.facts("populated by", (!by.is_empty()).then(|| by.join(", ")));
    }
    lines.facts("immutable", field.immutable.then_some("yes: a change is refused (self == oldSelf)"));
    lines.facts("secret", field.secret.then_some("yes: it holds or points to a secret"));
    if let Some(list) = list(&field.ty) {
        let how = match list {
            ListKind::Atomic => "one writer owns the whole list".to_owned(),
            ListKind::Set => "its items are told apart by their value".to_owned(),
            ListKind::Map(keys) => format!("its items are told apart by {}", keys.join(", ")),
        };
        lines.fact("list", how);
    }
    if field.ty.object().is_some_and(|object| object.open) {
        lines.fact("open", "fields that the schema does not name are kept");
    }
}

/// Who says that a field must be set, and what lifts it.
fn required(found: &Found, way: &[&Field], field: &Field, path: &str) -> String {
    let rule = found.kind.requirements.iter().find_map(|requirement| match requirement.by {
        RequiredBy::Rule { or_init_provider } if requirement.path == path => Some(or_init_provider),
        _ => None,
    });
    let rule = rule.map(|or_init_provider| {
        let unless = "by a CEL rule, unless managementPolicies leave out `*`, Create and Update";
        let instead = path.replacen("spec.forProvider", "spec.initProvider", 1);
        if or_init_provider { format!("{unless}; {instead} will do as well") } else { unless.to_owned() }
    });
    let optional_parent = way.iter().rev().skip(1).rev().any(|parent| !parent.required);
    let schema = match (field.required, field.default.is_some()) {
        (false, _) => None,
        (true, true) => Some("by the schema, but the default fills it in".to_owned()),
        (true, false) if optional_parent => Some("by the schema, wherever the object around it is".to_owned()),
        (true, false) => Some("by the schema".to_owned()),
    };
    match (schema, rule) {
        (None, None) => "no".to_owned(),
        (Some(schema), None) => format!("yes, {schema}"),
        (None, Some(rule)) => format!("yes, {rule}"),
        (Some(schema), Some(rule)) => format!("yes, {schema}, and {rule}"),
    }
}

fn short(by: RequiredBy) -> &'static str {
    match by {
        RequiredBy::Schema => "schema",
        RequiredBy::Rule { .. } => "CEL rule",
    }
}

/// The fields of an object, each with its type and whether it must be set.
fn fields(found: &Found, object: &Object, path: &[String], lines: &mut Lines) {
    if object.fields.is_empty() {
        return;
    }
    let rows: Vec<(String, String)> = object
        .fields
        .iter()
        .map(|field| {
            let mut at = path.to_vec();
            at.push(field.name.to_string());
            let at = at.join(".");
            let by = found.kind.requirements.iter().find(|one| one.path == at).map(|one| short(one.by));
            let by = by.or(field.required.then_some("schema"));
            let mark = match (by, &field.default) {
                (_, Some(_)) => "  default".to_owned(),
                (Some(by), None) => format!("  required ({by})"),
                (None, None) => String::new(),
            };
            (field.name.to_string(), format!("{}{mark}", type_text(&field.ty)))
        })
        .collect();
    let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
    lines.0.push(String::new());
    lines.0.push("fields:".to_owned());
    lines.0.extend(rows.into_iter().map(|(name, rest)| format!("  {name:width$}  {rest}")));
}

fn type_text(ty: &Type) -> String {
    match ty {
        Type::Boolean => "boolean".to_owned(),
        Type::Integer => "integer".to_owned(),
        Type::Number => "number".to_owned(),
        Type::String => "string".to_owned(),
        Type::Enum(_) => "string, one of a list".to_owned(),
        Type::IntOrString => "integer or string".to_owned(),
        Type::Quantity => "quantity, such as 500m".to_owned(),
        Type::List(item, _) => format!("list of {}", type_text(item)),
        Type::Map(value) => format!("map of {}", type_text(value)),
        Type::Object(_) => "object".to_owned(),
        Type::AnyObject => "object with any fields".to_owned(),
        Type::Embedded => "whole Kubernetes object".to_owned(),
        Type::Any => "any value".to_owned(),
        Type::Nullable(inner) => format!("{} or null", type_text(inner)),
    }
}

fn values(ty: &Type) -> Option<&[Box<str>]> {
    match ty {
        Type::Enum(values) => Some(values),
        Type::List(inner, _) | Type::Map(inner) | Type::Nullable(inner) => values(inner),
        _ => None,
    }
}

fn list(ty: &Type) -> Option<&ListKind> {
    match ty {
        Type::List(_, kind) => Some(kind),
        Type::Nullable(inner) => list(inner),
        _ => None,
    }
}

/// An explanation, line by line.
struct Lines(Vec<String>);

impl Lines {
    fn head(&mut self, text: String) {
        self.0.push(text);
    }

    fn fact(&mut self, name: &str, value: impl AsRef<str>) {
        self.0.push(format!("  {name:14} {}", value.as_ref()));
    }

    fn facts<T: AsRef<str>>(&mut self, name: &str, value: Option<T>) {
        if let Some(value) = value {
            self.fact(name, value);
        }
    }

    fn doc(&mut self, text: Option<&str>) {
        let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return };
        self.0.push(String::new());
        self.0.extend(text.lines().map(|line| format!("  {}", line.trim_end())));
    }

    fn write(self, out: &mut impl Write) -> io::Result<()> {
        self.0.iter().try_for_each(|line| writeln!(out, "{}", line.trim_end()))
    }
}
