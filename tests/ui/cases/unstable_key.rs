//! Loops without a stable key.
use planewright::compose::{Cx, Result};
use planewright::{composition, resource};
use ui_tests::*;

#[composition(xr = Store)]
fn compose(cx: &mut Cx<Store>) -> Result<()> {
    for team in &cx.xr().spec.teams {
        resource!(cx, bucket: Bucket { spec.for_provider: { region: "eu", tags: { "team": (team) } } });
    }
    for (index, team) in cx.xr().spec.teams.iter().enumerate() {
        resource!(cx, "policy-{index}": BucketPolicy { spec.for_provider: { policy: (team) } });
    }
    Ok(())
}

fn main() {}
