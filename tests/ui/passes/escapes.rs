//! What lifts a requirement, and what tells keys apart.
use planewright::compose::{Cx, Result};
use planewright::{composition, resource};
use ui_tests::*;
use planewright::shapes::ManagementPolicy;

#[composition(xr = Store)]
fn compose(cx: &mut Cx<Store>) -> Result<()> {
    let base = Bucket::default();
    let size = Some(1);
    resource!(cx, observed: Bucket { spec.management_policies: [ManagementPolicy::Observe, ManagementPolicy::Delete] });
    resource!(cx, login: Login { spec.for_provider.password_secret_ref: { name: "login", key: "password" } });
    resource!(cx, initial: Bucket { spec.init_provider: { region: "eu" } });
    resource!(cx, initial_value: Bucket { spec.init_provider: (bucket::ForProvider::default()) });
    resource!(cx, from_base: Bucket { spec.for_provider: { size: size }, ..base });
    resource!(cx, by_value: Bucket { spec.for_provider: (bucket::ForProvider::default()) });
    resource!(cx, completed_elsewhere: Bucket { spec.for_provider: { size: 1 }, .. });
    for team in &cx.xr().spec.teams {
        resource!(cx, "bucket-{team}": Bucket { spec.for_provider: { region: "eu" } });
    }
    resource!(cx, as_wide_as_asked: Bucket { spec.for_provider: { region: cx.xr().spec.region, size: cx.xr().spec.size } });
    if cx.xr().spec.size.is_some() {
        resource!(cx, either: Bucket { spec.for_provider: { region: "eu" } });
    } else {
        resource!(cx, either: Bucket { spec.for_provider: { region: "us" } });
    }
    Ok(())
}

/// In no namespace, every resource says its own, and cluster-scoped ones need none.
#[composition(xr = Fleet)]
fn fleet(cx: &mut Cx<Fleet>) -> Result<()> {
    resource!(cx, region: Region { spec.name: "eu" });
    resource!(cx, bucket: Bucket { metadata.namespace: "team-a", spec.for_provider: { region: "eu" } });
    resource!(cx, other: Bucket { metadata: { namespace: "team-a" }, spec.for_provider.region: "eu" });
    Ok(())
}

/// Whether the compositions are what `main!` takes.
#[allow(dead_code)]
fn register() -> [planewright::platform::Composition; 2] {
    use planewright::platform::Composition;
    [Composition::new("compose", compose), Composition::new("fleet", fleet)]
}

fn main() {}
