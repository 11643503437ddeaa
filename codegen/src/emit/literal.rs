//! What literals of a type need besides its fields: the references behind plain fields, and what must be set.

use planewright_definitions::model::RequiredBy;
use proc_macro2::TokenStream;
use quote::quote;

use super::Index;
use super::types::{identifier, slot};
use crate::normalise::{Known, Module, StructField, Ty, TypeShape};

/// For every field that a reference fills in: a method of its name that leads to the reference. A literal calls it for
/// `vpc_id: &vpc`, so that the target's kind is checked.
pub(super) fn references(name: &str, fields: &[StructField], module: &Module, index: &Index) -> Option<TokenStream> {
    let methods: Vec<TokenStream> =
        fields.iter().filter_map(|reference| to_reference(reference, fields, module, index)).collect();
    let name = identifier(name);
    (!methods.is_empty()).then(|| quote!(impl #name { #(#methods)* }))
}

fn to_reference(
    reference: &StructField,
    fields: &[StructField],
    module: &Module,
    index: &Index,
) -> Option<TokenStream> {
    let (item, what) = match &reference.ty {
        Ty::List(item, _) => (&**item, "references"),
        one => (one, "reference"),
    };
    let Ty::Known(Known::Reference | Known::NamespacedReference, Some(target)) = item else { return None };
    index.path(&target.group, &target.kind)?;
    let filled = fields.iter().find(|field| reference.populates.as_deref() == Some(&*field.wire))?;
    let (method, ident) = (identifier(&filled.ident), identifier(&reference.ident));
    let (ty, name) = (slot(&reference.ty, module, index), &reference.ident);
    let about = format!(" The {what} to `{}` that this field is filled in from.", target.kind);
    Some(quote! {
        #[doc = #about]
        #[inline]
        pub fn #method(&mut self) -> rt::Referable<'_, Option<#ty>> {
            rt::Referable { slot: &mut self.#ident, ident: #name }
        }
    })
}

/// What must be set: always, and where the object around it is.
pub(super) fn requirements(module: &Module) -> Vec<TokenStream> {
    let always = module.requirements.iter().map(|requirement| {
        let path = &requirement.path;
        match requirement.by {
            RequiredBy::Schema => quote!(rt::Requirement::new(#path)),
            RequiredBy::Rule { or_init_provider: false } => quote!(rt::Requirement::new(#path).by_rule()),
            RequiredBy::Rule { or_init_provider: true } => {
                quote!(rt::Requirement::new(#path).by_rule().or_init_provider())
            }
        }
    });
    let mut within = Vec::new();
    inner(module, module.root, "", true, 0, &mut within);
    let within = within.into_iter().map(|path| quote!(rt::Requirement::new(#path).when_present()));
    always.chain(within).collect()
}

/// Objects may hold themselves, and nobody writes literals deeper than this.
const DEPTH: usize = 12;

/// The fields that an object needs if it is there, for objects that need not be. `inevitable`: this one must be.
fn inner(module: &Module, ty: usize, at: &str, inevitable: bool, depth: usize, into: &mut Vec<String>) {
    let TypeShape::Struct { fields, .. } = &module.types[ty].shape else { return };
    for field in fields {
        let path = if at.is_empty() { field.wire.to_string() } else { format!("{at}.{}", field.wire) };
        // The status is not the composition's, and of what providers fill in initially nothing is required.
        if depth == DEPTH || path == "status" || path == "spec.initProvider" {
            continue;
        }
        let required = field.required && !field.defaulted;
        if required && !inevitable {
            into.push(path.clone());
        }
        match &field.ty {
            Ty::Named(ty) => inner(module, *ty, &path, inevitable && required, depth + 1, into),
            Ty::List(item, _) => {
                if let Ty::Named(ty) = **item {
                    inner(module, ty, &format!("{path}[]"), false, depth + 1, into);
                }
            }
            _ => {}
        }
    }
}
