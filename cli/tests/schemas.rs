//! Pinning: what lands in the folder, and that it is all or nothing.

#![allow(clippy::unwrap_used, reason = "a test")]

mod support;

use support::{NETWORK, Place, SERVER};

const ADD: &str = "schemas add crds --name cloud --version v1.2.0 --docs none";

#[test]
fn add_pins_facts_names_and_digests() {
    let place = Place::platform();
    let ran = place.run(ADD);
    insta::assert_snapshot!(ran.told(), @"
    exit 0
    schemas: pinned 2 kinds of cloud v1.2.0
    ");
    insta::assert_snapshot!(place.read("schemas/net.example.org_networks.yaml"), @"
    apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata:
      name: networks.net.example.org
    spec:
      group: net.example.org
      names:
        plural: networks
        kind: Network
      scope: Namespaced
      versions:
      - name: v1
        served: true
        storage: true
        schema:
          openAPIV3Schema:
            type: object
            required:
            - spec
            properties:
              spec:
                type: object
                required:
                - forProvider
                properties:
                  forProvider:
                    type: object
                    required:
                    - cidr
                    properties:
                      cidr:
                        type: string
                        x-kubernetes-validations:
                        - rule: self == oldSelf
                          message: cidr is immutable
                      mode:
                        type: string
                        default: open
                        enum:
                        - open
                        - closed
    ");
    insta::assert_snapshot!(place.read("schemas/names.lock"), @"
    # Names of generated types. Written by `planewright schemas`; build scripts obey it and never write it.
    compute.example.org/v1/Server spec Spec
    compute.example.org/v1/Server spec.forProvider ForProvider
    compute.example.org/v1/Server spec.forProvider.disks Disks
    example.org/v1/Site spec Spec
    example.org/v1/Site spec.crossplane Crossplane
    example.org/v1/Site spec.crossplane.compositionRef CompositionRef
    example.org/v1/Site spec.crossplane.compositionSelector CompositionSelector
    example.org/v1/Site spec.crossplane.compositionUpdatePolicy CompositionUpdatePolicy
    example.org/v1/Site spec.crossplane.resourceRefs ResourceRefs
    example.org/v1/Site spec.region Region
    example.org/v1/Site status Status
    example.org/v1/Site status.conditions Conditions
    net.example.org/v1/Network spec Spec
    net.example.org/v1/Network spec.forProvider ForProvider
    net.example.org/v1/Network spec.forProvider.mode Mode
    ");
    insta::assert_snapshot!(place.read("schemas/planewright.lock"), @"
    # Pinned schemas. Written by `planewright schemas`; a file that differs fails the build.
    version: 1
    sources:
    - name: cloud
      version: v1.2.0
      docs: none
      files:
      - path: compute.example.org_servers.yaml
        digest: sha256:1c7b7b0725dd16a850e2d871fb6c2026c18f97d24a9d8bf7e2b6a40fc0cd420d
      - path: net.example.org_networks.yaml
        digest: sha256:9053edf77297edc77674329fe677ab6b6c7d5464f721bb30721ba7b63119e735
    ");
    let server = place.read("schemas/compute.example.org_servers.yaml");
    assert!(!server.contains("description"), "no prose is kept: {server}");
    assert!(server.contains("x-planewright-reference"), "{server}");
    assert_eq!(place.files("schemas").len(), 4, "nothing else is left in the folder");
}

#[test]
fn add_is_the_same_bytes_from_any_place_and_form() {
    let (here, there) = (Place::platform(), Place::platform());
    there.write("elsewhere/all.yaml", &format!("{SERVER}---\n{NETWORK}"));
    here.done(ADD);
    there.done("schemas add elsewhere/all.yaml --name cloud --version v1.2.0 --docs none");
    assert_eq!(here.files("schemas"), there.files("schemas"));
    here.done("schemas add schemas --name cloud --version v1.2.0 --docs none --dir again");
    let texts = |folder| here.files(folder).into_iter().map(|(_, text)| text).collect::<Vec<_>>();
    assert_eq!(texts("again"), texts("schemas"), "pinning what is pinned changes nothing");
    let root = here.path("").display().to_string();
    for (path, text) in here.files("schemas") {
        assert!(!text.contains(root.trim_end_matches('/')), "{path} holds a path of this machine");
    }
}

#[test]
fn pinned_without_descriptions_generates_the_same_references() {
    let place = Place::platform();
    place.done(ADD);
    place.done("generate crds --out original --docs none");
    place.done("generate schemas --out pinned --docs none");
    let texts = |folder: &str| {
        let files = place.files(folder).into_iter();
        files.map(|(path, text)| (path.replacen(folder, "", 1), text)).collect::<Vec<_>>()
    };
    assert_eq!(texts("original"), texts("pinned"));
    let server = place.read("pinned/org/example/compute/v1/server.rs");
    assert!(server.contains("root::org::example::net::v1::Network"), "the target is typed: {server}");
}

#[test]
fn add_replaces_a_source_as_a_whole_and_takes_kinds_over() {
    let place = Place::platform();
    place.done(ADD);
    let ran = place.run("schemas add crds --name net --version v2 --select net.example.org/*");
    insta::assert_snapshot!(ran.told(), @"
    exit 0
    note: 1 kind goes over from source cloud to net
    schemas: pinned 1 kind of net v2
    ");
    let ran = place.run("schemas add crds/network.yaml --name cloud --version v3");
    insta::assert_snapshot!(ran.told(), @"
    exit 0
    note: 1 kind goes over from source net to cloud
    schemas: pinned 1 kind of cloud v3, removed 1
    ");
    assert!(!place.path("schemas/compute.example.org_servers.yaml").exists(), "the old version's kind is gone");
    assert!(!place.read("schemas/names.lock").contains("Server"), "and so are its names");
    insta::assert_snapshot!(place.done("schemas list"), @"
    SOURCE  VERSION  DOCS  KINDS
    cloud   v3       full  1
    ");
}

#[test]
fn names_stay_when_a_new_version_would_take_them() {
    let place = Place::platform();
    place.done(ADD);
    let nested = SERVER.replace(
        "                  size: {type: string, description: How large it is.}\n",
        "                  size: {type: string}\n                  early: {type: object, properties: {disks: {type: object, properties: {a: {type: string}}}}}\n",
    );
    let early = nested.replace("                  disks:\n", "                  diskz:\n");
    assert!(place.read("schemas/names.lock").contains("compute.example.org/v1/Server spec.forProvider.disks Disks\n"));
    place.write("crds/server.yaml", &nested);
    place.done(ADD);
    let lock = place.read("schemas/names.lock");
    assert!(lock.contains("Server spec.forProvider.disks Disks\n"), "{lock}");
    assert!(lock.contains("Server spec.forProvider.early.disks EarlyDisks\n"), "{lock}");
    // Without the list, the deeper one would be called Disks; that it has a name already keeps it.
    place.write("crds/server.yaml", &early);
    place.done(ADD);
    let lock = place.read("schemas/names.lock");
    assert!(lock.contains("Server spec.forProvider.early.disks EarlyDisks\n"), "{lock}");
}

#[test]
fn names_follow_edited_xrds() {
    let place = Place::platform();
    place.done(ADD);
    place.write(
        "apis/site.yaml",
        &support::SITE.replace(
            "replicas: {type: integer, default: 1}",
            "door: {type: object, properties: {width: {type: integer}}}",
        ),
    );
    let ran = place.run("schemas names");
    insta::assert_snapshot!(ran.told(), @"
    exit 0
    schemas/names.lock: 16 names
    ");
    assert!(place.read("schemas/names.lock").contains("example.org/v1/Site spec.door Door\n"));
    place.done("schemas verify");
}

#[test]
fn a_failed_add_leaves_everything_as_it_was() {
    let place = Place::platform();
    place.done(ADD);
    let before = place.files("schemas");
    place.write("crds/z-broken.yaml", "apiVersion: [\n");
    assert_eq!(place.run("schemas add crds --name cloud --version v9").code, 2);
    assert_eq!(place.files("schemas"), before);
    // Broken only once the definitions have been read: the names of the XRDs cannot be made.
    place.write("crds/z-broken.yaml", NETWORK);
    place.write("apis/site.yaml", &support::SITE.replace("name: sites.example.org", "name: wrong.example.org"));
    assert_eq!(place.run("schemas add crds --name cloud --version v9").code, 2);
    assert_eq!(place.files("schemas"), before);
}

#[test]
fn list_as_json_has_every_digest() {
    let place = Place::platform();
    place.done(ADD);
    let list: serde_json::Value = serde_json::from_str(&place.done("schemas list -o json")).unwrap();
    assert_eq!(list["sources"][0]["name"], "cloud");
    assert_eq!(list["sources"][0]["docs"], "none");
    assert_eq!(list["sources"][0]["kinds"], 2);
    assert_eq!(list["sources"][0]["files"][0]["path"], "compute.example.org_servers.yaml");
}

#[test]
fn a_managed_resource_definition_is_pinned_as_the_crd_that_it_becomes() {
    let place = Place::platform();
    let mrd = NETWORK
        .replace("apiextensions.k8s.io/v1", "apiextensions.crossplane.io/v1alpha1")
        .replace("CustomResourceDefinition", "ManagedResourceDefinition");
    place.write("mrds/network.yaml", &mrd);
    place.done("schemas add mrds --name a --dir from-mrd");
    place.done("schemas add crds/network.yaml --name a --dir from-crd");
    let file = "net.example.org_networks.yaml";
    assert_eq!(place.read(&format!("from-mrd/{file}")), place.read(&format!("from-crd/{file}")));
}
