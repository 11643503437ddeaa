//! A reference to a resource of another kind.
use planewright::compose::{Cx, Result};
use planewright::{composition, resource};
use ui_tests::*;

#[composition(xr = Store)]
fn compose(cx: &mut Cx<Store>) -> Result<()> {
    let policy = resource!(cx, policy: BucketPolicy {});
    resource!(cx, other: BucketPolicy {
        spec.for_provider: { bucket: &policy },
    });
    Ok(())
}

fn main() {}
