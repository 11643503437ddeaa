//! The XRDs that are committed are what the types say.

#[test]
fn the_xrds_are_up_to_date() {
    let platform = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    archives_api::definitions().check(platform).unwrap_or_else(|stale| panic!("{stale}"));
}
