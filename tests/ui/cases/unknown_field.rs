//! A field that the schema does not have.
use planewright::compose::{Cx, Result};
use planewright::{composition, resource};
use ui_tests::*;

#[composition(xr = Store)]
fn compose(cx: &mut Cx<Store>) -> Result<()> {
    resource!(cx, bucket: Bucket {
        spec.for_provider: {
            regoin: "eu",
            region: "eu",
        },
    });
    Ok(())
}

fn main() {}
