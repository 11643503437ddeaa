//! A folder to run the program in, and definitions to run it on.

#![allow(dead_code, reason = "each test program uses a part")]

use std::path::PathBuf;
use std::process::{Command, Stdio};

#[cfg(unix)]
pub mod emission;
pub mod registry;

/// A network: what others refer to.
pub const NETWORK: &str = "\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: networks.net.example.org
spec:
  group: net.example.org
  names: {kind: Network, plural: networks}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        description: A network. It has an address range.
        type: object
        required: [spec]
        properties:
          spec:
            type: object
            required: [forProvider]
            properties:
              forProvider:
                type: object
                required: [cidr]
                properties:
                  cidr:
                    description: The address range. It cannot be changed.
                    type: string
                    x-kubernetes-validations:
                    - rule: self == oldSelf
                      message: cidr is immutable
                  mode:
                    type: string
                    enum: [open, closed]
                    default: open
";

/// A server: a required parameter by CEL, references, a secret, a keyed list, two versions.
pub const SERVER: &str = "\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: servers.compute.example.org
spec:
  group: compute.example.org
  names: {kind: Server, plural: servers}
  scope: Namespaced
  versions:
  - name: v1alpha1
    served: true
    storage: false
    deprecated: true
    schema:
      openAPIV3Schema: {type: object, properties: {spec: {type: object}}}
  - name: v1
    served: true
    storage: true
    additionalPrinterColumns:
    - {name: SIZE, type: string, jsonPath: .spec.forProvider.size, description: How large it is.}
    schema:
      openAPIV3Schema:
        description: A server.
        type: object
        required: [spec]
        properties:
          spec:
            type: object
            required: [forProvider]
            x-kubernetes-validations:
            - rule: \"!('*' in self.managementPolicies || 'Create' in self.managementPolicies || 'Update' in
                self.managementPolicies) || has(self.forProvider.size) || (has(self.initProvider) &&
                has(self.initProvider.size))\"
              message: spec.forProvider.size is a required parameter
            properties:
              managementPolicies:
                type: array
                default: ['*']
                items: {type: string}
              forProvider:
                type: object
                properties:
                  size: {type: string, description: How large it is.}
                  networkId: {type: string, description: The network it is in.}
                  networkIdRef:
                    description: Reference to a Network in net to populate networkId.
                    type: object
                    required: [name]
                    properties:
                      name: {type: string}
                      policy:
                        type: object
                        properties: {resolution: {type: string}, resolve: {type: string}}
                  networkIdSelector:
                    description: Selector for a Network in net to populate networkId.
                    type: object
                    properties:
                      matchControllerRef: {type: boolean}
                      matchLabels: {type: object, additionalProperties: {type: string}}
                      policy:
                        type: object
                        properties: {resolution: {type: string}, resolve: {type: string}}
                  passwordSecretRef:
                    description: The first password. It is never shown.
                    type: object
                    required: [name]
                    properties: {name: {type: string}, key: {type: string}}
                  disks:
                    type: array
                    x-kubernetes-list-type: map
                    x-kubernetes-list-map-keys: [name]
                    items:
                      type: object
                      required: [name]
                      properties:
                        name: {type: string, description: Its name.}
                        gigabytes: {type: number}
              initProvider:
                type: object
                properties:
                  size: {type: string}
";

/// An API of the platform.
pub const SITE: &str = "\
apiVersion: apiextensions.crossplane.io/v2
kind: CompositeResourceDefinition
metadata:
  name: sites.example.org
spec:
  group: example.org
  names: {kind: Site, plural: sites}
  versions:
  - name: v1
    served: true
    referenceable: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            required: [region]
            properties:
              region: {type: string, enum: [north, south], description: Where it is.}
              replicas: {type: integer, default: 1}
";

/// What a run of the program gave.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// Exit code and standard error, as snapshots show them.
    pub fn told(&self) -> String {
        format!("exit {}\n{}", self.code, self.err)
    }
}

/// A folder of its own, in which the program runs.
pub struct Place(tempfile::TempDir);

impl Place {
    /// A place with files in it.
    pub fn with(files: &[(&str, &str)]) -> Place {
        let place = Place(tempfile::tempdir().unwrap());
        for (path, text) in files {
            place.write(path, text);
        }
        place
    }

    /// A place with the definitions of this module: `crds/` and `apis/`.
    pub fn platform() -> Place {
        Place::with(&[("crds/network.yaml", NETWORK), ("crds/server.yaml", SERVER), ("apis/site.yaml", SITE)])
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(path)).unwrap()
    }

    /// All files below a folder with their texts, sorted by path.
    pub fn files(&self, folder: &str) -> Vec<(String, String)> {
        let mut found = Vec::new();
        let mut folders = vec![self.path(folder)];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let name = path.strip_prefix(self.0.path()).unwrap().display().to_string();
                    found.push((name, std::fs::read_to_string(path).unwrap()));
                }
            }
        }
        found.sort();
        found
    }

    /// Runs the program with arguments that have no spaces.
    pub fn run(&self, line: &str) -> Ran {
        self.run_program(env!("CARGO_BIN_EXE_planewright"), line)
    }

    pub fn run_program(&self, program: &str, line: &str) -> Ran {
        let output = Command::new(program)
            .args(line.split_whitespace())
            .current_dir(self.0.path())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ran { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// Runs what must work, and gives its standard output.
    pub fn done(&self, line: &str) -> String {
        let ran = self.run(line);
        assert_eq!(ran.code, 0, "{line}: {}", ran.err);
        ran.out
    }
}
