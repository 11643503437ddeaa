//! A look-up of a key that nobody declares.
use planewright::compose::{Cx, Result};
use planewright::{composition, resource};
use ui_tests::*;

#[composition(xr = Store)]
fn compose(cx: &mut Cx<Store>) -> Result<()> {
    resource!(cx, bucket: Bucket { spec.for_provider: { region: "eu" } });
    let other = cx.handle::<Bucket>("bukcet");
    resource!(cx, policy: BucketPolicy { spec.for_provider: { bucket: &other } });
    Ok(())
}

fn main() {}
