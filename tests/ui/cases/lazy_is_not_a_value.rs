//! A value known later cannot be mistaken for one that is there: `text!` waits for it.
use planewright::compose::{Cx, Result};
use planewright::{composition, resource};
use ui_tests::*;
use planewright::path;

#[composition(xr = Store)]
fn compose(cx: &mut Cx<Store>) -> Result<()> {
    let bucket = resource!(cx, bucket: Bucket { spec.for_provider: { region: "eu" } });
    let arn = bucket.read(path!(status.at_provider.arn));
    let policy = format!("allow {arn}");
    resource!(cx, policy: BucketPolicy { spec.for_provider.policy: policy });
    Ok(())
}

fn main() {}
