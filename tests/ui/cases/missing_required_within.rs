//! A field that the schema requires of an item in a list.
use planewright::compose::{Cx, Result};
use planewright::{composition, resource};
use ui_tests::*;

#[composition(xr = Store)]
fn compose(cx: &mut Cx<Store>) -> Result<()> {
    resource!(cx, bucket: Bucket {
        spec.for_provider: {
            region: "eu",
            rule: [{ name: "first" }, { days: 30 }],
        },
    });
    Ok(())
}

fn main() {}
