//! A value known later, of another type than the field; and one that is taken for a value that is there.
use planewright::compose::{Cx, Result};
use planewright::{composition, resource};
use ui_tests::*;

#[composition(xr = Store)]
fn compose(cx: &mut Cx<Store>) -> Result<()> {
    let bucket = resource!(cx, bucket: Bucket { spec.for_provider: { region: "eu" } });
    resource!(cx, policy: BucketPolicy {
        spec.for_provider: {
            policy: bucket.status.at_provider.size,
        },
    });
    Ok(())
}

fn main() {}
