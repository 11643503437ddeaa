//! The figures of one definition.

use planewright_codegen::{Error as Codegen, RefusedXrd};
use planewright_definitions::crd::Crd;
use planewright_definitions::load::{Definition, Loaded};
use planewright_definitions::model::{self, RequiredBy};
use planewright_definitions::reference::{ReferenceFact, is_reference_name};
use planewright_definitions::refusal::Refusals;
use planewright_definitions::schema::{Schema, SchemaOrBool};
use planewright_definitions::xcrd;
use serde::Serialize;

/// What was counted of one kind.
#[derive(Debug, Default)]
pub(super) struct Counted {
    pub(super) group: String,
    pub(super) kind: String,
    pub(super) fields: usize,
    pub(super) required_by_schema: usize,
    pub(super) required_by_cel: usize,
    pub(super) references: Vec<Reference>,
    pub(super) warnings: Vec<Warning>,
}

/// A reference or selector field.
#[derive(Debug)]
pub(super) struct Reference {
    pub(super) path: String,
    /// What its description says of the target, if it is in the known wording.
    pub(super) fact: Option<ReferenceFact>,
    /// Whether the field that it populates stands beside it.
    pub(super) has_sibling: bool,
    /// The description, or what was kept of it.
    pub(super) text: String,
}

/// An oddity of a schema.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Warning {
    pub(super) file: String,
    pub(super) path: String,
    pub(super) reason: String,
}

/// Counts the kinds of a definition.
pub(super) fn definition(loaded: Loaded) -> anyhow::Result<Vec<Counted>> {
    let file = loaded.origin.file;
    let odd = loaded.warnings.iter();
    let odd = odd.map(|warning| Warning {
        file: file.clone(),
        path: warning.path().to_owned(),
        reason: warning.reason().to_owned(),
    });
    let odd: Vec<Warning> = odd.collect();
    let crds = match loaded.definition {
        Definition::Crd(crd) => vec![*crd],
        Definition::Mrd(mrd) => vec![mrd.into_crd()],
        Definition::Xrd(xrd) => {
            let claim = xcrd::claim(&xrd).map_err(|refusals| refused(&file, &xrd.metadata.name, refusals))?;
            let xr = xcrd::composite(&xrd).map_err(|refusals| refused(&file, &xrd.metadata.name, refusals))?;
            std::iter::once(xr).chain(claim).collect()
        }
    };
    let mut counted: Vec<Counted> = crds.iter().map(|crd| count(crd, &file)).collect();
    if let Some(first) = counted.first_mut() {
        first.warnings.splice(0..0, odd);
    }
    Ok(counted)
}

fn refused(file: &str, name: &str, refusals: Refusals) -> anyhow::Error {
    Codegen::Refused(vec![RefusedXrd { place: file.to_owned(), name: name.to_owned(), refusals }]).into()
}

fn count(crd: &Crd, file: &str) -> Counted {
    let mut counted =
        Counted { group: crd.spec.group.clone(), kind: crd.spec.names.kind.clone(), ..Counted::default() };
    let storage = crd.storage_version().map(|version| &version.name);
    for version in &crd.spec.versions {
        let stored = storage == Some(&version.name);
        if !stored && !version.served {
            continue;
        }
        let (kind, odd) = model::read(crd, version, false);
        if version.served {
            let by_schema = kind.requirements.iter().filter(|one| one.by == RequiredBy::Schema).count();
            counted.required_by_schema += by_schema;
            counted.required_by_cel += kind.requirements.len() - by_schema;
        }
        if stored {
            let path = |path: String| format!("{} {path}", kind.kind);
            let odd = odd.into_iter();
            counted.warnings.extend(odd.map(|odd| Warning {
                file: file.to_owned(),
                path: path(odd.path),
                reason: odd.reason,
            }));
            if let Some(schema) = version.schema() {
                visit(schema, "", &mut counted);
            }
        }
    }
    counted
}

fn visit(schema: &Schema, path: &str, counted: &mut Counted) {
    counted.fields += schema.properties.len();
    for (name, property) in &schema.properties {
        let path = if path.is_empty() { name.to_string() } else { format!("{path}.{name}") };
        if let Some(reference) = reference(name, property, schema, &path) {
            counted.references.push(reference);
        }
        visit(property, &path, counted);
    }
    if let Some(items) = &schema.items {
        visit(items, &format!("{path}[]"), counted);
    }
    if let Some(SchemaOrBool::Schema(values)) = schema.additional_properties.as_deref() {
        visit(values, &format!("{path}.*"), counted);
    }
}

/// A field is a reference if a fact about it was kept, or if it has the name and the shape of one. Whether the wording is
/// understood is what the census finds out, so it plays no part here.
fn reference(name: &str, schema: &Schema, owner: &Schema, path: &str) -> Option<Reference> {
    let described = schema.description.as_deref().filter(|_| is_reference_name(name));
    let kept = schema.planewright_reference.as_deref().cloned();
    if kept.is_none() && !(is_reference_name(name) && has_shape(schema) && !is_provider_config(name)) {
        return None;
    }
    let fact = kept.or_else(|| ReferenceFact::from_description(described?));
    let has_sibling = fact.as_ref().is_some_and(|fact| owner.properties.contains_key(&fact.populates));
    let text = match (described, &fact) {
        (Some(text), _) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        (None, Some(fact)) => format!("{} to populate {}", fact.kind, fact.populates),
        (None, None) => "no description".to_owned(),
    };
    Some(Reference { path: path.to_owned(), fact, has_sibling, text })
}

/// References have a `policy` of how they resolve; selectors match the labels or the controller of what they select.
fn has_shape(schema: &Schema) -> bool {
    let object = schema.items.as_deref().unwrap_or(schema);
    let has = |name: &str| object.properties.contains_key(name);
    object.properties.get("policy").is_some_and(|policy| policy.properties.contains_key("resolution"))
        && (has("name") || has("matchControllerRef"))
}

/// The reference to a provider config has a policy too, and a target that every kind of a provider shares.
fn is_provider_config(name: &str) -> bool {
    matches!(name, "providerConfigRef" | "configRef" | "providerRef")
}
