//! `planewright build`: what a cluster lets nobody change.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test")]

mod support;

use support::emission::{DEFINITION, EMISSION, platform};

#[test]
fn what_a_cluster_lets_nobody_change_is_not_changed() {
    let place = platform(EMISSION);
    place.done("build --platform platform --out out");
    let before = place.read("out/apis/shops/definition.yaml");
    let changed = EMISSION
        .replace(r#""scope": "Namespaced""#, r#""scope": "Cluster""#)
        .replace(r#""plural": "shops"}"#, r#""plural": "shops", "shortNames": ["sh"]}"#);
    place.write("emission.json", &changed);
    insta::assert_snapshot!(place.run("build --platform platform --out out").told(), @r#"
    exit 2
    error: out/apis/shops/definition.yaml: spec.names, spec.scope may not change, and a cluster that has "shops.example.org" would refuse it
     = help: give the new API a name of its own; if no cluster has the old one, remove the file and build again
    "#);
    assert_eq!(place.read("out/apis/shops/definition.yaml"), before);
    // Another definition is another matter, and so is a new version of this one.
    place.write("emission.json", &changed.replace("shops.example.org", "stores.example.org"));
    place.done("build --platform platform --out out");
}

/// A folder of output that is new has nothing to compare with, and Git or somebody has.
#[test]
fn what_a_cluster_lets_nobody_change_is_known_from_elsewhere() {
    let place = platform(&EMISSION.replace(r#""scope": "Namespaced""#, r#""scope": "Cluster""#));
    place.done("build --platform platform --out fresh");
    // As a cluster answers: a list, with what it adds. The definition leaves the scope to its default.
    let live = format!(
        "apiVersion: v1\nkind: List\nitems:\n- {{apiVersion: apiextensions.crossplane.io/v1, kind: Composition, metadata: {{name: shops}}}}\n- {}",
        DEFINITION
            .trim_end()
            .replace('\n', "\n  ")
            .replace("{name: shops.example.org}", "{name: shops.example.org, uid: abc}")
    );
    place.write("deployed/live.yaml", &live);
    for check in ["", " --check"] {
        insta::allow_duplicates! {
            insta::assert_snapshot!(place.run(&format!("build --platform platform --out other --against deployed{check}")).told(), @r#"
            exit 2
            error: deployed/live.yaml: spec.scope may not change, and a cluster that has "shops.example.org" would refuse it
             = help: give the new API a name of its own; if no cluster has the old one, do not compare with it
            "#);
        }
    }
    assert!(!place.path("other").exists());
    insta::assert_snapshot!(place.run("build --platform platform --out other --against nowhere").told(), @"
    exit 2
    error: there is no such file or folder
    --> nowhere
     = help: check the path and the folder you are in
    ");
    place.write("broken.yaml", "a: [");
    insta::assert_snapshot!(place.run("build --platform platform --out other --against broken.yaml").told(), @"
    exit 2
    error: not YAML: unclosed bracket '['
     --> broken.yaml:1:4
      |
    1 | a: [
      |    ^
      |
      = help: correct the syntax here or on the lines above; often it is an indentation, a tab, or an unquoted `: ` or `{{`
    ");

    // By default it is what Git has in apis/, whatever is there now.
    let git = |arguments: &[&str]| {
        let identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"];
        let done = std::process::Command::new("git")
            .current_dir(place.path(""))
            .args(identity)
            .args(arguments)
            .output()
            .unwrap();
        assert!(done.status.success(), "{done:?}");
    };
    place.write("apis/shops/definition.yaml", DEFINITION);
    git(&["init", "--quiet"]);
    git(&["add", "apis"]);
    place.done("build --platform platform --out before-the-first-commit");
    git(&["commit", "--quiet", "--message", "apis"]);
    place.write("apis/shops/definition.yaml", &DEFINITION.replace("group:", "scope: Cluster\n  group:"));
    insta::assert_snapshot!(place.run("build --platform platform --out other").told(), @r#"
    exit 2
    error: apis/shops/definition.yaml as Git has it: spec.scope may not change, and a cluster that has "shops.example.org" would refuse it
     = help: give the new API a name of its own; if no cluster has the old one, commit the new one and build again
    "#);
    // Something else that is named is what counts, and so is what has been committed.
    place.done("build --platform platform --out other --against fresh");
    git(&["add", "apis"]);
    git(&["commit", "--quiet", "--message", "in no cluster yet"]);
    place.done("build --platform platform --out another");
}
