//! Loading: what is found where, in which order, and what stops it.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test")]

use std::path::Path;

use planewright_definitions::load::{Definition, Loaded, Loader, Problem, Source, Stream};
use planewright_definitions::yaml::Limits;
use proptest::prelude::*;

/// A sound CRD of a kind, whose schema has one property.
fn crd(kind: &str, property: &str) -> String {
    let lower = kind.to_lowercase();
    format!(
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: {lower}s.example.org\nspec:\n  \
         group: example.org\n  scope: Namespaced\n  names:\n    kind: {kind}\n    plural: {lower}s\n  versions:\n  - name: v1\n    \
         served: true\n    storage: true\n    schema:\n      openAPIV3Schema:\n        type: object\n        properties:\n          \
         {property}: {{type: string}}\n"
    )
}

const XRD: &str = "apiVersion: apiextensions.crossplane.io/v2\nkind: CompositeResourceDefinition\nmetadata:\n  name: nets.example.org\nspec: {group: example.org, names: {kind: Net, plural: nets}, versions: []}\n";
const MRD: &str = "apiVersion: apiextensions.crossplane.io/v1alpha1\nkind: ManagedResourceDefinition\nmetadata:\n  name: mrs.example.org\nspec: {group: example.org, names: {kind: Mr, plural: mrs}, scope: Namespaced, versions: []}\n";
const PACKAGE: &str = "apiVersion: meta.pkg.crossplane.io/v1\nkind: Provider\nmetadata:\n  name: p\n";

/// Texts at hand: the seam behind which other places are.
struct Texts(Vec<(&'static str, String)>);

impl Source for Texts {
    fn streams(&self) -> Result<Vec<Stream>, Vec<Problem>> {
        Ok(self.0.iter().map(|(name, text)| Stream::text(*name, text.as_str())).collect())
    }
}

fn texts<const N: usize>(texts: [(&'static str, &str); N]) -> Loader {
    Loader::new().source(Texts(texts.into_iter().map(|(name, text)| (name, text.to_owned())).collect()))
}

fn line(loaded: Loaded) -> String {
    let origin = &loaded.origin;
    format!(
        "{} {} {}:{}:{}",
        loaded.definition.kind(),
        loaded.definition.name(),
        origin.file,
        origin.line,
        origin.document
    )
}

fn refusal(loader: &Loader) -> String {
    match loader.load(line) {
        Ok(outcome) => panic!("loaded {:?}", outcome.results),
        Err(error) => error.to_string(),
    }
}

fn refused(text: &str) -> String {
    refusal(&texts([("x.yaml", text)]))
}

/// What loads from a folder, and what it says, without the folder's own name.
fn in_folder(files: &[(&str, &[u8])], paths: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    let root = |path: &Path| path.display().to_string();
    let answer = match Loader::new().paths(paths.iter().map(|path| folder.path().join(path))).load(line) {
        Ok(outcome) => format!("{}\n{} foreign", outcome.results.join("\n"), outcome.foreign),
        Err(error) => error.to_string(),
    };
    answer.replace(&root(folder.path()), "ROOT")
}

#[test]
fn streams_give_definitions_in_order_and_count_the_rest() {
    let stream =
        [PACKAGE, &crd("B", "x"), "# only a comment\n", XRD, MRD, "just: values\n", &crd("A", "x")].join("---\n");
    let outcome = texts([("package.yaml", &stream), ("z.json", &serde_json::json!({"kind": "X"}).to_string())]);
    insta::assert_snapshot!(refusal(&outcome), @r#"
    error: no definition is here (1 other document was passed over)
    --> z.json
     = help: name a file or folder with CustomResourceDefinitions, CompositeResourceDefinitions or ManagedResourceDefinitions
    "#);
    let outcome = texts([("package.yaml", &stream)]).load(line).unwrap();
    insta::assert_snapshot!(outcome.results.join("\n"), @r#"
    CustomResourceDefinition bs.example.org package.yaml:5:2
    CompositeResourceDefinition nets.example.org package.yaml:27:4
    ManagedResourceDefinition mrs.example.org package.yaml:33:5
    CustomResourceDefinition as.example.org package.yaml:41:7
    "#);
    assert_eq!(outcome.foreign, 2);
}

#[test]
fn lists_and_json_are_read() {
    let json = serde_json::to_string_pretty(
        &planewright_definitions::yaml::from_str::<serde_json::Value>(&crd("A", "x"), "x").unwrap(),
    )
    .unwrap();
    let list = format!("apiVersion: v1\nkind: List\nitems:\n- {}", crd("B", "x").replace('\n', "\n  "));
    let outcome = texts([("a.json", &json), ("list.yaml", &list)]).load(|loaded| loaded.definition).unwrap();
    assert_eq!(outcome.results.len(), 2);
    let typed =
        texts([("a.yaml", &crd("A", "x")), ("b.yaml", &crd("B", "x"))]).load(|loaded| loaded.definition).unwrap();
    assert_eq!(outcome.results, typed.results);
}

#[test]
fn folders_files_and_globs() {
    let (a, b) = (crd("A", "x"), crd("B", "x"));
    let files: &[(&str, &[u8])] = &[
        ("s/b/two.yml", b.as_bytes()),
        ("s/a.yaml", a.as_bytes()),
        ("s/z.json", b"{\"kind\": \"Config\"}"),
        ("s/notes.md", b"# notes: ["),
        ("s/.git/x.yaml", b"broken: ["),
        ("s/.hidden.yaml", b"broken: ["),
        ("xrd", XRD.as_bytes()),
        ("empty/readme.txt", b""),
        ("foreign/x.yaml", PACKAGE.as_bytes()),
    ];
    insta::assert_snapshot!(in_folder(files, &["xrd", "s"]), @r#"
    CompositeResourceDefinition nets.example.org ROOT/xrd:1:1
    CustomResourceDefinition as.example.org ROOT/s/a.yaml:1:1
    CustomResourceDefinition bs.example.org ROOT/s/b/two.yml:1:1
    1 foreign
    "#);
    insta::assert_snapshot!(in_folder(files, &["s/**/*.y*ml"]), @r#"
    CustomResourceDefinition as.example.org ROOT/s/a.yaml:1:1
    CustomResourceDefinition bs.example.org ROOT/s/b/two.yml:1:1
    0 foreign
    "#);
    // A file that two of the paths name is there once.
    insta::assert_snapshot!(in_folder(files, &["s", "s/a.yaml"]), @r#"
    CustomResourceDefinition as.example.org ROOT/s/a.yaml:1:1
    CustomResourceDefinition bs.example.org ROOT/s/b/two.yml:1:1
    1 foreign
    "#);
    insta::assert_snapshot!(in_folder(files, &["nowhere", "s/*.toml", "s/[", "empty", "s"]), @r#"
    error: there is no such file or folder
    --> ROOT/nowhere
     = help: check the path and the folder you are in

    error: the glob matches nothing
    --> ROOT/s/*.toml
     = help: check the pattern and the folder you are in

    error: not a glob: invalid range pattern (at character 19)
    --> ROOT/s/[
     = help: correct the pattern; `[*]` stands for a `*` in a name

    error: no .yaml, .yml or .json file is in the folder
    --> ROOT/empty
     = help: name a folder with definitions
    "#);
    insta::assert_snapshot!(in_folder(files, &["foreign"]), @r#"
    error: no definition is here (1 other document was passed over)
    --> ROOT/foreign
     = help: name a file or folder with CustomResourceDefinitions, CompositeResourceDefinitions or ManagedResourceDefinitions
    "#);
}

#[test]
fn broken_files_are_reported_together() {
    let files: &[(&str, &[u8])] = &[
        ("a.yaml", b""),
        ("b.yaml", b"kind: [\n"),
        ("c.yaml", b"kind: x\nkind: y\n"),
        ("d.yaml", b"\xff\xfek\0"),
        ("e.yaml", b"kind: x\n# caf\xe9\n"),
        ("f.yaml", b"# nothing\n---\n"),
    ];
    insta::assert_snapshot!(in_folder(files, &["."]), @r#"
    error: the file is empty: it holds no document
    --> ROOT/./a.yaml
     = help: remove the file, or write the definition that belongs in it

    error: not YAML: unclosed bracket '['
     --> ROOT/./b.yaml:1:7
      |
    1 | kind: [
      |       ^
      |
      = help: correct the syntax here or on the lines above; often it is an indentation, a tab, or an unquoted `: ` or `{{`

    error: duplicate key `kind`
     --> ROOT/./c.yaml:2:1
      |
    1 | kind: x
    2 | kind: y
      | ^^^^
      |
      = help: keep one of them; YAML forbids a key twice, and readers differ in which one they take

    error: the file is UTF-16
    --> ROOT/./d.yaml
     = help: save it as UTF-8

    error: not UTF-8: line 2 (byte 13) has a byte that no UTF-8 text has
    --> ROOT/./e.yaml
     = help: save the file as UTF-8; if it is an archive, unpack it first

    error: the file is empty: it holds no document
    --> ROOT/./f.yaml
     = help: remove the file, or write the definition that belongs in it
    "#);
}

#[test]
fn limits_of_a_stream() {
    let loader = texts([("x.yaml", &crd("A", "x"))]).limits(Limits { stream_bytes: 100, ..Limits::default() });
    insta::assert_snapshot!(refusal(&loader), @r#"
    error: the file has 347 bytes, more than the limit of 100
    --> x.yaml
     = help: split it into several files; if it is to be trusted, raise the limit
    "#);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("x.yaml"), crd("A", "x")).unwrap();
    let loader = Loader::new().paths([folder.path()]).limits(Limits { stream_bytes: 100, ..Limits::default() });
    assert!(refusal(&loader).contains("more than the limit of 100"));
}

#[test]
fn bombs_and_depth() {
    let deep = crd("A", "x").replace("{type: string}", &format!("{}{}", "{items: ".repeat(100), "}".repeat(100)));
    insta::assert_snapshot!(refused(&deep).lines().next().unwrap(), @"error: nested deeper than 100 levels");
    let laughs: String =
        (1..12).map(|n| format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 9].join(","))).collect();
    insta::assert_snapshot!(refused(&format!("{}a0: &a0 [x]\n{laughs}", crd("A", "x"))).lines().next().unwrap(), @"error: aliases expand to more than 100000 nodes");
}

#[test]
fn definitions_that_a_cluster_refuses() {
    insta::assert_snapshot!(refused(&crd("A", "x").replace("k8s.io/v1\n", "k8s.io/v1beta1\n")), @r#"
    error: a CustomResourceDefinition of apiextensions.k8s.io/v1beta1, which no API server serves since Kubernetes 1.22
    --> x.yaml:1
     = note: at apiVersion
     = help: convert it to apiextensions.k8s.io/v1: every entry of spec.versions has a schema of its own, and spec.validation, spec.version and spec.preserveUnknownFields go
    "#);
    insta::assert_snapshot!(refused(&XRD.replace("/v2", "/v1alpha1")), @r#"
    error: a CompositeResourceDefinition of apiextensions.crossplane.io/v1alpha1, which Crossplane does not serve
    --> x.yaml:1
     = note: at apiVersion
     = help: convert it to apiextensions.crossplane.io/v2, or to v1 if it has claims
    "#);
    let without_schema = crd("A", "x").split("    schema:").next().unwrap().to_owned();
    insta::assert_snapshot!(refused(&format!("{PACKAGE}---\n{without_schema}")), @r#"
    error: version `v1` of as.example.org has no schema
    --> x.yaml:5
     = note: at spec.versions[0].schema.openAPIV3Schema
     = note: in document 2 of the file
     = help: write the schema: the API server refuses a version without one. Where any object is to be allowed: {type: object, x-kubernetes-preserve-unknown-fields: true}
    "#);
    insta::assert_snapshot!(refused(&crd("A", "x").replace("  group: example.org\n", "")), @r#"
    error: `spec.group` is missing
    --> x.yaml:1
     = help: write it; a CustomResourceDefinition cannot be without
    "#);
    insta::assert_snapshot!(refused(&crd("A", "x").replace("Namespaced", "Everywhere")), @r#"
    error: unknown variant `Everywhere`, expected `Namespaced` or `Cluster`
     --> x.yaml:7:10
      |
    5 | spec:
    6 |   group: example.org
    7 |   scope: Everywhere
      |          ^^^^^^^^^^
      |
      = note: at spec.scope
      = help: correct it; the API server would refuse it as well
    "#);
    insta::assert_snapshot!(refused(&crd("A", "x").replace("served: true", "served: maybe")), @r#"
    error: invalid type: string "maybe", expected a boolean
      --> x.yaml:13:13
       |
    11 |   versions:
    12 |   - name: v1
    13 |     served: maybe
       |             ^^^^^
       |
       = note: at spec.versions[0]
       = help: correct it; the API server would refuse it as well
    "#);
    insta::assert_snapshot!(refused(&crd("A", "x").replace("kind: A", "kind: 5")), @r#"
    error: invalid type: integer `5`, expected a string
     --> x.yaml:9:11
      |
    7 |   scope: Namespaced
    8 |   names:
    9 |     kind: 5
      |           ^
      |
      = note: at spec.names
      = help: correct it; the API server would refuse it as well
    "#);
    insta::assert_snapshot!(refused(&crd("A", "x").replace("versions:\n  -", "versions:\n   ")), @r#"
    error: expected a list, found a mapping
      --> x.yaml:12:5
       |
    10 |     plural: as
    11 |   versions:
    12 |     name: v1
       |     ^^^^
       |
       = note: at spec.versions
       = help: correct it; the API server would refuse it as well
    "#);
    insta::assert_snapshot!(refused("apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"), @r#"
    error: expected a mapping, found null
     --> x.yaml:2:1
      |
    1 | apiVersion: apiextensions.k8s.io/v1
    2 | kind: CustomResourceDefinition
      | ^^^^
      |
      = note: at spec
      = help: correct it; the API server would refuse it as well
    "#);
    insta::assert_snapshot!(refused(&XRD.replace("  name: nets.example.org\n", "  labels: {}\n")), @r#"
    error: `metadata.name` is missing
    --> x.yaml:1
     = help: write it; a CompositeResourceDefinition cannot be without
    "#);
}

#[test]
fn one_name_twice() {
    let (one, two) = (crd("A", "x"), crd("A", "y"));
    insta::assert_snapshot!(refusal(&texts([("one.yaml", &one), ("two.yaml", &format!("{PACKAGE}---\n{two}"))])), @r#"
    error: two CustomResourceDefinitions are named as.example.org, with different content; the other one is at one.yaml:1
    --> two.yaml:5
     = note: in document 2 of the file
     = help: keep one of them: a cluster has one definition of a name, and which one counts must not depend on order
    "#);
    // Written otherwise, but equal.
    let same = format!("# the same\n{}", one.replace("{type: string}", "{\"type\": 'string'}"));
    let outcome = texts([("one.yaml", &one), ("same.yaml", &same)]).load(line).unwrap();
    assert_eq!(outcome.results, ["CustomResourceDefinition as.example.org one.yaml:1:1"]);
}

/// What one odd schema node becomes, and what is said.
fn odd(schema: &str) -> (String, Vec<String>) {
    let text = crd("A", "x").replace("x: {type: string}", schema);
    let mut results =
        texts([("x.yaml", &text)]).load(|loaded| loaded).unwrap_or_else(|error| panic!("{error}")).results;
    let loaded = results.remove(0);
    let Definition::Crd(crd) = &loaded.definition else { panic!("no CRD") };
    let properties = &crd.spec.versions[0].schema().unwrap().properties;
    (serde_json::to_string(properties).unwrap(), loaded.warnings.iter().map(ToString::to_string).collect())
}

#[test]
fn an_odd_schema_node_allows_anything_and_is_told() {
    let (schema, warnings) = odd("x: {type: 5}\n          y: {type: string}");
    insta::assert_snapshot!(schema, @r#"{"x":{"x-kubernetes-preserve-unknown-fields":true},"y":{"type":"string"}}"#);
    insta::assert_snapshot!(warnings.join("\n"), @r#"
    warning: type: invalid type: integer `5`, expected a string
    --> x.yaml:1
     = note: at spec.versions[0].schema.openAPIV3Schema.properties.x
     = help: taken as a schema that allows anything
    "#);
    for text in [
        "x: {required: x}",
        "x: {enum: {}}",
        "x: {additionalProperties: 'yes'}",
        "x: {properties: [a]}",
        "x: {items: [{type: string}]}",
        "x: {minLength: a}",
        "x: {oneOf: {}}",
        "x: {nullable: maybe}",
        "x: true",
        "x: {exclusiveMinimum: 5}",
        "x: {type: [string, 'null']}",
        "x: {description: 1.5}",
    ] {
        let (schema, warnings) = odd(text);
        assert_eq!(schema, r#"{"x":{"x-kubernetes-preserve-unknown-fields":true}}"#, "{text}");
        assert_eq!(warnings.len(), 1, "{text}: {warnings:?}");
    }
    let (_, warnings) =
        odd("x: {items: {allOf: [{}, {properties: {y: {required: [1]}}}], additionalProperties: {not: {maximum: a}}}}");
    insta::assert_snapshot!(warnings.join("\n"), @r#"
    warning: maximum: invalid type: string "a", expected a JSON number
    --> x.yaml:1
     = note: at spec.versions[0].schema.openAPIV3Schema.properties.x.items.additionalProperties.not
     = help: taken as a schema that allows anything
    warning: required: invalid type: integer `1`, expected a string
    --> x.yaml:1
     = note: at spec.versions[0].schema.openAPIV3Schema.properties.x.items.allOf[1].properties.y
     = help: taken as a schema that allows anything
    "#);
}

#[test]
fn null_is_absence() {
    let (schema, warnings) =
        odd("x: {type: string, enum: null, required:, properties: {y: }, items: null, default: null}");
    assert_eq!(schema, r#"{"x":{"type":"string","properties":{"y":{}}}}"#);
    assert_eq!(warnings, [""; 0]);
    let text = crd("A", "x").replace("  name: as", "  annotations:\n  labels: {a: null}\n  name: as");
    assert_eq!(texts([("x.yaml", &text)]).load(line).unwrap().results.len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// A CRD with some of its text replaced is loaded or refused, and no refusal is without place and remedy.
    #[test]
    fn no_text_panics(at in 0..400_usize, len in 0..40_usize, with in prop_oneof![any::<String>(), "[-a5: \n\t{}\\[\\]'\"&*!|>%#~]{0,12}"]) {
        let text = crd("A", "x");
        let (start, end) = (at.min(text.len()), (at + len).min(text.len()));
        let text = format!("{}{with}{}", &text[..start], &text[end..]);
        if let Err(error) = texts([("x.yaml", &text)]).load(line) {
            for problem in error.problems() {
                prop_assert!(!problem.file().is_empty() && !problem.reason().is_empty() && !problem.remedy().is_empty());
            }
        }
    }

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.yaml");
        std::fs::write(&path, bytes).unwrap();
        let _ = Loader::new().paths([path]).load(line).map_err(|error| error.to_string());
    }

    /// A definition with anything where something belongs is loaded or refused.
    #[test]
    fn no_json_panics(
        kind in proptest::sample::select(vec!["CustomResourceDefinition", "List"]),
        at in proptest::sample::select(vec!["/spec", "/metadata", "/spec/names", "/spec/versions", "/spec/versions/0", "/spec/versions/0/schema",
            "/spec/versions/0/schema/openAPIV3Schema", "/spec/versions/0/schema/openAPIV3Schema/properties"]),
        value in json_value(),
    ) {
        let mut object: serde_json::Value = planewright_definitions::yaml::from_str(&crd("A", "x"), "x").unwrap();
        *object.pointer_mut(at).unwrap() = value;
        if kind == "List" {
            object = serde_json::json!({"apiVersion": "v1", "kind": kind, "items": [object]});
        }
        let _ = texts([("x.json", &object.to_string())]).load(line).map_err(|error| error.to_string());
    }
}

/// JSON whose keys are often those of schemas.
fn json_value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(serde_json::Value::from),
        any::<i64>().prop_map(serde_json::Value::from),
        "object|string|[a-z]{0,3}".prop_map(serde_json::Value::from)
    ];
    let key =
        "type|properties|items|required|enum|allOf|not|additionalProperties|nullable|default|name|kind|[a-z]{0,2}";
    leaf.prop_recursive(4, 30, 4, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(serde_json::Value::from),
            proptest::collection::vec((key, inner), 0..4).prop_map(|entries| entries.into_iter().collect()),
        ]
    })
}
