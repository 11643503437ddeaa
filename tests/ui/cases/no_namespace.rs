//! A namespaced resource without a namespace, in a composite resource that lives in none.
use planewright::compose::{Cx, Result};
use planewright::{composition, resource};
use ui_tests::*;

#[composition(xr = Fleet)]
fn compose(cx: &mut Cx<Fleet>) -> Result<()> {
    resource!(cx, bucket: Bucket { spec.for_provider: { region: "eu" } });
    Ok(())
}

fn main() {}
