//! A cluster-scoped resource in a composite resource that lives in a namespace.
use planewright::compose::{Cx, Result};
use planewright::{composition, resource};
use ui_tests::*;

#[composition(xr = Store)]
fn compose(cx: &mut Cx<Store>) -> Result<()> {
    resource!(cx, region: Region { spec.name: "eu" });
    Ok(())
}

fn main() {}
