//! What an XRD says that follows from Rust types.

#![allow(clippy::panic, reason = "a test fails by panicking")]

mod api;

use planewright_definitions::{admission, yaml};
use planewright_xrd::{Definitions, Xr};

fn written<T: Xr>() -> String {
    yaml::to_string(&T::definition().xrd().unwrap_or_else(|faults| panic!("{faults}"))).expect("YAML")
}

#[test]
fn a_namespaced_xr_with_two_versions() {
    insta::assert_snapshot!(written::<api::vault::VaultSpec>(), @r#"
    apiVersion: apiextensions.crossplane.io/v2
    kind: CompositeResourceDefinition
    metadata:
      name: vaults.vaults.example.org
    spec:
      group: vaults.example.org
      names:
        plural: vaults
        shortNames:
        - vt
        kind: Vault
        categories:
        - secrets
      scope: Namespaced
      versions:
      - name: v1
        referenceable: true
        served: true
        schema:
          openAPIV3Schema:
            description: A place for secrets.
            type: object
            required:
            - spec
            properties:
              metadata:
                type: object
                properties:
                  name:
                    type: string
                    maxLength: 40
              spec:
                type: object
                required:
                - region
                properties:
                  region:
                    description: Where it is.
                    type: string
                    x-kubernetes-validations:
                    - rule: self == oldSelf
                      message: it cannot be changed once it is set
                  tier:
                    description: |-
                      How fast it answers.

                      * `Cold`: In minutes.
                      * `Hot`: At once.
                    type: string
                    default: Cold
                    enum:
                    - Cold
                    - Hot
                  keep:
                    description: How many days a deleted secret is kept.
                    type: integer
                    default: 7
                    maximum: 90
                    minimum: 1
                  seal:
                    description: The key that it is sealed with.
                    type: object
                    oneOf:
                    - required:
                      - cloud
                    - required:
                      - passphrase
                    properties:
                      cloud:
                        description: A key of the cloud's.
                        type: object
                        required:
                        - arn
                        properties:
                          arn:
                            description: Its ARN.
                            type: string
                            pattern: "^arn:"
                      passphrase:
                        description: A passphrase in a secret of the same namespace.
                        type: object
                        required:
                        - secret
                        properties:
                          secret:
                            description: The name of the secret.
                            type: string
                    x-kubernetes-validations:
                    - rule: self == oldSelf
                      message: it cannot be changed once it is set
                  readers:
                    description: Who may read.
                    type: array
                    maxItems: 10
                    items:
                      description: Who may read.
                      type: object
                      required:
                      - name
                      - hours
                      properties:
                        name:
                          description: The name of the role.
                          type: string
                        hours:
                          description: For how many hours.
                          type: integer
                          format: int64
                          x-kubernetes-validations:
                          - rule: self >= oldSelf
                            message: it only grows
                    x-kubernetes-list-map-keys:
                    - name
                    x-kubernetes-list-type: map
                  networks:
                    description: Names of networks that it is open to.
                    type: array
                    items:
                      type: string
                    x-kubernetes-list-type: set
                  labels:
                    description: Labels of everything in it.
                    type: object
                    default: {}
                    additionalProperties:
                      type: string
                  port:
                    description: A port, by number or name.
                    x-kubernetes-int-or-string: true
                  settings:
                    description: Settings of the engine, as they are.
                    x-kubernetes-preserve-unknown-fields: true
                  backup:
                    description: When it is backed up.
                    type: object
                    required:
                    - every
                    oneOf:
                    - properties:
                        every:
                          enum:
                          - day
                    - required:
                      - weekday
                      properties:
                        every:
                          enum:
                          - week
                    properties:
                      every:
                        description: |-
                          * `day`: At midnight.
                          * `week`: Once a week.
                        type: string
                        enum:
                        - day
                        - week
                      weekday:
                        type: string
                x-kubernetes-validations:
                - rule: self.keep <= 30 || self.tier == 'Hot'
                  message: 30 days at most
                - rule: has(self.seal) == has(oldSelf.seal)
                  message: seal can neither be added nor be taken away
              status:
                description: What is known of a vault.
                type: object
                properties:
                  address:
                    description: Where it answers.
                    type: string
                  since:
                    description: Since when each reader may read.
                    type: object
                    additionalProperties:
                      type: object
                      properties:
                        time:
                          description: The time.
                          type: string
            x-kubernetes-validations:
            - rule: self.metadata.name != 'all'
              message: "`all` means every vault"
        additionalPrinterColumns:
        - name: TIER
          type: string
          jsonPath: .spec.tier
        - name: ADDRESS
          type: string
          jsonPath: .status.address
          priority: 1
      - name: v1beta1
        referenceable: false
        served: true
        deprecated: true
        deprecationWarning: use v1
        schema:
          openAPIV3Schema:
            description: A place for secrets.
            type: object
            required:
            - spec
            properties:
              spec:
                type: object
                required:
                - region
                properties:
                  region:
                    description: Where it is.
                    type: string
    "#);
}

#[test]
fn a_legacy_xr_with_a_claim() {
    insta::assert_snapshot!(written::<api::database::DatabaseSpec>(), @"
    apiVersion: apiextensions.crossplane.io/v1
    kind: CompositeResourceDefinition
    metadata:
      name: xdatabases.data.example.org
    spec:
      group: data.example.org
      names:
        plural: xdatabases
        kind: XDatabase
      scope: LegacyCluster
      claimNames:
        plural: databases
        kind: Database
      connectionSecretKeys:
      - host
      - password
      defaultCompositeDeletePolicy: Foreground
      defaultCompositionRef:
        name: database.data.example.org
      defaultCompositionUpdatePolicy: Manual
      versions:
      - name: v1alpha1
        referenceable: true
        served: true
        deprecated: true
        schema:
          openAPIV3Schema:
            description: A database.
            type: object
            required:
            - spec
            properties:
              spec:
                type: object
                required:
                - size
                properties:
                  size:
                    description: In GiB.
                    type: integer
                    format: int64
                    minimum: 10
                  twin:
                    description: Whether it has a twin.
                    type: boolean
                    default: false
              status:
                description: What is known of a database.
                type: object
                properties:
                  host:
                    description: Where it answers.
                    type: string
    ");
}

#[test]
fn every_emission_is_the_same_and_admitted() {
    let emit = || {
        Definitions::new().with::<api::vault::VaultSpec>().with::<api::database::DatabaseSpec>().emit().expect("sound")
    };
    let emission = emit();
    assert_eq!(emission, emit());
    let paths: Vec<&str> = emission.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, ["apis/vaults/definition.yaml", "apis/xdatabases/definition.yaml"]);
    for file in &emission.files {
        admission::admit(&file.object).expect("a control plane takes it");
    }
}

#[test]
fn a_definition_can_be_annotated() {
    let annotated = |key: &str| api::vault::VaultSpec::definition().annotation(key, "Prune=false,Delete=confirm").xrd();
    let mut xrd = annotated("argocd.argoproj.io/sync-options").unwrap_or_else(|faults| panic!("{faults}"));
    let annotations = xrd["metadata"].as_object_mut().and_then(|metadata| metadata.shift_remove("annotations"));
    let expected = serde_json::json!({ "argocd.argoproj.io/sync-options": "Prune=false,Delete=confirm" });
    assert_eq!(annotations, Some(expected));
    assert_eq!(yaml::to_string(&xrd).expect("YAML"), written::<api::vault::VaultSpec>());
    let refused = annotated("sync options").map_err(|faults| faults.to_string()).expect_err("no key");
    assert!(refused.starts_with("error: Vault, metadata.annotations: Invalid value: \"sync options\""), "{refused}");
}
