//! Crossplane has fields of its own.
use planewright_xrd::Xr;
use planewright_xrd::schemars::{self, JsonSchema};

#[derive(Xr, JsonSchema)]
#[xr(group = "files.example.org", version = "v1", kind = "Share", scope = "Namespaced")]
struct Modern {
    crossplane: String,
    claim_ref: String,
}

#[derive(Xr, JsonSchema)]
#[schemars(rename_all = "camelCase")]
#[xr(group = "files.example.org", version = "v1", kind = "XShare", scope = "LegacyCluster", claim = "Share")]
struct Legacy {
    claim_ref: String,
    #[serde(rename = "resourceRef")]
    reference: String,
}

fn main() {}
