//! A field that is set twice.
use planewright::compose::{Cx, Result};
use planewright::{composition, resource};
use ui_tests::*;

#[composition(xr = Store)]
fn compose(cx: &mut Cx<Store>) -> Result<()> {
    resource!(cx, bucket: Bucket {
        spec.for_provider.region: "eu",
        spec.for_provider: { region: "us", size: 1 },
        spec: (bucket::Spec::default()),
    });
    Ok(())
}

fn main() {}
