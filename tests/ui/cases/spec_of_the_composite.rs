//! The spec of the composite resource is its author's: a function must not write it.
use planewright::compose::{Cx, Result};
use planewright::composition;
use ui_tests::*;

#[composition(xr = Store)]
fn compose(cx: &mut Cx<Store>) -> Result<()> {
    cx.xr().spec.region = "us".to_owned();
    Ok(())
}

fn main() {}
