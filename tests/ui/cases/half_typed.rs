//! Everything that is wrong is named, and nothing hides the rest.
use planewright::compose::{Cx, Result};
use planewright::{composition, resource};
use ui_tests::*;
use ui_tests::world::bucket_in;

#[composition(xr = Store)]
fn compose(cx: &mut Cx<Store>) -> Result<()> {
    let bucket = resource!(cx, bucket: Bucket { spec.for_provider: { region: "eu" } });
    resource!(cx, policy: BucketPolicy {
        spec.for_provider: {
            policy: "allow"
            region: "eu",
            bucket
        },
        spec.,
        metadata.name:,
    });
    resource!(cx, nothing);
    resource!(cx, bucket_too: Bucket { ..bucket_in("eu"), metadata.name: "a" } and more);
    Ok(())
}

fn main() {}
