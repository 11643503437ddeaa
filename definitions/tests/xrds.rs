//! The CRDs derived from an XRD are those that a real control plane stored: one test per folder of `tests/xrds`, whose
//! `crd-*.yaml` were written by `tests/record.sh`.

mod common;

use std::path::Path;

use planewright_definitions::admission::admit;
use planewright_definitions::xcrd;
use planewright_definitions::xrd::Xrd;
use serde_json::Value;

use common::{differ, read};

fn derived_as_recorded(xrd: &Path) -> datatest_stable::Result<()> {
    let raw = read(xrd)?;
    let admitted = admit(&raw)?;
    // The derivation alone gives the same, without the defaults that admission has filled in.
    let definition: Xrd = serde_json::from_value(raw)?;
    assert_eq!(xcrd::stored(xcrd::composite(&definition)?), admitted.composite);
    assert_eq!(xcrd::claim(&definition)?.map(xcrd::stored), admitted.claim);
    let mut differences = Vec::new();
    for (file, ours) in [("crd-xr.yaml", Some(admitted.composite)), ("crd-claim.yaml", admitted.claim)] {
        let recorded = xrd.with_file_name(file);
        let theirs = if recorded.exists() { read(&recorded)? } else { Value::Null };
        differ(file, &theirs, &serde_json::to_value(ours)?, &mut differences);
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    Ok(())
}

datatest_stable::harness! {
    { test = derived_as_recorded, root = "tests/xrds", pattern = r"/xrd\.yaml$" },
}
