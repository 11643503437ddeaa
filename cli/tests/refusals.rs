//! What the program says to bad input: file, place, reason, remedy, and the exit code.

#![allow(clippy::unwrap_used, reason = "a test")]

mod support;

use support::{NETWORK, Place, SITE};

/// Exit code and standard error of a run on files.
fn told(files: &[(&str, &str)], line: &str) -> String {
    Place::with(files).run(line).told()
}

#[test]
fn a_path_that_is_not_there() {
    insta::assert_snapshot!(told(&[], "schemas add crds --name a"), @"");
    insta::assert_snapshot!(told(&[], "generate crds apis --out x"), @"");
    insta::assert_snapshot!(told(&[], "census crds/*.yaml"), @"");
    insta::assert_snapshot!(told(&[], "xrd convert site.yaml"), @"");
    insta::assert_snapshot!(told(&[], "claims generate"), @"");
    insta::assert_snapshot!(told(&[], "explain VPC"), @"");
    insta::assert_snapshot!(told(&[], "schemas verify"), @"");
}

#[test]
fn broken_yaml() {
    let broken =
        format!("{NETWORK}---\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n  spec: [\n");
    let files = [("crds/a.yaml", broken.as_str()), ("crds/b.yaml", "a: {{ .Values.x }}\n"), ("crds/c.yaml", "")];
    insta::assert_snapshot!(told(&files, "census crds"), @"");
    insta::assert_snapshot!(told(&[("x.yaml", "a: [")], "xrd convert x.yaml"), @"");
}

#[test]
fn a_bad_selector() {
    let files = [("crds/network.yaml", NETWORK)];
    insta::assert_snapshot!(told(&files, "schemas add crds --name a --select Network"), @"");
    insta::assert_snapshot!(told(&files, "schemas add crds --name a --select net.example.org/Network/v1"), @"");
    insta::assert_snapshot!(told(&files, "schemas add crds --name a --select net.example.org/Net"), @"");
    insta::assert_snapshot!(told(&files, "generate crds --out x --select Network"), @"");
    insta::assert_snapshot!(told(&files, "generate crds --out x --select *.example.com/*"), @"");
}

#[test]
fn a_name_that_is_a_path() {
    let ran = told(&[("crds/network.yaml", NETWORK)], "schemas add crds --name ../crds");
    insta::assert_snapshot!(ran, @"");
}

#[test]
fn a_kind_whose_name_leads_out_of_the_folder() {
    let crd = NETWORK.replace("plural: networks}", "plural: /../../networks}");
    insta::assert_snapshot!(told(&[("crds/a.yaml", &crd)], "schemas add crds --name a"), @"");
}

#[test]
fn two_definitions_of_one_name() {
    let other = NETWORK.replace("cidr:", "range:");
    let files = [("crds/a.yaml", NETWORK), ("crds/b.yaml", &other)];
    insta::assert_snapshot!(told(&files, "schemas add crds --name a"), @"");
    let misnamed = NETWORK.replace("name: networks.net.example.org", "name: nets.net.example.org");
    let files = [("crds/a.yaml", NETWORK), ("crds/b.yaml", &misnamed)];
    insta::assert_snapshot!(told(&files, "schemas add crds --name a"), @"");
}

#[test]
fn only_xrds_to_pin() {
    insta::assert_snapshot!(told(&[("apis/site.yaml", SITE)], "schemas add apis --name a"), @"");
}

#[test]
fn pinned_files_that_are_not_as_they_were() {
    let place = Place::platform();
    place.done("schemas add crds --name cloud");
    let network = "schemas/net.example.org_networks.yaml";
    place.write(network, &place.read(network).replace("type: string", "type: integer"));
    std::fs::remove_file(place.path("schemas/compute.example.org_servers.yaml")).unwrap();
    place.write("schemas/new.yaml", NETWORK);
    let verified = place.run("schemas verify");
    insta::assert_snapshot!(verified.told(), @"");
    assert_eq!(verified.out, "");
    insta::assert_snapshot!(place.run("generate schemas --out x").told(), @"");
    assert!(!place.path("x").exists());
}

#[test]
fn locks_that_are_no_locks() {
    let place = Place::platform();
    place.done("schemas add crds --name cloud");
    let lock = place.read("schemas/planewright.lock");
    place.write("schemas/planewright.lock", &lock.replace("version: 1", "version: 7"));
    insta::assert_snapshot!(place.run("schemas list").told(), @"");
    place.write("schemas/planewright.lock", "<<<<<<< ours\n");
    insta::assert_snapshot!(place.run("schemas list").told(), @"");
    place.write("schemas/planewright.lock", &lock);
    place.write("schemas/names.lock", "# names\nexample.org/v1/Site spec\n");
    insta::assert_snapshot!(place.run("schemas names").told(), @"");
}

#[test]
fn an_xrd_that_a_control_plane_refuses() {
    let wrong = SITE.replace("name: sites.example.org", "name: site.example.org").replace("type: integer", "type: int");
    let files = [("apis/site.yaml", wrong.as_str())];
    insta::assert_snapshot!(told(&files, "xrd convert apis/site.yaml"), @"");
    let named = SITE.replace("name: sites.example.org", "name: site.example.org");
    let files = [("apis/site.yaml", named.as_str()), ("crds/network.yaml", NETWORK)];
    insta::assert_snapshot!(told(&files, "generate crds apis --out x"), @"");
    insta::assert_snapshot!(told(&files, "claims generate --out x"), @"");
    insta::assert_snapshot!(told(&[("a.yaml", NETWORK)], "xrd convert a.yaml"), @"");
}

#[test]
fn what_explain_does_not_find() {
    let place = Place::platform();
    let told = |line: &str| place.run(&format!("{line} --schemas crds")).told();
    insta::assert_snapshot!(told("explain Sever"), @"");
    insta::assert_snapshot!(told("explain Elephant"), @"");
    insta::assert_snapshot!(told("explain other.org/Server"), @"");
    insta::assert_snapshot!(told("explain Server/v9"), @"");
    insta::assert_snapshot!(told("explain Server.spec.forProvider.sice"), @"");
    insta::assert_snapshot!(told("explain Server.spec.forProvider.size.unit"), @"");
    insta::assert_snapshot!(told("explain Server.spec.zebra"), @"");
    insta::assert_snapshot!(told("explain a/b/c/d"), @"");
    place.write("crds/other.yaml", &NETWORK.replace("net.example.org", "old.example.org"));
    insta::assert_snapshot!(told("explain Network"), @"");
}

#[test]
fn a_file_in_the_way() {
    let place = Place::platform();
    place.write("types/mod.rs", "// by hand\n");
    insta::assert_snapshot!(place.run("generate crds --out types").told(), @"");
    assert_eq!(place.files("types").len(), 1, "nothing was written");
    place.write("crate/Cargo.toml", "[package]\n");
    insta::assert_snapshot!(place.run("generate crds --out crate --crate types").told(), @"");
}

#[test]
fn a_crate_that_cannot_be() {
    let place = Place::platform();
    insta::assert_snapshot!(place.run("generate crds --out c --crate Types").told(), @"");
    insta::assert_snapshot!(place.run("generate crds --out c --crate types --sdk nowhere").told(), @"");
    insta::assert_snapshot!(place.run("generate crds --out c --sdk nowhere").told(), @"");
}
