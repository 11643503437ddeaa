//! Keys, names and labels that Kubernetes would refuse.
use planewright::compose::{Cx, Result};
use planewright::{composition, resource};
use ui_tests::*;

#[composition(xr = Store)]
fn compose(cx: &mut Cx<Store>) -> Result<()> {
    resource!(cx, "my bucket": Bucket { spec.for_provider: { region: "eu" } });
    resource!(cx, other: Bucket {
        metadata.name: "My_Bucket",
        metadata.namespace: "team.a",
        metadata.labels: { "bad key": "x", "app": "not/a/value" },
        metadata.annotations: [("bad key", "any text at all")],
        spec.for_provider: { region: "eu" },
    });
    Ok(())
}

fn main() {}
