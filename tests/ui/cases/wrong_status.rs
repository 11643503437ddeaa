//! A field that the status does not have, and one of another type.
use planewright::compose::{Cx, Result};
use planewright::{composition, resource};
use ui_tests::*;
use planewright::status;

#[composition(xr = Store)]
fn compose(cx: &mut Cx<Store>) -> Result<()> {
    let bucket = resource!(cx, bucket: Bucket { spec.for_provider: { region: "eu" } });
    status!(cx, {
        anr: bucket.status.at_provider.arn,
        arn: bucket.status.at_provider.size,
    });
    Ok(())
}

fn main() {}
