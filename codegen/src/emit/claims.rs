//! Claims for services: types with constructors that take what is required, setters for the rest, and serde.

use std::collections::BTreeMap;

use planewright_definitions::model::Scope;
use planewright_definitions::schema::Schema;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::composite::closed_enum;
use super::types::{debug, identifier, serde};
use super::{Docs, doc, source};
use crate::ident;
use crate::normalise::{Module, StructField, Ty, TypeDef, TypeShape};
use crate::output::File;

/// The files of a claim-builder crate's `src`: a module a kind, and `lib.rs`.
///
/// Where several groups have a kind of one name, the module's name says which it is, and the kind is reached through it.
pub(crate) fn claims(mut kinds: Vec<(Module, Schema)>, docs: Docs) -> Vec<File> {
    let mut named: BTreeMap<String, usize> = BTreeMap::new();
    for (module, _) in &kinds {
        *named.entry(module.module.clone()).or_default() += 1;
    }
    named.retain(|_, kinds| *kinds > 1);
    for (module, _) in &mut kinds {
        if named.contains_key(&module.module) {
            module.module = ident::snake(&format!("{}.{}", module.kind, module.group));
        }
    }
    let mut files: Vec<File> = kinds
        .iter()
        .map(|(module, schema)| File {
            path: format!("{}.rs", module.module.trim_start_matches("r#")),
            contents: source(claim(module, schema, docs), true),
        })
        .collect();
    let modules = kinds.iter().map(|(module, _)| {
        let name = identifier(&module.module);
        let alone = !named.contains_key(&ident::snake(&module.kind));
        let kind = alone.then(|| identifier(&module.name)).map(|kind| quote!(pub use #name::#kind;));
        let about = format!(" `{}`, `{}/{}`.", module.kind, module.group, module.version);
        quote! {
            #[doc = #about]
            pub mod #name;
            #kind
        }
    });
    let about = " Typed claims, for services that write them to Git.";
    let lib = quote! {
        #![doc = #about]
        #(#modules)*
        pub use planewright_definitions::claim::ClaimError;
    };
    files.push(File { path: "lib.rs".to_owned(), contents: source(vec![lib], true) });
    files
}

fn claim(module: &Module, schema: &Schema, docs: Docs) -> Vec<TokenStream> {
    let mut items = vec![
        quote!(
            use planewright_definitions::claim as rt;
        ),
        quote!(
            use rt::serde::{Deserialize, Serialize};
        ),
    ];
    for (position, ty) in module.types.iter().enumerate() {
        if position == module.root {
            items.extend(root(ty, module, schema, docs));
        } else {
            items.extend(part(ty, module, docs));
        }
    }
    items
}

fn root(ty: &TypeDef, module: &Module, schema: &Schema, docs: Docs) -> Vec<TokenStream> {
    let TypeShape::Struct { fields, .. } = &ty.shape else { return Vec::new() };
    let name = identifier(&module.name);
    let about = about(ty.doc.as_deref(), docs, &format!("A `{}` of `{}`.", module.kind, module.group));
    let (kind, api_version) = (&module.kind, format!("{}/{}", module.group, module.version));
    let schema = serde_json::to_string(schema).unwrap_or_default();
    let of = |wire: &str| fields.iter().find(|field| &*field.wire == wire).map(|field| serde(&field.ty, module));
    let spec = of("spec").unwrap_or_else(|| quote!(rt::JsonObject));
    let status = of("status").unwrap_or_else(|| quote!(rt::JsonObject));
    let namespace = (module.scope == Scope::Namespaced).then(|| {
        quote! {
            /// Puts it in a namespace.
            #[must_use]
            pub fn namespace(mut self, namespace: impl Into<String>) -> Self {
                self.metadata.namespace = Some(namespace.into());
                self
            }
        }
    });
    vec![
        quote! {
            #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
            #[serde(crate = "planewright_definitions::claim::serde")]
            enum ApiVersion { #[default] #[serde(rename = #api_version)] Only }
        },
        quote! {
            #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
            #[serde(crate = "planewright_definitions::claim::serde")]
            enum KindName { #[default] #[serde(rename = #kind)] Only }
        },
        quote! {
            #about
            #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
            #[serde(crate = "planewright_definitions::claim::serde", deny_unknown_fields)]
            pub struct #name {
                #[serde(rename = "apiVersion")]
                api_version: ApiVersion,
                kind: KindName,
                /// Name, namespace, labels and annotations.
                pub metadata: rt::Metadata,
                /// What is wanted.
                pub spec: #spec,
                /// What was reported, where the object was read from a cluster. It is not written to Git.
                #[serde(default, skip_serializing)]
                pub status: Option<#status>,
            }
        },
        quote! {
            impl #name {
                /// The structural schema of the kind, as JSON.
                pub const SCHEMA: &'static str = #schema;

                /// A new one of this name.
                pub fn new(name: impl Into<String>, spec: #spec) -> Self {
                    #name {
                        api_version: ApiVersion::Only,
                        kind: KindName::Only,
                        metadata: rt::Metadata::named(name),
                        spec,
                        status: None,
                    }
                }

                #namespace

                /// Adds a label.
                #[must_use]
                pub fn label(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
                    self.metadata.labels.insert(key.into(), value.into());
                    self
                }

                /// Adds an annotation.
                #[must_use]
                pub fn annotation(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
                    self.metadata.annotations.insert(key.into(), value.into());
                    self
                }

                /// The YAML for Git: the same bytes for the same value.
                ///
                /// # Errors
                /// When a value is outside what the schema allows, such as a text longer than its limit.
                pub fn to_yaml(&self) -> Result<String, rt::ClaimError> {
                    rt::to_yaml(self, Self::SCHEMA)
                }

                /// Reads what [`to_yaml`](Self::to_yaml) wrote, or an object of a cluster.
                ///
                /// # Errors
                /// When the text is not YAML, or not an object of this kind. Nothing is dropped silently.
                pub fn from_yaml(text: &str) -> Result<Self, rt::ClaimError> {
                    rt::from_yaml(text)
                }
            }
        },
    ]
}

/// A type of the spec or of the status.
fn part(ty: &TypeDef, module: &Module, docs: Docs) -> Vec<TokenStream> {
    let status = ty.path == "status" || ty.path.starts_with("status.");
    match &ty.shape {
        TypeShape::Enum(variants) => {
            let about = about(ty.doc.as_deref(), docs, &format!("`{}`.", ty.path));
            closed_enum(ty, variants, &about, &quote!("planewright_definitions::claim::serde"))
        }
        TypeShape::Struct { fields, open } => {
            let name = identifier(&ty.name);
            let about = about(ty.doc.as_deref(), docs, &format!("`{}`.", ty.path));
            let strict = (!open && !status).then(|| quote!(, deny_unknown_fields));
            let members = fields.iter().map(|field| member(field, module, docs, status));
            let extra = open.then(|| {
                quote! {
                    /// Fields that the schema does not name.
                    #[serde(flatten)]
                    pub extra: rt::JsonObject,
                }
            });
            let default = (status || fields.iter().all(is_optional)).then(|| quote!(Default,));
            let (derived, by_hand) = debug(&name, fields, *open);
            let structure = quote! {
                #about
                #[derive(Clone, #derived #default PartialEq, Serialize, Deserialize)]
                #[serde(crate = "planewright_definitions::claim::serde" #strict)]
                pub struct #name { #(#members,)* #extra }
            };
            let builder = (!status).then(|| builder(&name, fields, *open, module));
            std::iter::once(structure).chain(by_hand).chain(builder).collect()
        }
    }
}

/// Whether an author may leave a field out.
fn is_optional(field: &StructField) -> bool {
    !field.required || field.defaulted
}

fn member(field: &StructField, module: &Module, docs: Docs, status: bool) -> TokenStream {
    let ident = identifier(&field.ident);
    let about = about(field.doc.as_deref(), docs, &format!("`{}`.", field.wire));
    let wire = &*field.wire;
    let rename = (field.ident != wire).then(|| quote!(#[serde(rename = #wire)]));
    let ty = serde(&field.ty, module);
    match status || is_optional(field) {
        true => quote! {
            #about #rename #[serde(default, skip_serializing_if = "Option::is_none")] pub #ident: Option<#ty>
        },
        false => quote!(#about #rename pub #ident: #ty),
    }
}

fn builder(name: &Ident, fields: &[StructField], open: bool, module: &Module) -> TokenStream {
    let (optional, required): (Vec<&StructField>, Vec<&StructField>) = fields.iter().partition(|f| is_optional(f));
    let parameters = required.iter().map(|field| {
        let (ident, (ty, _)) = (identifier(&field.ident), accepted(&field.ty, module, quote!()));
        quote!(#ident: #ty)
    });
    let values = required.iter().map(|field| {
        let ident = identifier(&field.ident);
        match accepted(&field.ty, module, quote!(#ident)).1 {
            same if ident == same.to_string() => same,
            value => quote!(#ident: #value),
        }
    });
    let nones = optional.iter().map(|field| identifier(&field.ident)).map(|ident| quote!(#ident: None));
    let extra = open.then(|| quote!(extra: rt::JsonObject::new(),));
    let about = match required.is_empty() {
        true => "With nothing set.".to_owned(),
        false => format!(
            "With what is required: {}.",
            required.iter().map(|f| format!("`{}`", f.wire)).collect::<Vec<_>>().join(", ")
        ),
    };
    let about = format!(" {about}");
    let setters = optional.iter().map(|field| {
        let ident = identifier(&field.ident);
        let setter = if field.ident == "new" { format_ident!("set_new") } else { ident.clone() };
        let (ty, value) = accepted(&field.ty, module, quote!(value));
        let about = format!(" Sets `{}`.", field.wire);
        quote! {
            #[doc = #about]
            #[must_use]
            pub fn #setter(mut self, value: #ty) -> Self {
                self.#ident = Some(#value);
                self
            }
        }
    });
    let allow = (required.len() > 7).then(|| quote!(#[allow(clippy::too_many_arguments)]));
    quote! {
        impl #name {
            #[doc = #about]
            #allow
            pub fn new(#(#parameters),*) -> Self {
                #name { #(#values,)* #(#nones,)* #extra }
            }
            #(#setters)*
        }
    }
}

/// What a constructor or setter takes for a type, and how it becomes the field's value.
fn accepted(ty: &Ty, module: &Module, value: TokenStream) -> (TokenStream, TokenStream) {
    match ty {
        Ty::String => (quote!(impl Into<String>), quote!(#value.into())),
        Ty::List(item, _) if **item == Ty::String => {
            (quote!(impl IntoIterator<Item = impl Into<String>>), quote!(#value.into_iter().map(Into::into).collect()))
        }
        Ty::List(item, _) => {
            let item = serde(item, module);
            (quote!(impl IntoIterator<Item = #item>), quote!(#value.into_iter().collect()))
        }
        other => (serde(other, module), value),
    }
}

/// A description, or what to say where there is none: committed code documents everything.
fn about(text: Option<&str>, docs: Docs, otherwise: &str) -> TokenStream {
    let about = doc(text, docs);
    if about.is_empty() {
        let otherwise = format!(" {otherwise}");
        return quote!(#[doc = #otherwise]);
    }
    about
}
