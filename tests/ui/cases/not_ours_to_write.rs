//! Fields that belong to others: the status and the identity of composed resources, conditions.
use planewright::compose::{Cx, Result};
use planewright::{composition, resource};
use ui_tests::*;
use planewright::status;

#[composition(xr = Store)]
fn compose(cx: &mut Cx<Store>) -> Result<()> {
    resource!(cx, bucket: Bucket {
        metadata.owner_references: [],
        metadata.uid: "1",
        spec.for_provider: { region: "eu" },
        status.at_provider.arn: "arn",
    });
    status!(cx, { conditions: [] });
    status!(cx, { spec.region: "eu" });
    Ok(())
}

fn main() {}
