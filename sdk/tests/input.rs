//! The typed input of a step, and the schema that packages carry.

#![cfg(feature = "schema")]

mod support;

use std::collections::BTreeMap;
use std::rc::Rc;

use planewright::compose::{OperationCx, Operator, StepInput, input_crd};
use planewright::state::Function as _;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use support::world::*;

/// How buckets are laid out.
#[derive(Debug, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "shown with Debug")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Layout {
    /// How many zones.
    zones: u8,
    name_prefix: Option<String>,
    #[serde(default)]
    tier: Tier,
    #[serde(default)]
    tags: BTreeMap<String, String>,
    #[serde(default)]
    rules: Vec<Rule>,
    free: Option<Value>,
}

/// How fast.
#[derive(Debug, Default, Deserialize, JsonSchema)]
enum Tier {
    /// In minutes.
    #[default]
    Cold,
    /// At once.
    Hot,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "shown with Debug")]
struct Rule {
    days: i64,
    ratio: f64,
}

impl StepInput for Layout {
    const GROUP: &'static str = "store.fn.example.org";
    const VERSION: &'static str = "v1";
    const KIND: &'static str = "Layout";
}

#[test]
fn a_rust_type_has_the_crd_of_its_input() {
    let crd = input_crd::<Layout>().expect("a structural schema");
    let yaml = planewright_definitions::yaml::stream([&serde_json::to_value(&crd).expect("JSON")]).expect("YAML");
    insta::assert_snapshot!(yaml, @"
    apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata:
      name: layouts.store.fn.example.org
    spec:
      group: store.fn.example.org
      names:
        plural: layouts
        singular: layout
        kind: Layout
        listKind: LayoutList
        categories:
        - crossplane
      scope: Namespaced
      versions:
      - name: v1
        served: true
        storage: true
        schema:
          openAPIV3Schema:
            description: How buckets are laid out.
            type: object
            required:
            - zones
            properties:
              apiVersion:
                type: string
              free:
                x-kubernetes-preserve-unknown-fields: true
              kind:
                type: string
              metadata:
                type: object
              namePrefix:
                type: string
                nullable: true
              rules:
                type: array
                items:
                  type: object
                  required:
                  - days
                  - ratio
                  properties:
                    days:
                      type: integer
                      format: int64
                    ratio:
                      type: number
                      format: double
              tags:
                type: object
                default: {}
                additionalProperties:
                  type: string
              tier:
                description: |-
                  How fast.

                  * `Cold`: In minutes.
                  * `Hot`: At once.
                type: string
                enum:
                - Cold
                - Hot
              zones:
                description: How many zones.
                type: integer
                maximum: 255
                minimum: 0
    ");
}

#[test]
fn an_input_is_read_and_one_that_is_wrong_is_refused() {
    let input = |input: Option<Value>| {
        let mut request = with(&[]);
        request.input = input;
        said(&run(request, |cx| {
            let layout: Option<Layout> = cx.step_input()?;
            cx.normal(format!("{layout:?}"));
            Ok(())
        }))
    };
    let layout = |field: &str, value: Value| {
        let mut layout = json!({"apiVersion": "store.fn.example.org/v1", "kind": "Layout", "zones": 2});
        layout[field] = value;
        input(Some(layout))
    };
    assert_eq!(input(None), "Normal: None\n");
    // What the program itself has written there is not the type's, which denies what it does not know.
    for (field, value) in [("composition", "store"), ("compositionVersion", "v1.2.3")] {
        assert!(layout(field, json!(value)).starts_with("Normal: Some(Layout { zones: 2,"), "{field}");
    }
    insta::assert_snapshot!(layout("tier", json!("Hot")), @"Normal: Some(Layout { zones: 2, name_prefix: None, tier: Hot, tags: {}, rules: [], free: None })");
    insta::assert_snapshot!(layout("zones", json!("many")), @"Fatal: the step's input is no Layout: invalid type, expected u8; correct the step's input in the Composition");
    insta::assert_snapshot!(layout("zoness", json!(1)), @"Fatal: the step's input is no Layout: unknown field `zoness`, expected one of `zones`, `namePrefix`, `tier`, `tags`, `rules`, `free`; correct the step's input in the Composition");
    insta::assert_snapshot!(layout("kind", json!("Plan")), @"Fatal: the step's input is Plan (store.fn.example.org/v1), and this step takes Layout (store.fn.example.org/v1); correct the step's input in the Composition");
}

/// An operation's input is typed as a composition's is.
#[test]
fn an_operation_reads_its_input() {
    let run = |zones: Value| {
        let mut request = with(&[]);
        // Which operation is meant is said beside what it takes.
        request.input = Some(json!({
            "apiVersion": "store.fn.example.org/v1", "kind": "Layout", "operation": "count", "zones": zones,
        }));
        said(
            &Operator::new(|op: &mut OperationCx| {
                let layout: Option<Layout> = op.step_input()?;
                op.normal(format!("{}", layout.map_or(0, |layout| layout.zones)));
                Ok(())
            })
            .run(Rc::new(request)),
        )
    };
    assert_eq!(run(json!(3)), "Normal: 3\n");
    insta::assert_snapshot!(run(json!(-1)), @"Fatal: the step's input is no Layout: invalid value, expected u8; correct the step's input in the Composition");
}

/// The program takes such a field for itself.
#[test]
fn fields_of_the_program_are_no_types() {
    #[derive(Deserialize, JsonSchema)]
    struct Chosen {
        #[allow(dead_code, reason = "its schema matters")]
        operation: String,
    }
    impl StepInput for Chosen {
        const GROUP: &'static str = "store.fn.example.org";
        const VERSION: &'static str = "v1";
        const KIND: &'static str = "Chosen";
    }
    let error = input_crd::<Chosen>().map(drop).expect_err("a field of the program");
    insta::assert_snapshot!(error, @r#"the program itself has a field "operation" there; name it differently"#);
}

#[derive(Deserialize, JsonSchema)]
struct Recursive {
    #[allow(dead_code, reason = "its schema matters")]
    children: Vec<Recursive>,
}

impl StepInput for Recursive {
    const GROUP: &'static str = "store.fn.example.org";
    const VERSION: &'static str = "v1";
    const KIND: &'static str = "Recursive";
}

#[derive(Deserialize, JsonSchema)]
struct Chosen {
    #[allow(dead_code, reason = "its schema matters")]
    choice: Choice,
}

#[derive(Deserialize, JsonSchema)]
#[allow(dead_code, reason = "its schema matters")]
#[serde(tag = "kind", content = "value")]
enum Choice {
    Number(i64),
    Text(String),
}

impl StepInput for Chosen {
    const GROUP: &'static str = "Store";
    const VERSION: &'static str = "v1";
    const KIND: &'static str = "Chosen";
}

#[derive(Deserialize, JsonSchema)]
struct Misnamed {}

impl StepInput for Misnamed {
    const GROUP: &'static str = "Store";
    const VERSION: &'static str = "v1";
    const KIND: &'static str = "Misnamed";
}

#[test]
fn types_without_a_structural_schema_are_refused() {
    let refused = |crd: planewright::compose::Result<planewright_definitions::crd::Crd>| {
        crd.err().map(|error| error.to_string()).unwrap_or_default()
    };
    insta::assert_snapshot!(refused(input_crd::<Recursive>()), @"Recursive (store.fn.example.org/v1) has no structural schema: children[]: the type contains itself; end the recursion with a field of free JSON");
    insta::assert_snapshot!(refused(input_crd::<Chosen>()), @"Chosen (Store/v1) has no structural schema: choice.value: variants give it different types; name the field after the variant in each, or tag the enum from outside, which is serde's default");
    insta::assert_snapshot!(refused(input_crd::<Misnamed>()), @r#"
    Misnamed (Store/v1) has no structural schema: metadata.name: Invalid value: "misnameds.Store": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*') (the API server refuses it)
      remedy: name it misnameds.Store
    spec.group: Invalid value: "Store": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*') (the API server refuses it)
      remedy: use a domain that you own, such as platform.example.org
    "#);
}
