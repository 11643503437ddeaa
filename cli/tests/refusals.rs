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
    insta::assert_snapshot!(told(&[], "schemas add crds --name a"), @"
    exit 2
    error: there is no such file or folder
    --> crds
     = help: check the path and the folder you are in
    ");
    insta::assert_snapshot!(told(&[], "generate crds apis --out x"), @"
    exit 2
    error: there is no such file or folder
    --> crds
     = help: check the path and the folder you are in

    error: there is no such file or folder
    --> apis
     = help: check the path and the folder you are in
    ");
    insta::assert_snapshot!(told(&[], "census crds/*.yaml"), @"
    exit 2
    error: the glob matches nothing
    --> crds/*.yaml
     = help: check the pattern and the folder you are in
    ");
    insta::assert_snapshot!(told(&[], "xrd convert site.yaml"), @"
    exit 2
    error: there is no such file
    --> site.yaml
     = help: check the path and the folder you are in
    ");
    insta::assert_snapshot!(told(&[], "claims generate"), @"
    exit 2
    error: there is no such file or folder
    --> apis
     = help: check the path and the folder you are in
    ");
    insta::assert_snapshot!(told(&[], "explain VPC"), @"
    exit 2
    error: there is neither a folder `schemas` nor a folder `apis` here
     = help: name them with --schemas and --apis, or go to the folder of a platform
    ");
    insta::assert_snapshot!(told(&[], "schemas verify"), @"
    exit 2
    error: there is no planewright.lock in schemas
     = help: pin schemas with `planewright schemas add`, or name their folder with --dir
    ");
}

#[test]
fn broken_yaml() {
    let broken =
        format!("{NETWORK}---\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n  spec: [\n");
    let files = [("crds/a.yaml", broken.as_str()), ("crds/b.yaml", "a: {{ .Values.x }}\n"), ("crds/c.yaml", "")];
    insta::assert_snapshot!(told(&files, "census crds"), @"
    exit 2
    error: not YAML: mapping values are not allowed in this context
      --> crds/a.yaml:40:7
       |
    38 | apiVersion: apiextensions.k8s.io/v1
    39 | kind: CustomResourceDefinition
    40 |   spec: [
       |       ^
       |
       = note: in document 2 of the file
       = help: correct the syntax here or on the lines above; often it is an indentation, a tab, or an unquoted `: ` or `{{`

    error: `{{` opens two mappings in YAML, and a mapping is no key
     --> crds/b.yaml:1:5
      |
    1 | a: {{ .Values.x }}
      |     ^
      |
      = help: render the template first, or quote the expression

    error: the file is empty: it holds no document
    --> crds/c.yaml
     = help: remove the file, or write the definition that belongs in it
    ");
    insta::assert_snapshot!(told(&[("x.yaml", "a: [")], "xrd convert x.yaml"), @"
    exit 2
    error: not YAML: unclosed bracket '['
     --> x.yaml:1:4
      |
    1 | a: [
      |    ^
      |
      = help: correct the syntax here or on the lines above; often it is an indentation, a tab, or an unquoted `: ` or `{{`
    ");
}

#[test]
fn a_bad_selector() {
    let files = [("crds/network.yaml", NETWORK)];
    insta::assert_snapshot!(told(&files, "schemas add crds --name a --select Network"), @"
    exit 2
    error: `Network` selects no kind
     = help: write GROUP/KIND, where `*` stands for any text, such as `ec2.aws.m.upbound.io/*`; `planewright census PATH` counts what is there
    ");
    insta::assert_snapshot!(told(&files, "schemas add crds --name a --select net.example.org/Network/v1"), @"
    exit 2
    error: `net.example.org/Network/v1` names a version
     = help: leave the version out: kinds are pinned with all their versions, and a build script selects one
    ");
    insta::assert_snapshot!(told(&files, "schemas add crds --name a --select net.example.org/Net"), @"
    exit 2
    error: no kind fits net.example.org/Net; 1 other is in the input
     = help: write GROUP/KIND, where `*` stands for any text, such as `ec2.aws.m.upbound.io/*`; `planewright census PATH` counts what is there
    ");
    insta::assert_snapshot!(told(&files, "generate crds --out x --select Network"), @"
    exit 2
    error: `Network` selects nothing: write GROUP/KIND or GROUP/KIND/VERSION, such as `ec2.aws.m.upbound.io/*` or `s3.aws.m.upbound.io/Bucket/v1beta1`
    ");
    insta::assert_snapshot!(told(&files, "generate crds --out x --select *.example.com/*"), @"
    exit 2
    error: no kind fits *.example.com/*
     = help: `*` stands for any text: `*/*` is every kind, `*/*/*` every version of every kind
    ");
}

#[test]
fn a_name_that_is_a_path() {
    let ran = told(&[("crds/network.yaml", NETWORK)], "schemas add crds --name ../crds");
    insta::assert_snapshot!(ran, @"
    exit 2
    error: invalid value '../crds' for '--name <NAME>': use letters, digits, `-`, `_`, `.` and `+`, beginning with a letter or digit

    For more information, try '--help'.
    ");
}

#[test]
fn a_kind_whose_name_leads_out_of_the_folder() {
    let crd = NETWORK.replace("plural: networks}", "plural: /../../networks}");
    insta::assert_snapshot!(told(&[("crds/a.yaml", &crd)], "schemas add crds --name a"), @"
    exit 2
    error: networks.net.example.org is of a kind that no API server takes
     = help: correct spec.group and spec.names.plural: they are names of the DNS, and the file is named after them
    ");
}

#[test]
fn two_definitions_of_one_name() {
    let other = NETWORK.replace("cidr:", "range:");
    let files = [("crds/a.yaml", NETWORK), ("crds/b.yaml", &other)];
    insta::assert_snapshot!(told(&files, "schemas add crds --name a"), @"
    exit 2
    error: two CustomResourceDefinitions are named networks.net.example.org, with different content; the other one is at crds/a.yaml:1
    --> crds/b.yaml:1
     = help: keep one of them: a cluster has one definition of a name, and which one counts must not depend on order
    ");
    let misnamed = NETWORK.replace("name: networks.net.example.org", "name: nets.net.example.org");
    let files = [("crds/a.yaml", NETWORK), ("crds/b.yaml", &misnamed)];
    insta::assert_snapshot!(told(&files, "schemas add crds --name a"), @"
    exit 2
    error: two definitions are of the kind in net.example.org_networks.yaml
     = help: keep one of them: a CRD is named `<plural>.<group>`
    ");
}

#[test]
fn only_xrds_to_pin() {
    insta::assert_snapshot!(told(&[("apis/site.yaml", SITE)], "schemas add apis --name a"), @"
    exit 2
    error: there are only XRDs here
     = help: XRDs are not pinned: put them into apis/
    ");
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
    insta::assert_snapshot!(verified.told(), @"
    exit 3
    error: a pinned file is missing
    --> schemas/compute.example.org_servers.yaml
     = note: pinned as sha256:570c6df66c48045b9db41322f46fd6f8d5f465677db31dfdef2125369299b27b
     = help: restore it from version control, or pin the source again with `planewright schemas add`

    error: this is not the file that was pinned
    --> schemas/net.example.org_networks.yaml
     = note: pinned as sha256:58325c6adfd4f6f1cd0c48c26a77135fb2e3e7837e8949c08211564336f1bad5
     = note: it is     sha256:18cf1c4f463b9b5caea8f3ce7894a6380ce5b3818e6c4e3b020982771855221d
     = help: restore it from version control, or pin the source again with `planewright schemas add`

    error: this file was not pinned
    --> schemas/new.yaml
     = note: it is     sha256:6167cfe10e80b0dbfa3b63ad59c6b8c7790ae02b55047ee9c2dab77a1533fb3b
     = help: pin its source with `planewright schemas add`, or move it out of the folder

    schemas: 2 files are pinned, 3 differences found
    ");
    assert_eq!(verified.out, "");
    insta::assert_snapshot!(place.run("generate schemas --out x").told(), @"
    exit 2
    error: a pinned file is missing
    --> schemas/compute.example.org_servers.yaml
     = note: pinned as sha256:570c6df66c48045b9db41322f46fd6f8d5f465677db31dfdef2125369299b27b
     = help: restore it from version control, or pin the source again with `planewright schemas add`

    error: this is not the file that was pinned
    --> schemas/net.example.org_networks.yaml
     = note: pinned as sha256:58325c6adfd4f6f1cd0c48c26a77135fb2e3e7837e8949c08211564336f1bad5
     = note: it is     sha256:18cf1c4f463b9b5caea8f3ce7894a6380ce5b3818e6c4e3b020982771855221d
     = help: restore it from version control, or pin the source again with `planewright schemas add`

    error: this file was not pinned
    --> schemas/new.yaml
     = note: it is     sha256:6167cfe10e80b0dbfa3b63ad59c6b8c7790ae02b55047ee9c2dab77a1533fb3b
     = help: pin its source with `planewright schemas add`, or move it out of the folder
    ");
    assert!(!place.path("x").exists());
}

#[test]
fn locks_that_are_no_locks() {
    let place = Place::platform();
    place.done("schemas add crds --name cloud");
    let lock = place.read("schemas/planewright.lock");
    place.write("schemas/planewright.lock", &lock.replace("version: 1", "version: 7"));
    insta::assert_snapshot!(place.run("schemas list").told(), @"
    exit 2
    error: version 7 of the lock is not known here
    --> schemas/planewright.lock
     = help: use the planewright that wrote it, or a newer one
    ");
    place.write("schemas/planewright.lock", "<<<<<<< ours\n");
    insta::assert_snapshot!(place.run("schemas list").told(), @"
    exit 2
    error: line 1 is not of a lock's form: expected mapping start
    --> schemas/planewright.lock
     = help: restore it from version control; `planewright schemas add` brings it up to date
    ");
    place.write("schemas/planewright.lock", &lock);
    place.write("schemas/names.lock", "# names\nexample.org/v1/Site spec\n");
    insta::assert_snapshot!(place.run("schemas names").told(), @"
    exit 2
    error: line 2 is not `GROUP/VERSION/KIND PATH NAME`
    --> schemas/names.lock
     = help: restore the file from version control, or remove it to name all types anew
    ");
}

#[test]
fn an_xrd_that_a_control_plane_refuses() {
    let wrong = SITE.replace("name: sites.example.org", "name: site.example.org").replace("type: integer", "type: int");
    let files = [("apis/site.yaml", wrong.as_str())];
    insta::assert_snapshot!(told(&files, "xrd convert apis/site.yaml"), @r#"
    exit 2
    error: the XRD site.example.org would be refused, for 3 reasons
    --> apis/site.yaml:1
     = at metadata.name (when Crossplane creates the CRD): Invalid value: "site.example.org": must be spec.names.plural+"."+spec.group
       help: set metadata.name to sites.example.org
     = at spec.versions[0].schema.openAPIV3Schema.properties[spec].properties[replicas].default (when Crossplane creates the CRD): Invalid value: "integer":  in body must be of type int: "integer"
       help: make the default a value that the schema allows
     = at spec.versions[0].schema.openAPIV3Schema.properties[spec].properties[replicas].type (when Crossplane creates the CRD): Unsupported value: "int": supported values: "array", "boolean", "integer", "number", "object", "string"
       help: set one of these types
    "#);
    let named = SITE.replace("name: sites.example.org", "name: site.example.org");
    let files = [("apis/site.yaml", named.as_str()), ("crds/network.yaml", NETWORK)];
    insta::assert_snapshot!(told(&files, "generate crds apis --out x"), @r#"
    exit 2
    error: the XRD site.example.org would be refused, for one reason
    --> apis/site.yaml:1
     = at metadata.name (when Crossplane creates the CRD): Invalid value: "site.example.org": must be spec.names.plural+"."+spec.group
       help: set metadata.name to sites.example.org
    "#);
    insta::assert_snapshot!(told(&files, "claims generate --out x"), @r#"
    exit 2
    error: the XRD site.example.org would be refused, for one reason
    --> apis/site.yaml:1
     = at metadata.name (when Crossplane creates the CRD): Invalid value: "site.example.org": must be spec.names.plural+"."+spec.group
       help: set metadata.name to sites.example.org
    "#);
    insta::assert_snapshot!(told(&[("a.yaml", NETWORK)], "xrd convert a.yaml"), @"
    exit 2
    error: no XRD is here; 1 other document was passed over
    --> a.yaml
     = help: name a file with a CompositeResourceDefinition of apiextensions.crossplane.io
    ");
}

#[test]
fn what_explain_does_not_find() {
    let place = Place::platform();
    let told = |line: &str| place.run(&format!("{line} --schemas crds")).told();
    insta::assert_snapshot!(told("explain Sever"), @"
    exit 2
    error: no kind Sever is among the 3 kinds here
     = help: did you mean `Server`?
    ");
    insta::assert_snapshot!(told("explain Elephant"), @"
    exit 2
    error: no kind Elephant is among the 3 kinds here
     = help: name other schemas with --schemas; `planewright census` counts what is in them
    ");
    insta::assert_snapshot!(told("explain other.org/Server"), @"
    exit 2
    error: no kind other.org/Server is among the 3 kinds here
     = help: there is
             compute.example.org/Server (v1alpha1, v1)
    ");
    insta::assert_snapshot!(told("explain Server/v9"), @"
    exit 2
    error: no kind Server/v9 is among the 3 kinds here
     = help: there is
             compute.example.org/Server (v1alpha1, v1)
    ");
    insta::assert_snapshot!(told("explain Server.spec.forProvider.sice"), @"
    exit 2
    error: Server.spec.forProvider has no field `sice`
     = help: did you mean `Server.spec.forProvider.size`?
    ");
    insta::assert_snapshot!(told("explain Server.spec.forProvider.size.unit"), @"
    exit 2
    error: Server.spec.forProvider.size has no fields of its own, so there is no `unit` in it
     = help: `planewright explain Server.spec.forProvider.size` tells what it is
    ");
    insta::assert_snapshot!(told("explain Server.spec.zebra"), @"
    exit 2
    error: Server.spec has no field `zebra`
     = help: it has: managementPolicies, forProvider, initProvider
    ");
    insta::assert_snapshot!(told("explain a/b/c/d"), @"
    exit 2
    error: `a/b/c/d` is no kind
     = help: write [GROUP/]KIND[/VERSION][.PATH], such as `VPC.spec.forProvider.cidrBlock` or `ec2.aws.m.upbound.io/VPC`
    ");
    place.write("crds/other.yaml", &NETWORK.replace("net.example.org", "old.example.org"));
    insta::assert_snapshot!(told("explain Network"), @"
    exit 2
    error: 2 kinds are called Network
     = help: say which one is meant:
             net.example.org/Network
             old.example.org/Network
    ");
}

#[test]
fn a_file_in_the_way() {
    let place = Place::platform();
    place.write("types/mod.rs", "// by hand\n");
    insta::assert_snapshot!(place.run("generate crds --out types").told(), @"
    exit 2
    error: this file was not generated
    --> types/mod.rs
     = help: move it away, or write to another folder: what planewright did not write it does not overwrite
    ");
    assert_eq!(place.files("types").len(), 1, "nothing was written");
    place.write("crate/Cargo.toml", "[package]\n");
    insta::assert_snapshot!(place.run("generate crds --out crate --crate types").told(), @"
    exit 2
    error: this file was not generated
    --> crate/Cargo.toml
     = help: move it away, or write to another folder: what planewright did not write it does not overwrite
    ");
}

#[test]
fn a_crate_that_cannot_be() {
    let place = Place::platform();
    insta::assert_snapshot!(place.run("generate crds --out c --crate Types").told(), @"
    exit 2
    error: `Types` is no name for a crate
     = help: use lower-case letters, digits, `-` and `_`, beginning with a letter, such as `aws-types`
    ");
    insta::assert_snapshot!(place.run("generate crds --out c --crate types --sdk nowhere").told(), @"
    exit 2
    error: no crate is in nowhere: it has no Cargo.toml
     = help: name the folder `sdk` of a checkout of planewright with --sdk
    ");
    insta::assert_snapshot!(place.run("generate crds --out c --sdk nowhere").told(), @"
    exit 2
    error: the following required arguments were not provided:
      --crate <NAME>

    Usage: planewright generate --out <DIR> --crate <NAME> --sdk <PATH> <PATH>...

    For more information, try '--help'.
    ");
}
