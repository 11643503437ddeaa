//! What `planewright new` writes, and what it refuses.

#![allow(clippy::unwrap_used, reason = "a test")]

mod support;

use std::collections::BTreeMap;
use std::path::Path;

use planewright_definitions::{admission, yaml};
use serde_json::Value;

use support::Place;

/// The repository, which is a checkout of planewright.
fn checkout() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().display().to_string()
}

/// The files below a folder by their path in it.
fn files(place: &Place, folder: &str) -> BTreeMap<String, String> {
    let below = |(path, text): (String, String)| (path.trim_start_matches(&format!("{folder}/")).to_owned(), text);
    place.files(folder).into_iter().map(below).collect()
}

#[test]
fn a_project_is_the_template_with_other_names() {
    let place = Place::with(&[]);
    place.done(&format!("new starter-platform --sdk {}", checkout()));
    let mut written = files(&place, "starter-platform");
    let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("template");
    let mut folders = vec![template.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(&template).unwrap().display().to_string();
            let written = written.remove(&name.replace(".template", ""));
            let written =
                written.unwrap_or_else(|| panic!("cli/template/{name} is not written; name it in template.rs"));
            // Where the crates are stands in manifests alone.
            if !name.contains(".template") {
                assert_eq!(written, std::fs::read_to_string(path).unwrap(), "{name}");
            }
        }
    }
    assert!(written.is_empty(), "not in cli/template: {:?}", written.keys());
}

#[test]
fn another_name_and_group_stand_everywhere() {
    let place = Place::with(&[]);
    place.done("new my-shop --group shop-2.type.acme.io");
    let files = files(&place, "my-shop");
    for (path, text) in &files {
        for old in ["starter", "platform.example.org", "org::example", "org/example"] {
            assert!(!text.contains(old), "{path} still says {old}");
        }
    }
    assert!(files["src/lib.rs"].contains("pub use types::io::acme::r#type::shop_2::v1alpha1 as api;"));
    assert!(files["src/main.rs"].contains("use my_shop::archive;"));
    assert!(files["src/package.rs"].contains("registry.example.org/acme/my-shop"));
    assert!(files["generated/src/archive.rs"].contains("shop-2.type.acme.io/v1alpha1"));
}

#[test]
fn all_that_is_written_is_sound() {
    let place = Place::with(&[]);
    place.done("new null --group platform.acme.io");
    for (path, text) in files(&place, "null") {
        if [".yaml", ".yml", ".snap"].iter().any(|end| path.ends_with(end)) {
            for document in yaml::documents(&text) {
                let _: Value = yaml::read(&document, &path).unwrap();
            }
        }
    }
    let definition: Value = yaml::from_str(&place.read("null/apis/archives/definition.yaml"), "").unwrap();
    assert_eq!(definition["spec"]["group"], "platform.acme.io");
    admission::admit(&definition).unwrap();

    // What continuous integration asks of the project without a compiler.
    let program = Path::new(env!("CARGO_BIN_EXE_planewright"));
    let before = files(&place, "null");
    for line in ["schemas verify", "schemas names", "claims generate --check", "fmt --check"] {
        let run =
            std::process::Command::new(program).args(line.split(' ')).current_dir(place.path("null")).output().unwrap();
        assert!(run.status.success(), "{line}: {}", String::from_utf8_lossy(&run.stderr));
    }
    assert_eq!(files(&place, "null"), before, "names.lock is as `schemas names` would write it");
}

/// A place with a folder `checkout`, which looks like one of planewright.
fn beside_a_checkout() -> Place {
    let place = Place::with(&[]);
    for (name, folder) in
        [("planewright", "sdk"), ("planewright-codegen", "codegen"), ("planewright-definitions", "definitions")]
    {
        place.write(&format!("checkout/{folder}/Cargo.toml"), &format!("[package]\nname = \"{name}\"\n"));
    }
    place
}

#[test]
fn the_crates_come_from_the_registry_or_from_a_checkout() {
    let place = beside_a_checkout();
    let dependencies = |folder: &str| {
        let lines = |path: &str| {
            let text = place.read(&format!("{folder}/{path}"));
            let lines: Vec<&str> = text.lines().filter(|line| line.starts_with("planewright")).collect();
            lines.join("\n")
        };
        format!("{}\n{}", lines("Cargo.toml"), lines("generated/Cargo.toml"))
    };
    place.done("new demo");
    let published = dependencies("demo");
    insta::assert_snapshot!(published.replace(env!("CARGO_PKG_VERSION"), "VERSION"), @r#"
    planewright = { version = "VERSION" }
    planewright-codegen = { version = "VERSION" }
    planewright = { version = "VERSION", features = ["testing"] }
    planewright-definitions = { version = "VERSION" }
    "#);

    let named = place.run("new demo --path other/demo --sdk checkout");
    insta::assert_snapshot!(named.told(), @"
    exit 0
    other/demo: the platform demo, with the API Archive of platform.example.org
    note: its crates of planewright are those in checkout, by path; continuous integration finds published ones only
    next:
      cd other/demo
      cargo test
      planewright dev
    ");
    insta::assert_snapshot!(dependencies("other/demo"), @r#"
    planewright = { path = "../../checkout/sdk" }
    planewright-codegen = { path = "../../checkout/codegen" }
    planewright = { path = "../../checkout/sdk", features = ["testing"] }
    planewright-definitions = { path = "../../../checkout/definitions" }
    "#);
    // The folder of the sdk will do as well, and in a checkout nothing needs to be said.
    place.done("new demo --path again/demo --sdk checkout/sdk");
    assert_eq!(dependencies("again/demo"), dependencies("other/demo"));
    let program = std::process::Command::new(env!("CARGO_BIN_EXE_planewright"))
        .args(["new", "demo", "--path", "../other/demo-2"])
        .current_dir(place.path("checkout"))
        .status();
    assert!(program.unwrap().success());
    assert_eq!(dependencies("other/demo-2"), dependencies("other/demo"), "those that are worked in");
    place.done("new demo --path checkout/demo");
    insta::assert_snapshot!(dependencies("checkout/demo"), @r#"
    planewright = { path = "../sdk" }
    planewright-codegen = { path = "../codegen" }
    planewright = { path = "../sdk", features = ["testing"] }
    planewright-definitions = { path = "../../definitions" }
    "#);
}

#[cfg(unix)]
#[test]
fn a_link_on_the_way_leads_no_crate_elsewhere() {
    let place = beside_a_checkout();
    std::fs::create_dir_all(place.path("real/deep")).unwrap();
    std::os::unix::fs::symlink(place.path("real/deep"), place.path("link")).unwrap();
    place.done("new demo --path link/demo --sdk checkout");
    assert!(place.read("real/deep/demo/Cargo.toml").contains(r#"planewright = { path = "../../../checkout/sdk" }"#));
}

#[test]
fn continuous_integration_is_what_was_asked_for() {
    let place = Place::with(&[]);
    let written = |arguments: &str| {
        let name = format!("p{}", arguments.len());
        place.done(&format!("new {name} {arguments}"));
        (place.path(&format!("{name}/.github")).exists(), place.path(&format!("{name}/.gitlab-ci.yml")).exists())
    };
    assert_eq!(written(""), (true, true));
    assert_eq!(written("--ci github"), (true, false));
    assert_eq!(written("--ci gitlab "), (false, true));
    assert_eq!(written("--ci github --ci gitlab"), (true, true));
    assert_eq!(written("--ci none"), (false, false));
}

#[test]
fn an_empty_folder_is_filled_and_any_other_left_alone() {
    let place = Place::with(&[("full/notes.txt", "mine"), ("file", "mine")]);
    std::fs::create_dir(place.path("empty")).unwrap();
    place.done("new demo --path empty");
    assert!(place.path("empty/Cargo.toml").exists());
    let before = place.files("");
    let told = |line: &str| place.run(line).told().replace(&place.path("").display().to_string(), "/here/");
    insta::assert_snapshot!(told("new demo --path full"), @"
    exit 2
    error: /here/full is there, and is not empty
     = help: name another folder with --path, or move away what is there
    ");
    insta::assert_snapshot!(told("new demo --path file"), @"
    exit 2
    error: /here/file is there, and is no folder
     = help: name another folder with --path, or move away what is there
    ");
    insta::assert_snapshot!(told("new demo --path file/deep/demo"), @"
    exit 2
    error: /here/file is there, and is no folder
     = help: name another folder with --path, or move away what is there
    ");
    insta::assert_snapshot!(told("new demo --path gone/../demo"), @"
    exit 2
    error: /here/gone/../demo leads through folders that are not there
     = help: name the folder without `..`
    ");
    assert_eq!(place.run("new empty").code, 2);
    assert_eq!(place.files(""), before, "nothing was written, and nothing left over");
}

#[test]
fn names_that_cannot_be_are_refused_with_a_remedy() {
    let place = Place::with(&[]);
    let lines = [
        "new Demo",
        "new async",
        "new test",
        "new demo --group example",
        "new demo --group widgets.k8s.io",
        "new demo --sdk .",
        "new demo --ci none --ci github",
    ];
    let told = lines.map(|line| {
        let ran = place.run(line);
        assert_eq!(ran.code, 2, "{line}");
        format!("> {line}\n{}", ran.err)
    });
    insta::assert_snapshot!(told.concat(), @r#"
    > new Demo
    error: `Demo` is no name for a platform: crates and packages in registries cannot both have it
     = help: use lower-case letters, digits and `-`, beginning with a letter, such as `storage-platform`
    > new async
    error: `async` is no name for a platform: it is a word of Rust
     = help: add a word to it, such as `async-platform`
    > new test
    error: `test` is no name for a platform: cargo or a crate that it depends on has it already
     = help: take another one, such as `storage-platform`
    > new demo --group example
    error: `example` is no group of an API
     = help: name a domain that is yours, in lower case, such as `platform.example.org`
    > new demo --group widgets.k8s.io
    error: the XRD archives.widgets.k8s.io would be refused, for one reason
    --> --group widgets.k8s.io
     = at spec.metadata.annotations[api-approved.kubernetes.io] (when Crossplane creates the CRD): Required value: protected groups must have approval annotation "api-approved.kubernetes.io", see https://github.com/kubernetes/enhancements/pull/1111
       help: use a group of a domain of your own
    > new demo --sdk .
    error: the crates of planewright are not in .
     = help: name a checkout of planewright with --sdk, or leave it out for the published crates
    > new demo --ci none --ci github
    error: `--ci none` stands beside another `--ci`
     = help: leave one of them out
    "#);
    assert_eq!(place.run(&format!("new {}", "a".repeat(41))).code, 2);
    assert!(place.files("").is_empty());
}

#[test]
fn every_file_is_one_that_anybody_may_read() {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let place = Place::with(&[]);
        place.done("new demo");
        std::fs::create_dir(place.path("other")).unwrap();
        let mode = |path: &str| std::fs::metadata(place.path(path)).unwrap().permissions().mode();
        assert_eq!(mode("demo"), mode("other"), "the folder is as one made by hand");
    }
}
