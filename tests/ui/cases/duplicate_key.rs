//! One key for two resources.
use planewright::compose::{Cx, Result};
use planewright::{composition, resource};
use ui_tests::*;

#[composition(xr = Store)]
fn compose(cx: &mut Cx<Store>) -> Result<()> {
    resource!(cx, bucket: Bucket { spec.for_provider: { region: "eu" } });
    resource!(cx, "bucket": Bucket { spec.for_provider: { region: "us" } });
    Ok(())
}

fn main() {}
