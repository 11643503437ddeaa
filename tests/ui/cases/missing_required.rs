//! A field that a CEL rule of the provider asks for.
use planewright::compose::{Cx, Result};
use planewright::{composition, resource};
use ui_tests::*;

#[composition(xr = Store)]
fn compose(cx: &mut Cx<Store>) -> Result<()> {
    resource!(cx, bucket: Bucket {
        spec.for_provider: { size: 1 },
    });
    resource!(cx, login: Login { spec.for_provider: { user: "writer" } });
    Ok(())
}

fn main() {}
