//! A reference where the schema has none.
use planewright::compose::{Cx, Result};
use planewright::{composition, resource};
use ui_tests::*;

#[composition(xr = Store)]
fn compose(cx: &mut Cx<Store>) -> Result<()> {
    let bucket = resource!(cx, bucket: Bucket { spec.for_provider: { region: "eu" } });
    resource!(cx, policy: BucketPolicy {
        spec.for_provider: { policy: &bucket },
    });
    Ok(())
}

fn main() {}
