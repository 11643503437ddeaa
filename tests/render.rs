//! Every input in `examples/xr` and `tests/render/cases`, rendered and compared with its snapshot: a test a file.
//!
//! A case may have, beside its composite resource `NAME.yaml`, what is observed of it: `NAME.observed.yaml`.
//! `INSTA_UPDATE=always cargo test --test render` writes the snapshots anew.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::Path;

use planewright::platform::Composition;
use planewright::testing::{Scenario, insta, settings, snapshot};
use reference_platform::{eks, network, sql_instance};

/// The composition for a composite resource, as a user writes it.
fn composition(composite: &str) -> Composition {
    let kind = composite.lines().find_map(|line| line.strip_prefix("kind: ")).unwrap();
    match kind {
        "EKS" => Composition::new("eks", eks::eks),
        "Network" => Composition::new("network", network::network),
        "SQLInstance" => Composition::new("sql_instance", sql_instance::sql_instance),
        other => panic!("nothing composes {other}"),
    }
}

fn render(path: &Path) -> datatest_stable::Result<()> {
    let composite = std::fs::read_to_string(path)?;
    let mut scenario = Scenario::new(&composite);
    let observed = path.with_extension("observed.yaml");
    if observed.is_file() {
        scenario = scenario.observe_yaml(&std::fs::read_to_string(observed)?);
    }
    let rendered = scenario.render(&composition(&composite));

    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let mut settings = settings();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/render/snapshots"));
    settings.bind(|| insta::assert_yaml_snapshot!(name, snapshot(&rendered)));
    Ok(())
}

datatest_stable::harness! {
    { test = render, root = "examples/xr", pattern = r"^[^.]+\.yaml$" },
    { test = render, root = "tests/render/cases", pattern = r"^[^.]+\.yaml$" },
}
