//! `derive(Xr)` and `derive(XrVersion)`: what an XRD says, as calls of `planewright_xrd`.

mod attributes;
mod fields;

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Fields, Ident, LitStr};

use crate::diagnose::Faults;
use attributes::Attributes;

/// What is derived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// The version that Compositions refer to, with all that is said of the kind: `Xr`.
    Referenceable,
    /// Any other version: `XrVersion`.
    Other,
}

/// Implements the trait, or says everything that is wrong.
pub(crate) fn expand(input: TokenStream, role: Role) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    let mut faults = Faults::default();
    let attributes = Attributes::read(&input, role, &mut faults);
    shape(&input, &mut faults);
    let name = &input.ident;
    let scope = match role {
        Role::Referenceable => scope(&input.ident, &attributes, &mut faults),
        Role::Other => None,
    };
    let reserved = fields::check(&input, scope.as_deref(), attributes.text("claim").is_some());
    let version = version(name, &attributes);
    let definition = scope.and_then(|scope| definition(&attributes, &scope, version.as_ref()?));
    let found = faults.items();
    // Where something is wrong the trait is implemented all the same, so that the one mistake does not become several.
    let (path, returned, method, body) = match role {
        Role::Referenceable => (quote!(Xr), quote!(Definition), quote!(definition), definition),
        Role::Other => (quote!(XrVersion), quote!(Version), quote!(version), version),
    };
    let body = body.filter(|_| faults.is_empty()).unwrap_or_else(|| quote!(::core::unreachable!()));
    let reserved = faults.is_empty().then_some(reserved);
    // A type with parameters has been refused; as it is written, the compiler finds nothing else wrong with it.
    let (parameters, arguments, bounds) = input.generics.split_for_impl();
    quote! {
        #found
        #reserved
        #[automatically_derived]
        impl #parameters ::planewright_xrd::#path for #name #arguments #bounds {
            fn #method() -> ::planewright_xrd::#returned { #body }
        }
    }
}

/// A spec is a struct with named fields and nothing to choose.
fn shape(input: &DeriveInput, faults: &mut Faults) {
    match &input.data {
        Data::Struct(data) if matches!(data.fields, Fields::Named(_)) => {}
        _ => faults.add(input.ident.span(), "the spec of a composite resource is a struct with named fields"),
    }
    if !input.generics.params.is_empty() {
        faults.add(
            input.generics.span(),
            "the spec of a composite resource has no parameters; name the types that are meant",
        );
    }
}

const SCOPES: &str = "`scope = \"Namespaced\"` (in a namespace), `scope = \"Cluster\"` (in none), or `scope = \"LegacyCluster\"` \
                      (in none, as before Crossplane 2, with claims)";

/// The scope, which must be said, and what only one of them allows.
fn scope(name: &Ident, attributes: &Attributes, faults: &mut Faults) -> Option<String> {
    let Some(scope) = attributes.text("scope") else {
        if attributes.is_said && faults.is_empty() {
            faults.add(
                name.span(),
                format!("`scope` is missing, which has no default: say where composite resources live, by {SCOPES}"),
            );
        }
        return None;
    };
    let text = scope.value();
    if !["Namespaced", "Cluster", "LegacyCluster"].contains(&text.as_str()) {
        faults.add(scope.span(), format!("unknown scope {text:?}; write {SCOPES}"));
        return None;
    }
    if text != "LegacyCluster" {
        for legacy in ["claim", "claim_plural", "connection_secret_keys", "delete_policy"] {
            if let Some(span) = attributes.span(legacy) {
                faults.add(
                    span,
                    format!("`{legacy}` needs `scope = \"LegacyCluster\"`: no other composite resource has claims and a connection secret"),
                );
            }
        }
    }
    if let (Some(span), None) = (attributes.span("claim_plural"), attributes.span("claim")) {
        faults.add(span, "`claim_plural` without `claim`; say the kind of the claim, too");
    }
    Some(text)
}

/// `Version::new::<Self>(…)…`.
fn version(name: &Ident, attributes: &Attributes) -> Option<TokenStream> {
    let version = attributes.text("version")?;
    let mut calls = quote_spanned!(name.span()=> ::planewright_xrd::Version::new::<#name>(#version));
    if let Some(status) = attributes.ty("status") {
        calls = quote_spanned!(status.span()=> #calls.status::<#status>());
    }
    let columns = attributes.values("columns");
    let rules = attributes.values("rules");
    let deprecated = attributes.span("deprecated").map(|_| match attributes.text("deprecated") {
        Some(warning) => quote!(.deprecated(::core::option::Option::Some(#warning))),
        None => quote!(.deprecated(::core::option::Option::None)),
    });
    let limit = attributes.number("max_name_length").map(|limit| quote!(.max_name_length(#limit)));
    let unserved = attributes.is_false("served").then(|| quote!(.unserved()));
    Some(quote!(#calls #(.column(#columns))* #(.rule(#rules))* #limit #deprecated #unserved))
}

/// `Definition::new(…)…`.
fn definition(attributes: &Attributes, scope: &str, version: &TokenStream) -> Option<TokenStream> {
    let (group, kind) = (attributes.text("group")?, attributes.text("kind")?);
    let scope = Ident::new(scope, proc_macro2::Span::call_site());
    let versions = attributes
        .types("versions")
        .iter()
        .map(|ty| quote_spanned!(ty.span()=> .version(<#ty as ::planewright_xrd::XrVersion>::version())));
    let call = |method: &str| {
        let name = Ident::new(method, proc_macro2::Span::call_site());
        attributes.text(method).map(|text: &LitStr| quote!(.#name(#text)))
    };
    let claim = [call("claim"), call("claim_plural")];
    let texts = ["plural", "singular", "default_composition", "enforced_composition"].map(call);
    let lists = ["short_names", "categories", "connection_secret_keys"].map(|method| {
        let (name, values) = (Ident::new(method, proc_macro2::Span::call_site()), attributes.values(method));
        (!values.is_empty()).then(|| quote!(.#name([#(#values),*])))
    });
    let policies = [("update_policy", "CompositionUpdatePolicy"), ("delete_policy", "CompositeDeletePolicy")];
    let policies = policies.map(|(method, ty)| {
        let (name, ty) =
            (Ident::new(method, proc_macro2::Span::call_site()), Ident::new(ty, proc_macro2::Span::call_site()));
        let value = attributes.text(method)?;
        let value = Ident::new(&value.value(), value.span());
        Some(quote!(.#name(::planewright_xrd::#ty::#value)))
    });
    Some(quote! {
        ::planewright_xrd::Definition::new(#group, #kind, ::planewright_xrd::XrScope::#scope, #version)
            #(#versions)* #(#texts)* #(#lists)* #(#claim)* #(#policies)*
    })
}
