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
     = help: give the new API a name of its own, another plural or group; if no cluster has the old one, remove the file and build again
    "#);
    assert_eq!(place.read("out/apis/shops/definition.yaml"), before);
    // A package has the definition in it, whichever part is written.
    let packages = || std::fs::read(place.path("out/packages/shops.xpkg")).unwrap();
    let package = packages();
    for line in ["--out out --only packages", "--out fresh --only packages --against out/apis"] {
        let ran = place.run(&format!("build --platform platform {line}"));
        assert_eq!(ran.code, 2, "{}", ran.err);
        assert!(ran.err.contains("spec.names, spec.scope may not change"), "{}", ran.err);
    }
    assert!(packages() == package && !place.path("fresh").exists());
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
             = help: give the new API a name of its own, another plural or group; if no cluster has the old one, do not compare with it
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
    let git = |arguments: &[&str]| git(&place, arguments);
    place.write("apis/shops/definition.yaml", DEFINITION);
    git(&["init", "--quiet"]);
    git(&["add", "apis"]);
    place.done("build --platform platform --out before-the-first-commit");
    git(&["commit", "--quiet", "--message", "apis"]);
    place.write("apis/shops/definition.yaml", &DEFINITION.replace("group:", "scope: Cluster\n  group:"));
    insta::assert_snapshot!(place.run("build --platform platform --out other").told(), @r#"
    exit 2
    error: apis/shops/definition.yaml as Git has it: spec.scope may not change, and a cluster that has "shops.example.org" would refuse it
     = help: give the new API a name of its own, another plural or group; if no cluster has the old one, commit without it (`git rm --cached apis/shops/definition.yaml`) and build again
    "#);
    // Something else that is named is what counts, and so is what has been committed.
    place.done("build --platform platform --out other --against fresh");
    git(&["rm", "--quiet", "--cached", "apis/shops/definition.yaml"]);
    git(&["commit", "--quiet", "--message", "in no cluster yet"]);
    place.done("build --platform platform --out another");
}

/// What a Composition is for may not change either, and it can do so under another name.
#[test]
fn what_a_composition_is_for_is_not_changed() {
    let of = |version: &str, name: &str| {
        EMISSION.replace(
            r#""metadata": {"name": "shops"}, "spec": {"mode": "Pipeline"}"#,
            &format!(
                r#""metadata": {{"name": "{name}"}}, "spec": {{"mode": "Pipeline",
                  "compositeTypeRef": {{"apiVersion": "example.org/{version}", "kind": "Shop"}}}}"#
            ),
        )
    };
    let place = platform(&of("v1alpha1", "shops"));
    place.done("build --platform platform --only apis --out .");
    place.write("emission.json", &of("v1", "shops"));
    let build = || place.run("build --platform platform --only apis --out .");
    insta::assert_snapshot!(build().told(), @r#"
    exit 2
    error: ./apis/shops/composition.yaml: spec.compositeTypeRef may not change, and a cluster that has "shops" would refuse it
     = help: give the new Composition a name of its own with `Pipeline::name`; if no cluster has the old one, remove the file and build again
    "#);
    git(&place, &["init", "--quiet"]);
    git(&place, &["add", "apis"]);
    git(&place, &["commit", "--quiet", "--message", "apis"]);
    let before = place.read("apis/shops/composition.yaml");
    insta::assert_snapshot!(build().told(), @r#"
    exit 2
    error: apis/shops/composition.yaml as Git has it: spec.compositeTypeRef may not change, and a cluster that has "shops" would refuse it
     = help: give the new Composition a name of its own with `Pipeline::name`; if no cluster has the old one, commit without it (`git rm apis/shops/composition.yaml`) and build again
    "#);
    assert_eq!(place.read("apis/shops/composition.yaml"), before);
    // Either remedy helps.
    place.write("emission.json", &of("v1", "shops-v1"));
    place.done("build --platform platform --only apis --out .");
    git(&place, &["checkout", "--quiet", "apis"]);
    place.write("emission.json", &of("v1", "shops"));
    git(&place, &["rm", "--quiet", "apis/shops/composition.yaml"]);
    git(&place, &["commit", "--quiet", "--message", "in no cluster yet"]);
    let ran = build();
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(place.read("apis/shops/composition.yaml").contains("example.org/v1\n"));
}

/// Runs Git in a place.
fn git(place: &support::Place, arguments: &[&str]) {
    let identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"];
    let done =
        std::process::Command::new("git").current_dir(place.path("")).args(identity).args(arguments).output().unwrap();
    assert!(done.status.success(), "{done:?}");
}
