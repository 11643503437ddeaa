//! What is not a composition.
use planewright::composition;
use planewright::compose::{Cx, Result};
use ui_tests::*;

#[composition]
fn nothing(_: &mut Cx<Store>) -> Result<()> {
    Ok(())
}

#[composition(xrr = Store)]
fn misspelt(_: &mut Cx<Store>) -> Result<()> {
    Ok(())
}

#[composition(xr = Fleet)]
fn another(_: &mut Cx<Store>) -> Result<()> {
    Ok(())
}

#[composition(xr = Store)]
async fn later(_: &mut Cx<Store>) -> Result<()> {
    Ok(())
}

#[composition(xr = Store)]
fn generic<T>(_: &mut Cx<Store>) -> Result<()> {
    Ok(())
}

fn main() {}
