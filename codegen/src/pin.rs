//! Schemas made ready to be pinned: one file a kind, in one order, with as much of the descriptions as is wanted.

use planewright_definitions::crd::Crd;
use planewright_definitions::reference::{ReferenceFact, is_reference_name};
use planewright_definitions::schema::{Schema, SchemaOrBool};

use crate::emit::{Docs, first_sentence};

/// The name of a kind's file.
pub fn file_name(crd: &Crd) -> String {
    format!("{}_{}.yaml", crd.spec.group, crd.spec.names.plural)
}

/// The same definition, with its descriptions cut down.
///
/// What stands only in a description, the target of a reference, is first lifted into `x-planewright-reference`, so that
/// nothing is lost that generated code depends on.
pub fn pinned(mut crd: Crd, docs: Docs) -> Crd {
    crd.metadata.owner_references.clear();
    for version in &mut crd.spec.versions {
        if let Some(schema) = version.schema.as_mut().and_then(|s| s.open_api_v3_schema.as_mut()) {
            cut(schema, "", docs);
        }
        if docs == Docs::None {
            for column in &mut version.additional_printer_columns {
                if let Some(column) = column.as_object_mut() {
                    column.shift_remove("description");
                }
            }
        }
    }
    crd
}

fn cut(schema: &mut Schema, name: &str, docs: Docs) {
    if let Some(description) = schema.description.take() {
        if is_reference_name(name) && schema.planewright_reference.is_none() {
            schema.planewright_reference = ReferenceFact::from_description(&description).map(Box::new);
        }
        schema.description = match docs {
            Docs::Full => Some(description),
            Docs::First => Some(first_sentence(&description).into()),
            Docs::None => None,
        };
    }
    for (name, property) in &mut schema.properties {
        cut(property, name, docs);
    }
    // Below a list or a map there is no field of its own name.
    let inner = schema.items.iter_mut().map(|items| &mut **items);
    let values = schema.additional_properties.iter_mut().filter_map(|more| match &mut **more {
        SchemaOrBool::Schema(value) => Some(&mut **value),
        SchemaOrBool::Bool(_) => None,
    });
    let branches = schema.all_of.iter_mut().chain(&mut schema.any_of).chain(&mut schema.one_of);
    for inner in inner.chain(values).chain(branches).chain(schema.not.iter_mut().map(|not| &mut **not)) {
        cut(inner, "", docs);
    }
}
