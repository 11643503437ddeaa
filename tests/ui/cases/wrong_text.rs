//! Text of what cannot be shown.
use planewright::compose::{Cx, Result};
use planewright::{composition, resource};
use ui_tests::*;
use planewright::text;

#[composition(xr = Store)]
fn compose(cx: &mut Cx<Store>) -> Result<()> {
    let bucket = resource!(cx, bucket: Bucket { spec.for_provider: { region: "eu" } });
    let size = cx.xr().spec.size;
    resource!(cx, policy: BucketPolicy {
        spec.for_provider: {
            policy: text!("{} {size} {missing}", bucket.status.conditions),
            region: text!("{} {}", "one"),
        },
    });
    let _ = text!(size);
    Ok(())
}

fn main() {}
