//! Exactly one version is referenceable.
use planewright_xrd::schemars::{self, JsonSchema};
use planewright_xrd::{Xr, XrVersion};

#[derive(Xr, JsonSchema)]
#[xr(group = "files.example.org", version = "v1", kind = "Share", scope = "Namespaced", versions = [Second])]
struct First {
    region: String,
}

#[derive(Xr, JsonSchema)]
#[xr(group = "files.example.org", version = "v2", kind = "Share", scope = "Namespaced")]
struct Second {
    region: String,
}

#[derive(XrVersion, JsonSchema)]
#[xr(version = "v1beta1", referenceable = true)]
struct Referenceable {
    region: String,
}

#[derive(Xr, JsonSchema)]
#[xr(group = "files.example.org", version = "v1", kind = "Share", scope = "Namespaced", served = false)]
struct Unserved {
    region: String,
}

#[derive(XrVersion, JsonSchema)]
#[xr(version = "v1beta1", plural = "shares")]
struct OfTheKind {
    region: String,
}

fn main() {}
