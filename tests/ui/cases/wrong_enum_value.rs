//! A value that the enum does not have, and a text where an enum is expected.
use planewright::compose::{Cx, Result};
use planewright::{composition, resource};
use ui_tests::*;
use planewright::shapes::ManagementPolicy;

#[composition(xr = Store)]
fn compose(cx: &mut Cx<Store>) -> Result<()> {
    resource!(cx, bucket: Bucket {
        spec.management_policies: [ManagementPolicy::Obsreve],
        spec.for_provider: { region: "eu" },
    });
    resource!(cx, other: Bucket {
        spec.management_policies: ["Observe"],
        spec.for_provider: { region: "eu" },
    });
    Ok(())
}

fn main() {}
