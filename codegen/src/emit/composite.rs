//! Composite resources: what a composition is handed (spec, as the API server admitted it) and what it answers (status).

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::types::{debug, identifier, serde};
use super::{Docs, Index, doc, record, variant_doc};
use crate::input::CompositeKind;
use crate::normalise::{EnumVariant, Module, StructField, Ty, TypeDef, TypeShape};

/// The items of a composite kind's module.
pub(crate) fn composite(module: &Module, kind: &CompositeKind, index: &Index, docs: Docs) -> Vec<TokenStream> {
    let mut items = vec![
        quote!(
            use ::planewright::generated as rt;
        ),
        quote!(
            use rt::serde::{Deserialize, Serialize};
        ),
    ];
    for (position, ty) in module.types.iter().enumerate() {
        if position == module.root {
            items.push(root(ty, module, docs));
        } else if in_status(ty) {
            items.extend(record::type_items(ty, module, index, docs, false));
        } else {
            items.extend(admitted(ty, module, docs));
        }
    }
    items.extend(record::kind(module));
    items.push(composite_impl(module, kind));
    items
}

/// Whether a type belongs to what a composition answers.
fn in_status(ty: &TypeDef) -> bool {
    ty.path == "status" || ty.path.starts_with("status.")
}

fn root(ty: &TypeDef, module: &Module, docs: Docs) -> TokenStream {
    let TypeShape::Struct { fields, .. } = &ty.shape else { return TokenStream::new() };
    let name = identifier(&module.name);
    let about = doc(ty.doc.as_deref(), docs);
    let spec = fields.iter().filter(|field| &*field.wire == "spec").map(|field| member(field, module, docs));
    quote! {
        #about
        #[derive(Clone, Debug, PartialEq, Deserialize)]
        #[serde(crate = "::planewright::generated::serde")]
        pub struct #name {
            /// Name, namespace, labels, annotations.
            pub metadata: rt::ObjectMeta,
            #(#spec,)*
        }
    }
}

fn composite_impl(module: &Module, kind: &CompositeKind) -> TokenStream {
    let name = identifier(&module.name);
    let legacy = kind.legacy;
    let schema = serde_json::to_string(&kind.schema).unwrap_or_default();
    let definition = &kind.definition;
    let root = std::iter::repeat_n(quote!(super), super::group_path(&module.group).len() + 2);
    let status = module.types.iter().find(|ty| ty.path == "status").map_or_else(
        || quote!(rt::JsonObject),
        |ty| {
            let name = identifier(&ty.name);
            quote!(#name)
        },
    );
    let place = record::place(module.scope);
    quote! {
        impl rt::Composite for #name {
            type Status = #status;
            type Place = #place;
            const LEGACY: bool = #legacy;
            const SCHEMA: &'static str = #schema;
            const DEFINITION: Option<&'static str> = Some(#definition);
            const PINNED: &'static [rt::PinnedKind] = #(#root)::*::PINNED;

            fn set_metadata(&mut self, metadata: rt::ObjectMeta) {
                self.metadata = metadata;
            }
        }
    }
}

/// The items of a type on the side of the spec: what is required or defaulted is there.
fn admitted(ty: &TypeDef, module: &Module, docs: Docs) -> Vec<TokenStream> {
    match &ty.shape {
        TypeShape::Enum(variants) => {
            let about = doc(ty.doc.as_deref(), docs);
            let mut items = closed_enum(ty, variants, &about, &quote!("::planewright::generated::serde"));
            let name = identifier(&ty.name);
            items.push(quote! {
                impl ::core::fmt::Display for #name {
                    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                        f.write_str(self.as_str())
                    }
                }
            });
            items
        }
        TypeShape::Struct { fields, open } => {
            let name = identifier(&ty.name);
            let about = doc(ty.doc.as_deref(), docs);
            let members = fields.iter().map(|field| member(field, module, docs));
            let extra = open.then(|| quote!(#[serde(flatten)] pub extra: rt::JsonObject,));
            let (derived, by_hand) = debug(&name, fields, *open);
            let structure = quote! {
                #about
                #[derive(Clone, #derived PartialEq, Serialize, Deserialize)]
                #[serde(crate = "::planewright::generated::serde")]
                pub struct #name { #(#members,)* #extra }
            };
            std::iter::once(structure).chain(by_hand).collect()
        }
    }
}

fn member(field: &StructField, module: &Module, docs: Docs) -> TokenStream {
    let ident = identifier(&field.ident);
    let about = doc(field.doc.as_deref(), docs);
    let wire = &*field.wire;
    let rename = (field.ident != wire).then(|| quote!(#[serde(rename = #wire)]));
    let ty = serde(&field.ty, module);
    if field.required || field.defaulted || matches!(field.ty, Ty::Nullable(_)) {
        let default = matches!(field.ty, Ty::Nullable(_)).then(|| quote!(#[serde(default)]));
        return quote!(#about #rename #default pub #ident: #ty);
    }
    quote!(#about #rename #[serde(default, skip_serializing_if = "Option::is_none")] pub #ident: Option<#ty>)
}

/// A closed enum for serde. `serde` is the path of the crate, as serde's derive wants it.
pub(super) fn closed_enum(
    ty: &TypeDef,
    variants: &[EnumVariant],
    about: &TokenStream,
    serde: &TokenStream,
) -> Vec<TokenStream> {
    let name = identifier(&ty.name);
    let idents: Vec<Ident> = variants.iter().map(|variant| identifier(&variant.ident)).collect();
    let texts: Vec<&str> = variants.iter().map(|variant| &*variant.wire).collect();
    let abouts = texts.iter().map(|text| variant_doc(text));
    vec![
        quote! {
            #about
            #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
            #[serde(crate = #serde)]
            pub enum #name { #(#abouts #[serde(rename = #texts)] #idents,)* }
        },
        quote! {
            impl #name {
                /// The text in the object.
                pub fn as_str(self) -> &'static str { match self { #(#name::#idents => #texts,)* } }
            }
        },
    ]
}
