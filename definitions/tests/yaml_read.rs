//! The reader: what it takes, what it refuses, and how it says so.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test")]

use planewright_definitions::yaml::{self, Limits};
use proptest::prelude::*;
use serde_json::{Value, json};

fn value(text: &str) -> Value {
    yaml::from_str(text, "x.yaml").unwrap_or_else(|error| panic!("{error}"))
}

fn refusal(text: &str) -> String {
    yaml::from_str::<Value>(text, "x.yaml").expect_err(text).to_string()
}

fn limited(text: &str, limits: Limits) -> String {
    let document = yaml::documents(text).next().unwrap();
    yaml::read_with::<Value>(&document, "x.yaml", &limits).expect_err("within limits").to_string()
}

#[test]
fn scalars_that_readers_disagree_on_are_strings() {
    for text in
        ["y", "yes", "No", "on", "OFF", "012", "-012", "1_000", "0x1_F", "12:30:45", "2026-11-21", "1e", "=", "1.2.3"]
    {
        assert_eq!(value(text), json!(text), "{text}");
    }
    for (text, expected) in [
        ("true", json!(true)),
        ("False", json!(false)),
        ("~", Value::Null),
        ("null", Value::Null),
        ("0", json!(0)),
        ("-1", json!(-1)),
        ("0x1F", json!(31)),
        ("0o17", json!(15)),
        ("1e3", json!(1000.0)),
        ("1.0", json!(1.0)),
        (".5", json!(0.5)),
        ("18446744073709551615", json!(u64::MAX)),
        ("-9223372036854775808", json!(i64::MIN)),
        ("'5'", json!("5")),
        ("!!str 5", json!("5")),
        ("00000000000000000001", json!("00000000000000000001")),
        ("'18446744073709551616'", json!("18446744073709551616")),
        ("aaaaaaaaaaaaaaaaaaaaaaaaaaaa", json!("aaaaaaaaaaaaaaaaaaaaaaaaaaaa")),
    ] {
        assert_eq!(value(text), expected, "{text}");
    }
}

#[test]
fn byte_order_marks_line_ends_and_json() {
    assert_eq!(value("\u{feff}a: 1\r\nb: |\r\n  x\r\n  y\r\n"), json!({"a": 1, "b": "x\ny\n"}));
    assert_eq!(
        value("{\n\t\"a\": [1, \"\\ud83d\\ude00\", \"\\/\", \"\\u00e9\"]\n}\n"),
        json!({"a": [1, "😀", "/", "é"]})
    );
    assert_eq!(
        value("a: &x {b: 1}\nc: *x\nd:\n  <<: *x\n  e: 2\n"),
        json!({"a": {"b": 1}, "c": {"b": 1}, "d": {"b": 1, "e": 2}})
    );
}

#[test]
fn duplicate_keys() {
    insta::assert_snapshot!(refusal("# one\nmetadata:\n  name: a\n  labels: {}\n  name: b\n"), @r#"
    error: duplicate key `name`
     --> x.yaml:5:3
      |
    3 |   name: a
    4 |   labels: {}
    5 |   name: b
      |   ^^^^
      |
      = help: keep one of them; YAML forbids a key twice, and readers differ in which one they take
    "#);
    insta::assert_snapshot!(refusal("{\"a\": 1, \"a\": 2}"), @r#"
    error: duplicate key `a`
     --> x.yaml:1:10
      |
    1 | {"a": 1, "a": 2}
      |          ^^^
      |
      = help: keep one of them; YAML forbids a key twice, and readers differ in which one they take
    "#);
}

#[test]
fn not_yaml() {
    insta::assert_snapshot!(refusal("a: 1\nb: {{ .Values.b }}\n"), @r#"
    error: `{{` opens two mappings in YAML, and a mapping is no key
     --> x.yaml:2:5
      |
    1 | a: 1
    2 | b: {{ .Values.b }}
      |     ^
      |
      = help: render the template first, or quote the expression
    "#);
    insta::assert_snapshot!(refusal("a:\n\tb: 1\n"), @r#"
    error: not YAML: tabs disallowed within this context (block indentation)
     --> x.yaml:2:2
      |
    1 | a:
    2 |     b: 1
      |     ^
      |
      = help: correct the syntax here or on the lines above; often it is an indentation, a tab, or an unquoted `: ` or `{{`
    "#);
    insta::assert_snapshot!(refusal("a: [1, 2\nb: 3\n"), @r#"
    error: not YAML: illegal placement of ':' indicator
     --> x.yaml:2:2
      |
    1 | a: [1, 2
    2 | b: 3
      |  ^
      |
      = help: correct the syntax here or on the lines above; often it is an indentation, a tab, or an unquoted `: ` or `{{`
    "#);
    insta::assert_snapshot!(refusal("a: 'x\n"), @r#"
    error: not YAML: invalid indentation in multiline quoted scalar
     --> x.yaml:1:7
      |
    1 | a: 'x
      |      ^
      |
      = help: correct the syntax here or on the lines above; often it is an indentation, a tab, or an unquoted `: ` or `{{`
    "#);
    insta::assert_snapshot!(refusal("a: 1\n b: 2\n"), @r#"
    error: not YAML: mapping values are not allowed in this context
     --> x.yaml:2:3
      |
    1 | a: 1
    2 |  b: 2
      |   ^
      |
      = help: correct the syntax here or on the lines above; often it is an indentation, a tab, or an unquoted `: ` or `{{`
    "#);
    insta::assert_snapshot!(refusal("a: \u{1b}[31m\n"), @r#"
    error: not YAML: unexpected character: `\u{1b}'
     --> x.yaml:1:4
      |
    1 | a: �[31m
      |    ^^^^^
      |
      = help: correct the syntax here or on the lines above; often it is an indentation, a tab, or an unquoted `: ` or `{{`
    "#);
}

#[test]
fn nothing_and_too_much() {
    insta::assert_snapshot!(refusal(""), @r#"
    error: the file is empty: it holds no document
    --> x.yaml
     = help: remove the file, or write the definition that belongs in it
    "#);
    insta::assert_snapshot!(refusal("a: 1\n---\nb: 2\n"), @r#"
    error: a second document, where one belongs
     --> x.yaml:2:1
      |
    2 | ---
      | ^^^
      |
      = note: in document 2 of the file
      = help: keep one document in the file
    "#);
    insta::assert_snapshot!(refusal("a: 1\r---\rb: 2\r"), @r#"
    error: a second document begins here
    --> x.yaml:3
     = help: put `---` on a line of its own, ended by LF or CRLF, between documents
    "#);
}

#[test]
fn numbers_that_json_cannot_hold() {
    insta::assert_snapshot!(refusal("a:\n- 18446744073709551616\n"), @r#"
    error: `18446744073709551616` is beyond the integers of 64 bits
     --> x.yaml:2:3
      |
    1 | a:
    2 | - 18446744073709551616
      |   ^^^^^^^^^^^^^^^^^^^^
      |
      = help: quote it if a string is meant; as a number it would silently lose digits
    "#);
    insta::assert_snapshot!(refusal("a: -9223372036854775809"), @r#"
    error: `-9223372036854775809` is beyond the integers of 64 bits
     --> x.yaml:1:4
      |
    1 | a: -9223372036854775809
      |    ^^^^^^^^^^^^^^^^^^^^
      |
      = help: quote it if a string is meant; as a number it would silently lose digits
    "#);
    for beyond in ["0b1\u{30}", "0x", "-0X", "0o2"] {
        let digits = if beyond.ends_with("0") { 64 } else { 24 };
        let text = format!("a: {beyond}{}", "0".repeat(digits).replacen('0', "1", 1));
        assert!(refusal(&text).contains("is beyond the integers of 64 bits"), "{text}");
    }
    insta::assert_snapshot!(refusal("a: 0x10000000000000000"), @r#"
    error: `0x10000000000000000` is beyond the integers of 64 bits
     --> x.yaml:1:4
      |
    1 | a: 0x10000000000000000
      |    ^^^^^^^^^^^^^^^^^^^
      |
      = help: quote it if a string is meant; as a number it would silently lose digits
    "#);
    insta::assert_snapshot!(refusal("a: .nan"), @r#"
    error: `.nan` is a number that JSON cannot express
     --> x.yaml:1:4
      |
    1 | a: .nan
      |    ^^^^
      |
      = help: Kubernetes objects are JSON: write a finite number, or quote it if a string is meant
    "#);
    insta::assert_snapshot!(refusal("a: -.Inf"), @r#"
    error: `-.Inf` is a number that JSON cannot express
     --> x.yaml:1:4
      |
    1 | a: -.Inf
      |    ^^^^^
      |
      = help: Kubernetes objects are JSON: write a finite number, or quote it if a string is meant
    "#);
    insta::assert_snapshot!(refusal("a: 1e999"), @r#"
    error: `1e999` is a number that JSON cannot express
     --> x.yaml:1:4
      |
    1 | a: 1e999
      |    ^^^^^
      |
      = help: Kubernetes objects are JSON: write a finite number, or quote it if a string is meant
    "#);
}

#[test]
fn a_bare_number_is_no_string() {
    let read = |text: &str| {
        yaml::from_str::<std::collections::BTreeMap<String, String>>(text, "x.yaml").unwrap_err().to_string()
    };
    insta::assert_snapshot!(read("version: 1.10\n"), @r#"
    error: `1.10` is not a string, and a string belongs here
     --> x.yaml:1:10
      |
    1 | version: 1.10
      |          ^^^^
      |
      = help: quote it: "1.10"
    "#);
    insta::assert_snapshot!(read("version: true\n"), @r#"
    error: `true` is not a string, and a string belongs here
     --> x.yaml:1:10
      |
    1 | version: true
      |          ^^^^
      |
      = help: quote it: "true"
    "#);
    insta::assert_snapshot!(read("version:\n"), @r#"
    error: null, and a string belongs here
     --> x.yaml:1:8
      |
    1 | version:
      |        ^
      |
      = help: write a string, or leave the key out
    "#);
    insta::assert_snapshot!(read("version: [a]\n"), @r#"
    error: expected string scalar
     --> x.yaml:1:10
      |
    1 | version: [a]
      |          ^^^
      |
      = help: write here what the definition of this kind asks for
    "#);
}

#[test]
fn tags_and_anchors() {
    insta::assert_snapshot!(refusal("a: !include b.yaml"), @r#"
    error: tag `!include`
     --> x.yaml:1:13
      |
    1 | a: !include b.yaml
      |             ^^^^^^
      |
      = help: remove it: Kubernetes objects are JSON, which has no tags
    "#);
    insta::assert_snapshot!(refusal("a: *x"), @r#"
    error: alias to an anchor that was not defined
     --> x.yaml:1:4
      |
    1 | a: *x
      |    ^^
      |
      = help: define the anchor before its first alias, in the same document
    "#);
    insta::assert_snapshot!(refusal("a: &x [*x]"), @r#"
    error: an anchor that contains its own alias
     --> x.yaml:1:8
      |
    1 | a: &x [*x]
      |        ^^^
      |
      = help: write the value out: JSON has no cycles
    "#);
}

#[test]
fn bombs() {
    let mut laughs = String::from("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
    for level in 1..20 {
        let below = vec![format!("*a{}", level - 1); 9].join(", ");
        laughs.push_str(&format!("a{level}: &a{level} [{below}]\n"));
    }
    insta::assert_snapshot!(refusal(&laughs), @r#"
    error: aliases expand to more than 100000 nodes
     --> x.yaml:1:40
      |
    1 | a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]
      |                                        ^^^^
      |
      = help: write the values out instead of referring to anchors; if this document is to be trusted, raise the limit
    "#);

    let quadratic = format!("a: &a {}\nb: [{}]\n", "x".repeat(1 << 20), vec!["*a"; 400].join(", "));
    insta::assert_snapshot!(refusal(&quadratic).lines().next().unwrap(), @"error: more than 134217728 bytes of text in one document");

    insta::assert_snapshot!(refusal(&"[".repeat(100_000)).lines().next().unwrap(), @"error: nested deeper than 100 levels");
    insta::assert_snapshot!(refusal(&(0..3_000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect::<String>()).lines().next().unwrap(), @"error: nested deeper than 100 levels");
    let depth = Limits::default().depth;
    assert!(yaml::from_str::<Value>(&format!("{}{}", "[".repeat(depth), "]".repeat(depth)), "x.yaml").is_ok());
}

#[test]
fn limits() {
    let items = "- a\n".repeat(50);
    insta::assert_snapshot!(limited(&items, Limits { nodes: 40, ..Limits::default() }).lines().next().unwrap(), @"error: more than 40 nodes in one document");
    insta::assert_snapshot!(limited(&items, Limits { scalar_bytes: 40, ..Limits::default() }).lines().next().unwrap(), @"error: more than 40 bytes of text in one document");
    insta::assert_snapshot!(limited("a: {b: {c: {}}}", Limits { depth: 3, ..Limits::default() }), @r#"
    error: nested deeper than 3 levels
     --> x.yaml:1:12
      |
    1 | a: {b: {c: {}}}
      |            ^^^^
      |
      = help: split the document; if this document is to be trusted, raise the limit
    "#);
    insta::assert_snapshot!(limited("a: &a [1, 2]\nb: [*a, *a]", Limits { alias_nodes: 4, ..Limits::default() }), @r#"
    error: aliases expand to more than 4 nodes
     --> x.yaml:1:7
      |
    1 | a: &a [1, 2]
      |       ^^^
      |
      = help: write the values out instead of referring to anchors; if this document is to be trusted, raise the limit
    "#);
}

#[test]
fn lines_are_those_of_the_file() {
    let text = "a: 1\n---\n# two\nb: 1\nb: 2\n---\nc: .nan\n";
    let errors: Vec<String> = yaml::documents(text)
        .filter_map(|document| yaml::read::<Value>(&document, "x.yaml").err())
        .map(|error| format!("{}:{}:{} {}", error.file(), error.line(), error.column(), error))
        .collect();
    insta::assert_snapshot!(errors.join("\n\n"), @r#"
    x.yaml:5:1 error: duplicate key `b`
     --> x.yaml:5:1
      |
    3 | # two
    4 | b: 1
    5 | b: 2
      | ^
      |
      = note: in document 2 of the file
      = help: keep one of them; YAML forbids a key twice, and readers differ in which one they take

    x.yaml:7:4 error: `.nan` is a number that JSON cannot express
     --> x.yaml:7:4
      |
    6 | ---
    7 | c: .nan
      |    ^^^^
      |
      = note: in document 3 of the file
      = help: Kubernetes objects are JSON: write a finite number, or quote it if a string is meant
    "#);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_panics(text in prop_oneof![
        any::<String>(),
        "[-a\\[\\]{}:, \n\t'\"&*!|>%#?0-9.]{0,40}",
        "(---|\\.\\.\\.|a: |- |\\[|\\{|\\}|\\]|\n|\r| |\"|'|&a |\\*a |<<: |!!str |0x|\u{feff}|[0-9]{20}){0,30}",
    ]) {
        let mut lines = 0;
        for document in yaml::documents(&text) {
            lines = document.line;
            let _ = yaml::read::<Value>(&document, "x.yaml").map_err(|error| error.to_string());
        }
        prop_assert!(lines <= text.lines().count().max(1));
        let _ = yaml::from_str::<Value>(&text, "x.yaml").map_err(|error| error.to_string());
    }
}
