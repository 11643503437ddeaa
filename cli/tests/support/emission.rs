//! A platform's program that is a script, and what it emits.

use std::os::unix::fs::PermissionsExt as _;

use super::Place;

pub const DEFINITION: &str = "\
apiVersion: apiextensions.crossplane.io/v2
kind: CompositeResourceDefinition
metadata: {name: shops.example.org}
spec:
  group: example.org
  names: {kind: Shop, plural: shops}
  versions:
  - {name: v1, served: true, referenceable: true, schema: {openAPIV3Schema: {type: object}}}
";

macro_rules! shops {
    () => {
        r#"{"path": "apis/shops/definition.yaml", "object": {
      "apiVersion": "apiextensions.crossplane.io/v2", "kind": "CompositeResourceDefinition", "metadata": {"name": "shops.example.org"},
      "spec": {"group": "example.org", "names": {"kind": "Shop", "plural": "shops"}, "scope": "Namespaced",
        "versions": [{"name": "v1", "served": true, "referenceable": true, "schema": {"openAPIV3Schema": {"type": "object"}}}]}}}"#
    };
}

/// The definition as an emitted file.
pub const SHOPS: &str = shops!();

/// What a whole platform emits.
pub const EMISSION: &str = concat!(
    r#"{
  "files": [
    {"path": "apis/shops/composition.yaml", "object": {
      "apiVersion": "apiextensions.crossplane.io/v1", "kind": "Composition", "metadata": {"name": "shops"}, "spec": {"mode": "Pipeline"}}},
    "#,
    shops!(),
    r#",
    {"path": "cluster/function.yaml", "object": {"apiVersion": "pkg.crossplane.io/v1", "kind": "Function", "metadata": {"name": "shops"}}},
    {"path": "packages/configuration/crossplane.yaml", "object": {
      "apiVersion": "meta.pkg.crossplane.io/v1", "kind": "Configuration", "metadata": {"name": "shops"}}},
    {"path": "packages/function/crossplane.yaml", "object": {
      "apiVersion": "meta.pkg.crossplane.io/v1", "kind": "Function", "metadata": {"name": "function-shops"}}}
  ],
  "packages": [
    {"kind": "Function", "repository": "registry.example.org/acme/function-shops", "version": "v1.2.3",
      "contents": ["packages/function/crossplane.yaml"]},
    {"kind": "Configuration", "repository": "registry.example.org/acme/shops", "version": "v1.2.3",
      "contents": ["packages/configuration/crossplane.yaml", "apis/shops/definition.yaml", "apis/shops/composition.yaml"]}
  ]
}"#
);

/// A place with a platform's program, `platform`, that emits this, and static programs for its function, `amd64` and `arm64`.
pub fn platform(emission: &str) -> Place {
    let place = Place::with(&[("emission.json", emission)]);
    script(&place, "platform", "[ \"$*\" = 'emit -o json' ] && cat \"$(dirname \"$0\")/emission.json\"");
    std::fs::write(place.path("amd64"), elf(62, 1)).unwrap();
    std::fs::write(place.path("arm64"), elf(183, 1)).unwrap();
    place
}

/// A program that is a script of the shell.
pub fn script(place: &Place, name: &str, text: &str) {
    place.write(name, &format!("#!/bin/sh\n{text}\n"));
    std::fs::set_permissions(place.path(name), std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// The header of a program for a machine, with one segment of this kind: 1 is loaded, 3 names an interpreter.
pub fn elf(machine: u8, segment: u8) -> Vec<u8> {
    let mut bytes = vec![0; 64 + 56];
    bytes[..6].copy_from_slice(&[0x7f, b'E', b'L', b'F', 2, 1]);
    bytes[18] = machine;
    bytes[32] = 64;
    bytes[54] = 56;
    bytes[56] = 1;
    bytes[64] = segment;
    bytes
}
