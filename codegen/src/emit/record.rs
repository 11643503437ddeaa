//! Provider types: every field optional, no serde, fields handed to the sdk's one codec.

use planewright_definitions::model::Scope;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::literal::{references, requirements};
use super::types::{identifier, slot};
use super::{Docs, Index, doc, variant_doc};
use crate::normalise::{EnumVariant, Known, Module, StructField, Ty, TypeDef, TypeShape};

/// The items of a provider kind's module.
pub(crate) fn record(module: &Module, index: &Index, docs: Docs) -> Vec<TokenStream> {
    let mut items = vec![quote!(
        use ::planewright::generated as rt;
    )];
    if module.types.iter().any(|ty| points_outside(ty, index)) {
        let up = std::iter::repeat_n(quote!(super), super::group_path(&module.group).len() + 2);
        items.push(quote!(use #(#up)::* as root;));
    }
    for (position, ty) in module.types.iter().enumerate() {
        items.extend(type_items(ty, module, index, docs, position == module.root));
    }
    items.extend(kind(module));
    items.push(resource(module));
    items.extend(managed(module, index));
    items
}

/// The items of one type.
pub(super) fn type_items(ty: &TypeDef, module: &Module, index: &Index, docs: Docs, root: bool) -> Vec<TokenStream> {
    match &ty.shape {
        TypeShape::Struct { fields, open } => structure(ty, fields, *open, module, index, docs, root),
        TypeShape::Enum(variants) => enumeration(ty, variants, docs),
    }
}

fn structure(
    ty: &TypeDef,
    fields: &[StructField],
    open: bool,
    module: &Module,
    index: &Index,
    docs: Docs,
    root: bool,
) -> Vec<TokenStream> {
    let name = identifier(&ty.name);
    let text = &ty.name;
    let about = doc(ty.doc.as_deref(), docs);
    let idents: Vec<Ident> = fields.iter().map(|field| identifier(&field.ident)).collect();
    let members = fields.iter().zip(&idents).map(|(field, ident)| {
        let about = doc(field.doc.as_deref(), docs);
        let ty = slot(&field.ty, module, index);
        quote!(#about pub #ident: Option<#ty>)
    });
    let shapes = fields.iter().map(|field| {
        let (wire, ident) = (&*field.wire, &field.ident);
        let required = field.required.then(|| quote!(.required()));
        let secret = field.secret.then(|| quote!(.secret()));
        let keyed = match &field.ty {
            Ty::List(_, keys) if !keys.is_empty() => {
                let keys = keys.iter().map(|key| &**key);
                Some(quote!(.keyed(&[#(#keys),*])))
            }
            _ => None,
        };
        quote!(rt::F::new(#wire, #ident) #required #secret #keyed)
    });
    let metadata_ident = root.then(|| identifier("metadata"));
    let references = references(&ty.name, fields, module, index);
    let metadata = root.then(|| quote!(pub metadata: Option<rt::ObjectMeta>,));
    let metadata_shape = root.then(|| quote!(rt::F::new("metadata", "metadata"),));
    let metadata_slot = root.then(|| quote!(&self.metadata,));
    let metadata_slot_mut = root.then(|| quote!(&mut self.metadata,));
    let extra = open.then(|| quote!(pub extra: rt::JsonObject,));
    let extra_slot = open.then(|| quote!(&self.extra,));
    let extra_slot_mut = open.then(|| quote!(&mut self.extra,));
    let shown = metadata_ident.iter().chain(&idents);
    let (debug, hiding) = match fields.iter().any(|field| field.secret) {
        false => (Some(quote!(Debug,)), None),
        true => (
            None,
            Some(quote! {
                impl ::core::fmt::Debug for #name {
                    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                        rt::debug(<Self as rt::Record>::SHAPE, &[#(&self.#shown),*], f)
                    }
                }
            }),
        ),
    };
    let structure = vec![
        quote! {
            #about
            #[derive(Clone, #debug Default, PartialEq)]
            pub struct #name { #metadata #(#members,)* #extra }
            #references
        },
        quote! {
            impl rt::Record for #name {
                const SHAPE: &'static rt::Shape = &rt::Shape {
                    name: #text,
                    fields: &[#metadata_shape #(#shapes),*],
                    open: #open,
                };
                #[inline]
                fn slots(&self, visit: rt::Visit<'_>) { visit(&[#metadata_slot #(&self.#idents,)* #extra_slot]) }
                #[inline]
                fn slots_mut(&mut self, visit: rt::VisitMut<'_>) {
                    visit(&mut [#metadata_slot_mut #(&mut self.#idents,)* #extra_slot_mut])
                }
            }
        },
    ];
    structure.into_iter().chain(hiding).collect()
}

/// An open enum: a text that the schema does not list survives being read.
fn enumeration(ty: &TypeDef, variants: &[EnumVariant], docs: Docs) -> Vec<TokenStream> {
    let name = identifier(&ty.name);
    let about = doc(ty.doc.as_deref(), docs);
    let idents: Vec<Ident> = variants.iter().map(|variant| identifier(&variant.ident)).collect();
    let texts: Vec<&str> = variants.iter().map(|variant| &*variant.wire).collect();
    let abouts = texts.iter().map(|text| variant_doc(text));
    vec![
        quote! {
            #about
            #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub enum #name {
                #(#abouts #idents,)*
                /// A text that the schema does not list.
                Unlisted(String),
            }
        },
        quote! {
            impl #name {
                /// The text in the object.
                pub fn as_str(&self) -> &str {
                    match self { #(#name::#idents => #texts,)* #name::Unlisted(text) => text }
                }
            }
        },
        quote! {
            impl From<&str> for #name {
                fn from(text: &str) -> Self {
                    match text { #(#texts => #name::#idents,)* _ => #name::Unlisted(text.into()) }
                }
            }
        },
        quote! {
            impl Default for #name {
                fn default() -> Self { #name::Unlisted(String::new()) }
            }
        },
        quote! {
            impl rt::Slot for #name {
                fn write(&self, writer: &mut dyn rt::Writer) -> rt::Coded { rt::write_text(self.as_str(), writer) }
                fn read(&mut self, reader: &mut dyn rt::Reader, _: rt::Mask<'_>) -> rt::Coded {
                    rt::read_text(reader, &mut |text| *self = text.into())
                }
            }
        },
    ]
}

/// What the kind is called.
pub(super) fn kind(module: &Module) -> Vec<TokenStream> {
    let name = identifier(&module.name);
    let Module { group, version, kind, plural, .. } = module;
    let api_version = if group.is_empty() { version.clone() } else { format!("{group}/{version}") };
    let scope = match module.scope {
        Scope::Namespaced => quote!(Namespaced),
        Scope::Cluster => quote!(Cluster),
    };
    vec![quote! {
        impl rt::Kind for #name {
            const GROUP: &'static str = #group;
            const VERSION: &'static str = #version;
            const API_VERSION: &'static str = #api_version;
            const KIND: &'static str = #kind;
            const PLURAL: &'static str = #plural;
            const SCOPE: rt::Scope = rt::Scope::#scope;
        }
    }]
}

/// Where objects live, as a type that bounds can speak of.
pub(super) fn place(scope: Scope) -> TokenStream {
    match scope {
        Scope::Namespaced => quote!(rt::InNamespace),
        Scope::Cluster => quote!(rt::InCluster),
    }
}

fn resource(module: &Module) -> TokenStream {
    let name = identifier(&module.name);
    let requirements = requirements(module);
    let place = place(module.scope);
    quote! {
        impl rt::Resource for #name {
            type Place = #place;
            const REQUIRED: &'static [rt::Requirement] = &[#(#requirements),*];
        }
    }
}

/// The parts of `spec` that all managed resources share, if this is one.
fn managed(module: &Module, index: &Index) -> Option<TokenStream> {
    let fields_of = |ty: &TypeDef| match &ty.shape {
        TypeShape::Struct { fields, .. } => Some(fields.clone()),
        TypeShape::Enum(_) => None,
    };
    let spec = fields_of(&module.types[module.root])?.into_iter().find(|field| &*field.wire == "spec")?;
    let Ty::Named(spec) = spec.ty else { return None };
    let fields = fields_of(&module.types[spec])?;
    let of = |wire: &str| fields.iter().find(|field| &*field.wire == wire).map(|field| &field.ty);
    let (parameters, policies, config) = (of("forProvider")?, of("managementPolicies")?, of("providerConfigRef")?);
    let policy = Ty::Known(Known::ManagementPolicy, None);
    let shared = matches!(parameters, Ty::Named(_) | Ty::AnyObject)
        && matches!(policies, Ty::List(item, _) if **item == policy)
        && matches!(config, Ty::Known(..));
    if !shared {
        return None;
    }
    let name = identifier(&module.name);
    let (parameters, config) = (slot(parameters, module, index), slot(config, module, index));
    Some(quote! {
        impl rt::Managed for #name {
            type Parameters = #parameters;
            type ProviderConfig = #config;
            fn metadata(&mut self) -> &mut Option<rt::ObjectMeta> { &mut self.metadata }
            fn for_provider(&mut self) -> &mut Option<Self::Parameters> {
                &mut self.spec.get_or_insert_default().for_provider
            }
            fn management_policies(&mut self) -> &mut Option<Vec<rt::ManagementPolicy>> {
                &mut self.spec.get_or_insert_default().management_policies
            }
            fn provider_config_ref(&mut self) -> &mut Option<Self::ProviderConfig> {
                &mut self.spec.get_or_insert_default().provider_config_ref
            }
        }
    })
}

fn points_outside(ty: &TypeDef, index: &Index) -> bool {
    fn any(ty: &Ty, index: &Index) -> bool {
        match ty {
            Ty::List(inner, _) | Ty::Map(inner) | Ty::Nullable(inner) => any(inner, index),
            Ty::Known(_, Some(target)) => index.path(&target.group, &target.kind).is_some(),
            _ => false,
        }
    }
    match &ty.shape {
        TypeShape::Struct { fields, .. } => fields.iter().any(|field| any(&field.ty, index)),
        TypeShape::Enum(_) => false,
    }
}
