//! What `#[xr(…)]` does not take.
use planewright_xrd::Xr;
use planewright_xrd::schemars::{self, JsonSchema};

#[derive(Xr, JsonSchema)]
#[xr(group = "files.example.org", version = "v1", kind = "Share", scope = "Cluster", claim = "Folder")]
struct Claimed {
    region: String,
}

#[derive(Xr, JsonSchema)]
#[xr(group = "files.example.org", version = "v1", kind = "Share", scope = "Cluster", plurals = "shares")]
struct Unknown {
    region: String,
}

#[derive(Xr, JsonSchema)]
#[xr(group = "files.example.org", version = "v1", kind = "Share", scope = "Cluster", kind = "Folder")]
struct Twice {
    region: String,
}

#[derive(Xr, JsonSchema)]
#[xr(group = "files.example.org", version = 1, kind = "Share", scope = "Cluster")]
struct NoText {
    region: String,
}

#[derive(Xr, JsonSchema)]
#[xr(group = "files.example.org", version = "v1", kind = "Share", scope = "Cluster", update_policy = "Never")]
struct UnknownPolicy {
    region: String,
}

#[derive(Xr, JsonSchema)]
#[xr(group = "files.example.org", version = "v1", kind = "Share", scope = "Cluster", columns = [".spec.region"])]
struct NoColumn {
    region: String,
}

#[derive(Xr, JsonSchema)]
#[xr(group = "files.example.org", version = "v1", kind = "Share", scope = "Cluster")]
enum Choice {
    Region { name: String },
}

#[derive(Xr)]
#[xr(group = "files.example.org", version = "v1", kind = "Share", scope = "Cluster")]
struct NoSchema {
    region: String,
}

fn main() {}
