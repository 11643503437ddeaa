//! What has no default must be said.
use planewright_xrd::schemars::{self, JsonSchema};
use planewright_xrd::{Xr, XrVersion};

#[derive(Xr, JsonSchema)]
#[xr(group = "files.example.org", version = "v1", kind = "Share")]
struct NoScope {
    region: String,
}

#[derive(Xr, JsonSchema)]
#[xr(group = "files.example.org", version = "v1", kind = "Share", scope = "Namespace")]
struct UnknownScope {
    region: String,
}

#[derive(Xr, JsonSchema)]
#[xr(group = "files.example.org", version = "v1", scope = "Cluster")]
struct NoKind {
    region: String,
}

#[derive(Xr, JsonSchema)]
struct NothingSaid {
    region: String,
}

#[derive(XrVersion, JsonSchema)]
struct NoVersion {
    region: String,
}

fn main() {}
