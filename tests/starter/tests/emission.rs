//! The Composition in the template is the one that the template's program emits.

#![allow(clippy::unwrap_used, reason = "a test")]

use planewright::platform::{Composition, Platform};
use planewright_definitions::yaml;
use serde_json::Value;
use starter_platform::{archive, package};

#[test]
fn the_committed_composition_is_the_emitted_one() {
    let platform = Platform::new("starter-platform", "0.1.0")
        .composition(Composition::new("archive", archive::archive))
        .package(package::package());
    let emission = platform.emit().unwrap();
    for (path, committed) in [
        ("apis/archives/composition.yaml", include_str!("../../../cli/template/apis/archives/composition.yaml")),
        ("apis/archives/definition.yaml", include_str!("../../../cli/template/apis/archives/definition.yaml")),
    ] {
        let committed: Value = yaml::from_str(committed, path).unwrap();
        assert_eq!(emission.object(path), Some(&committed), "{path}");
    }
}
