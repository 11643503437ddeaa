//! The spec of a composite resource is one type.
use planewright_xrd::Xr;
use planewright_xrd::schemars::{self, JsonSchema};

#[derive(Xr, JsonSchema)]
#[xr(group = "files.example.org", version = "v1", kind = "Share", scope = "Namespaced")]
struct Spec<T>
where
    T: JsonSchema,
{
    sizes: Vec<T>,
}

fn main() {}
