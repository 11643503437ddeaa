//! Fields that the schema does not have, on the way to a field and in what is read: both are reported.
use planewright::compose::{Cx, Result};
use planewright::{composition, resource};
use ui_tests::*;

#[composition(xr = Store)]
fn compose(cx: &mut Cx<Store>) -> Result<()> {
    let bucket = resource!(cx, bucket: Bucket { spec.for_provider: { region: "eu" } });
    resource!(cx, policy: BucketPolicy {
        spec.for_provder.policy: bucket.status.at_provider.nra,
    });
    Ok(())
}

fn main() {}
