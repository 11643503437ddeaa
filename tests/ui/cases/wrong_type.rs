//! Values of another type than the schema says.
use planewright::compose::{Cx, Result};
use planewright::{composition, resource};
use ui_tests::*;

#[composition(xr = Store)]
fn compose(cx: &mut Cx<Store>) -> Result<()> {
    resource!(cx, bucket: Bucket {
        spec.for_provider: {
            region: 5,
            tags: { "team": true },
        },
    });
    Ok(())
}

fn main() {}
