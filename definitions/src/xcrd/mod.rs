//! XRD → CRDs: the CustomResourceDefinitions that Crossplane derives for an XR and its claim.
//!
//! A port of the derivation of crossplane-runtime 2.4, with the defaults that the XRD's own CRD applies in a cluster:
//! the scope of its version, `compositionUpdatePolicy: Automatic`, `compositeDeletePolicy: Background`. What the API
//! server then adds to the stored CRD is [`stored`].
//!
//! Most of a root schema is dropped: of the root only the description, CEL rules and the length limit of
//! `metadata.name` survive; of `spec` and `status` their `properties`, `required`, `description`, `oneOf` and CEL
//! rules, and of `spec` also `x-kubernetes-preserve-unknown-fields`. Crossplane's own properties replace the author's
//! of the same name.

mod columns;
mod decode;
mod machinery;
pub mod reserved;
mod version;

use indexmap::IndexMap;
use serde_json::{Value, json};

use crate::crd::{self, Crd, CrdSpec, CrdVersion, Metadata, Names, Scope};
use crate::refusal::{Path, Refusals, Stage};
use crate::schema::Schema;
use crate::xrd::{self, XrScope, Xrd};

pub(crate) use decode::whole;

/// The category of every XR's CRD.
pub const COMPOSITE_CATEGORY: &str = "composite";
/// The category of every claim's CRD.
pub const CLAIM_CATEGORY: &str = "claim";

/// The CRD of the XR that `xrd` defines.
///
/// # Errors
/// If Crossplane cannot derive it: a version without schema, a schema that it cannot read, or a keyword in it that no
/// CRD may have. That the API server takes the CRD is another matter: see [`crate::admission`].
pub fn composite(xrd: &Xrd) -> Result<Crd, Refusals> {
    complete(composite_or_part(xrd))
}

/// The CRD of the XR as far as it can be derived, and what is wrong with it.
pub(crate) fn composite_or_part(xrd: &Xrd) -> (Option<Crd>, Refusals) {
    let scope = xrd.scope();
    let spec = machinery::composite_spec(scope, xrd.update_policy());
    let (versions, refusals) = versions(xrd, &spec, scope, &columns::composite(scope));
    let crd_scope = if scope == XrScope::Namespaced { Scope::Namespaced } else { Scope::Cluster };
    let names = in_category(&xrd.spec.names, COMPOSITE_CATEGORY);
    let crd = versions.map(|versions| definition(xrd, xrd.metadata.name.clone(), names, crd_scope, versions));
    (crd, refusals)
}

/// The CRD of the claim that `xrd` offers, or none.
///
/// # Errors
/// As [`composite`], and if a name of the claim is one of the XR's.
pub fn claim(xrd: &Xrd) -> Result<Option<Crd>, Refusals> {
    if xrd.spec.claim_names.is_none() {
        return Ok(None);
    }
    complete(claim_or_part(xrd)).map(Some)
}

/// The CRD of the claim as far as one is offered and can be derived, and what is wrong with it.
pub(crate) fn claim_or_part(xrd: &Xrd) -> (Option<Crd>, Refusals) {
    let Some(names) = &xrd.spec.claim_names else { return Default::default() };
    if let Err(conflict) = claim_names(names, &xrd.spec.names) {
        return (None, conflict);
    }
    let spec = machinery::claim_spec(xrd.delete_policy());
    let (versions, refusals) = versions(xrd, &spec, XrScope::LegacyCluster, &columns::claim());
    let name = format!("{}.{}", names.plural, xrd.spec.group);
    let names = in_category(names, CLAIM_CATEGORY);
    (versions.map(|versions| definition(xrd, name, names, Scope::Namespaced, versions)), refusals)
}

/// A CRD about which there is nothing to say.
fn complete((crd, refusals): (Option<Crd>, Refusals)) -> Result<Crd, Refusals> {
    match crd {
        Some(crd) => refusals.or(crd),
        None => Err(refusals),
    }
}

/// The CRD as the API server stores it: with `names.singular`, `names.listKind` and `conversion` where they are left
/// out, and the port of a conversion webhook's service.
pub fn stored(mut crd: Crd) -> Crd {
    let Crd { spec: CrdSpec { names, conversion, .. }, .. } = &mut crd;
    if names.singular.as_deref().is_none_or(str::is_empty) {
        names.singular = Some(names.kind.to_lowercase());
    }
    if names.list_kind.as_deref().is_none_or(str::is_empty) && !names.kind.is_empty() {
        names.list_kind = Some(format!("{}List", names.kind));
    }
    let conversion = conversion.get_or_insert_with(|| json!({"strategy": "None"}));
    // A webhook that says nothing is not stored.
    if conversion.get("webhook") == Some(&json!({"conversionReviewVersions": []}))
        && let Some(conversion) = conversion.as_object_mut()
    {
        conversion.remove("webhook");
    }
    if let Some(Value::Object(service)) = conversion.pointer_mut("/webhook/clientConfig/service") {
        service.entry("port").or_insert_with(|| json!(443));
    }
    crd
}

/// All versions, or none if one cannot be derived.
fn versions(
    xrd: &Xrd,
    spec: &IndexMap<Box<str>, Schema>,
    scope: XrScope,
    columns: &[Value],
) -> (Option<Vec<CrdVersion>>, Refusals) {
    let status = machinery::status(scope);
    let mut refusals = Refusals::default();
    let mut versions = Vec::with_capacity(xrd.spec.versions.len());
    for (i, version) in xrd.spec.versions.iter().enumerate() {
        let path = Path::new("spec").child("versions").index(i);
        let (version, found) = version::derive(version, &path, spec, &status, columns);
        versions.push(version);
        refusals.extend(found);
    }
    (versions.into_iter().collect(), refusals)
}

fn definition(xrd: &Xrd, name: String, names: Names, scope: Scope, versions: Vec<CrdVersion>) -> Crd {
    let mut metadata = Metadata { name, labels: xrd.metadata.labels.clone(), ..Metadata::default() };
    if let Some(own) = &xrd.spec.metadata {
        metadata.labels.extend(own.labels.clone());
        metadata.annotations.clone_from(&own.annotations);
    }
    // Core reads and writes XRDs as v1, so that is what it says of the owner, whatever the file says.
    metadata.owner_references.push(json!({
        "apiVersion": xrd::V1,
        "kind": xrd::KIND,
        "name": xrd.metadata.name,
        "controller": true,
        "blockOwnerDeletion": true,
    }));
    Crd {
        api_version: crd::API_VERSION.to_owned(),
        kind: crd::KIND.to_owned(),
        metadata,
        spec: CrdSpec {
            group: xrd.spec.group.clone(),
            names,
            scope,
            versions,
            conversion: xrd.spec.conversion.clone(),
        },
    }
}

/// The category goes to the end even if the author has named it.
fn in_category(names: &Names, category: &str) -> Names {
    let mut names = names.clone();
    names.categories.push(category.to_owned());
    names
}

/// The claim's names must differ from the XR's where both are written; see [`crate::admission`] for those that the API
/// server fills in.
fn claim_names(claim: &Names, xr: &Names) -> Result<(), Refusals> {
    let path = Path::new("spec").child("claimNames");
    let mut refusals = Refusals::default();
    let mut differ = |field: &str, ours: Option<&str>, theirs: Option<&str>| {
        if let Some(name) = ours
            && ours == theirs
        {
            refusals.add(
                Stage::Core,
                &path.child(field),
                format!("invalid resource claim names: {name:?} conflicts with composite resource name"),
                format!("name the claim differently from the XR, for example X{name} for the XR"),
            );
        }
    };
    let written = |name: &Option<String>| name.clone().filter(|name| !name.is_empty());
    differ("kind", Some(&claim.kind), Some(&xr.kind));
    differ("plural", Some(&claim.plural), Some(&xr.plural));
    differ("singular", written(&claim.singular).as_deref(), written(&xr.singular).as_deref());
    differ("listKind", written(&claim.list_kind).as_deref(), written(&xr.list_kind).as_deref());
    refusals.or(())
}

/// An XRD's JSON as etcd holds it: whole floats are integers, and integers beyond 64 bits are floats.
pub(crate) fn stored_numbers(value: &mut Value) {
    match value {
        Value::Number(number) if number.as_i64().is_none() => {
            if let Some(float) = number.as_f64() {
                *number = whole(float);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(stored_numbers),
        Value::Object(fields) => fields.values_mut().for_each(stored_numbers),
        _ => {}
    }
}
