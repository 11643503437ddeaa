//! What a control plane refuses: the API server when an XRD is applied, Crossplane when it derives the CRDs, the API
//! server again when it is given those, and both when nothing ever comes of it.
//!
//! Most of this is found late and quietly in a cluster (an event on the XRD, cut at 1,024 characters), so it is found
//! here before. [`admit`] judges an XRD, [`refusals`] a CRD on its own, [`conflicts`] definitions beside each other.
//!
//! Not judged here: the expressions of CEL rules (their syntax, which the command line judges, their types and cost, and
//! defaults that break a rule), and whatever depends on what the cluster holds already.

mod apply;
mod conflict;
mod conversion;
mod defaults;
mod definition;
mod format;
mod naming;
mod openapi;
mod pattern;
mod rules;
mod structural;
mod value;
mod xrd_schema;

use serde_json::Value;

pub use conflict::conflicts;

use crate::crd::Crd;
use crate::refusal::{Path, Refusal, Refusals, Stage};
use crate::schema::Schema;
use crate::xcrd;
use crate::xrd::Xrd;
use definition::Origin;

/// An XRD that nothing speaks against, and what the control plane makes of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Admitted {
    /// The XRD as it is stored, with the defaults of its own CRD.
    pub xrd: Xrd,
    /// The stored CRD of the XR.
    pub composite: Crd,
    /// The stored CRD of the claim, if one is offered.
    pub claim: Option<Crd>,
}

/// Judges an XRD (v1 or v2), as it was read from a file.
///
/// # Errors
/// Every refusal, each with its place in the XRD.
pub fn admit(raw: &Value) -> Result<Admitted, Refusals> {
    let mut refusals = Refusals::default();
    let Some(stored) = apply::check(raw, &mut refusals) else { return Err(refusals) };
    let xrd: Xrd = match serde_json::from_value(stored) {
        Ok(xrd) => xrd,
        Err(error) => {
            // What the schema of XRDs refuses has been said; this is what it does not see, such as a port of 2^40.
            if refusals.0.is_empty() {
                refusals.add(Stage::Apply, &Path::new("spec"), error.to_string(), "correct the field");
            }
            return Err(refusals);
        }
    };
    let mut later = Refusals::default();
    let (composite, found) = xcrd::composite_or_part(&xrd);
    later.extend(found);
    let (claim, found) = xcrd::claim_or_part(&xrd);
    later.extend(found);
    let (composite, claim) = (composite.map(xcrd::stored), claim.map(xcrd::stored));
    for (crd, names) in [(&composite, "names"), (&claim, "claimNames")] {
        if let Some(crd) = crd {
            later.extend(definition::check(crd, &origin(names)));
        }
    }
    establish(&xrd, &mut later);
    if let (Some(composite), Some(claim)) = (&composite, &claim) {
        let names = Path::new("spec").child("names");
        later.extend(conflict::between(composite, &names, claim, "the claim"));
    }
    let repeats = |later: &Refusal| refusals.0.iter().any(|first| is_about_the_same(&first.path, &later.path));
    later.0.retain(|refusal| !repeats(refusal));
    refusals.extend(later);
    match composite {
        Some(composite) => refusals.or(Admitted { xrd, composite, claim }),
        None => Err(refusals),
    }
}

/// Whether what is found later only repeats what is wrong with a name: `spec.names` is judged twice, and the names that
/// are left out follow from the others.
fn is_about_the_same(first: &str, later: &str) -> bool {
    first == later
        || ["spec.names", "spec.claimNames"].iter().any(|names| first.starts_with(names) && later.starts_with(names))
}

/// Whether a value is one that the API server takes where `schema` stands: by its type, enum, bounds, pattern, format and what else OpenAPI says, without CEL.
/// Patterns and formats that this crate cannot read count as fulfilled.
pub fn takes(schema: &Schema, value: &Value) -> bool {
    value::faults(value, schema, &Path::new("")).is_empty()
}

/// What is wrong with a regular expression of Go, in Go's words, if anything is.
pub fn pattern_refusal(pattern: &str) -> Option<String> {
    pattern::check(pattern).err()
}

/// Judges a CRD on its own, as it stands in a file: nothing is said of what the API server fills in.
pub fn refusals(crd: &Crd) -> Refusals {
    let metadata = Path::new("metadata");
    let spec = Path::new("spec");
    let origin = Origin {
        name: metadata.child("name"),
        names: spec.child("names"),
        annotations: metadata.child("annotations"),
        labels: metadata.child("labels"),
        spec,
    };
    let mut found = definition::check(&xcrd::stored(crd.clone()), &origin);
    for refusal in &mut found.0 {
        refusal.stage = Stage::Apply;
    }
    found
}

/// A derived CRD has its labels and annotations from `spec.metadata`; the XRD's own labels have been checked already.
fn origin(names: &str) -> Origin {
    let spec = Path::new("spec");
    let metadata = spec.child("metadata");
    Origin {
        name: Path::new("metadata").child("name"),
        names: spec.child(names),
        annotations: metadata.child("annotations"),
        labels: metadata.child("labels"),
        spec,
    }
}

/// Crossplane serves XRs at the referenceable version: it must be served.
fn establish(xrd: &Xrd, refusals: &mut Refusals) {
    for (i, version) in xrd.spec.versions.iter().enumerate() {
        if version.referenceable && !version.served {
            refusals.add(
                Stage::NeverEstablished,
                &Path::new("spec").child("versions").index(i).child("served"),
                format!("the referenceable version {:?} is not served, so the XRD is never established", version.name),
                "set served: true",
            );
        }
    }
}
