//! Rust types of values, in the two ways of saying them: for the codec of the sdk, and for serde.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::Index;
use crate::normalise::{Module, StructField, Target, Ty};

/// An identifier, raw or not.
pub(super) fn identifier(name: &str) -> Ident {
    match name.strip_prefix("r#") {
        Some(raw) => Ident::new_raw(raw, Span::call_site()),
        None => Ident::new(name, Span::call_site()),
    }
}

/// The type of a value as the codec reads and writes it.
pub(super) fn slot(ty: &Ty, module: &Module, index: &Index) -> TokenStream {
    let inner = |ty| slot(ty, module, index);
    match ty {
        Ty::Boolean => quote!(bool),
        Ty::Integer => quote!(i64),
        Ty::Number => quote!(rt::Number),
        Ty::String => quote!(String),
        Ty::IntOrString => quote!(rt::IntOrString),
        Ty::Quantity => quote!(rt::Quantity),
        Ty::AnyObject => quote!(rt::JsonObject),
        Ty::Embedded => quote!(rt::AnyResource),
        Ty::Any => quote!(rt::Json),
        Ty::List(item, _) => {
            let item = inner(item);
            quote!(Vec<#item>)
        }
        Ty::Map(value) => {
            let value = inner(value);
            quote!(rt::Map<String, #value>)
        }
        Ty::Nullable(value) => {
            let value = inner(value);
            quote!(rt::Nullable<#value>)
        }
        Ty::Named(named) => {
            let name = identifier(&module.types[*named].name);
            quote!(#name)
        }
        Ty::Known(known, at) => {
            let name = identifier(known.name());
            if known.has_target() {
                let to = target(at.as_deref(), index);
                quote!(rt::#name<#to>)
            } else {
                quote!(rt::#name)
            }
        }
    }
}

/// The type of a value as serde reads and writes it. `map` and `json` name the types of free objects and values.
pub(super) fn serde(ty: &Ty, module: &Module) -> TokenStream {
    let inner = |ty| serde(ty, module);
    match ty {
        Ty::Boolean => quote!(bool),
        Ty::Integer => quote!(i64),
        Ty::Number => quote!(rt::Number),
        Ty::String => quote!(String),
        Ty::AnyObject => quote!(rt::JsonObject),
        Ty::IntOrString | Ty::Quantity | Ty::Embedded | Ty::Any | Ty::Known(..) => quote!(rt::Json),
        Ty::List(item, _) => {
            let item = inner(item);
            quote!(Vec<#item>)
        }
        Ty::Map(value) => {
            let value = inner(value);
            quote!(rt::Map<String, #value>)
        }
        Ty::Nullable(value) => {
            let value = inner(value);
            quote!(Option<#value>)
        }
        Ty::Named(named) => {
            let name = identifier(&module.types[*named].name);
            quote!(#name)
        }
    }
}

/// The path of the kind that a reference points to, or the sdk's marker for a kind that was not selected.
fn target(target: Option<&Target>, index: &Index) -> TokenStream {
    match target.and_then(|t| index.path(&t.group, &t.kind)) {
        Some(path) => {
            let path = path.iter().map(|segment| identifier(segment));
            quote!(root::#(#path)::*)
        }
        None => quote!(rt::Unselected),
    }
}

/// How a struct for serde is shown: derived, or by hand where it holds secrets, of which only the names are shown.
pub(super) fn debug(name: &Ident, fields: &[StructField], open: bool) -> (Option<TokenStream>, Option<TokenStream>) {
    if !fields.iter().any(|field| field.secret) {
        return (Some(quote!(Debug,)), None);
    }
    let shown = fields.iter().map(|field| {
        let (text, ident) = (&field.ident, identifier(&field.ident));
        match field.secret {
            true => quote!(.field(#text, &::core::format_args!("[secret]"))),
            false => quote!(.field(#text, &self.#ident)),
        }
    });
    let finish = if open { quote!(finish_non_exhaustive) } else { quote!(finish) };
    let text = name.to_string();
    let by_hand = quote! {
        impl ::core::fmt::Debug for #name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.debug_struct(#text)#(#shown)*.#finish()
            }
        }
    };
    (None, Some(by_hand))
}
