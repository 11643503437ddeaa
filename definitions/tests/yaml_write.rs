//! The writer: what it writes is read back as the same value, by this reader and by YAML 1.1 and 1.2 readers.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test")]

use planewright_definitions::yaml;
use proptest::prelude::*;
use serde_json::{Value, json};
use tricky::TRICKY;

mod tricky;

fn back(text: &str) -> Value {
    yaml::from_str(text, "written.yaml").unwrap_or_else(|error| panic!("{error}\n{text}"))
}

#[test]
fn tricky_strings_come_back_as_values_keys_and_items() {
    for tricky in TRICKY {
        for value in [
            json!(tricky),
            json!({ "a": tricky }),
            json!({ *tricky: 1 }),
            json!([tricky, [tricky]]),
            json!({"a": [{ *tricky: tricky }]}),
        ] {
            let text = yaml::to_string(&value).unwrap();
            assert_eq!(back(&text), value, "{tricky:?} as\n{text}");
        }
    }
}

/// What some YAML 1.1 or 1.2 reader would read as another type.
#[test]
fn strings_that_a_reader_of_another_version_misreads_are_quoted() {
    let misread = TRICKY.iter().filter(|text| !text.contains('\n') && text.chars().all(|c| c.is_ascii_graphic()));
    let plain: Vec<&str> =
        misread.filter(|text| yaml::to_string(&json!(text)).unwrap().trim_end() == **text).copied().collect();
    insta::assert_compact_debug_snapshot!(plain, @r#"["10.0.0.0/16", "--", "a:b", "it's", "\\", "\\n", "a\\b", "C:\\dir", "$(a)", "${a}", "a{{b}}", "0x", "1e", "e1", "1e+", "0o", "0o8", "0:0", "1:60", "a!", "a|b"]"#);
}

#[test]
fn layout() {
    let value = json!({
        "apiVersion": "example.org/v1", "list": [1, [2, 3], {"a": 1, "b": [true]}], "empty": {"map": {}, "list": []},
        "text": "one\n  two\n\nthree\n", "bare": "a\nb", "long": "word ".repeat(60).trim_end(), "null": null,
        "port": "8080", "when": "12:30:45", "float": 1.5, "whole": 2.0, "large": 1e21, "min": i64::MIN, "max": u64::MAX,
    });
    insta::assert_snapshot!(yaml::to_string(&value).unwrap(), @r#"
    apiVersion: example.org/v1
    list:
    - 1
    - - 2
      - 3
    - a: 1
      b:
      - true
    empty:
      map: {}
      list: []
    text: |
      one
        two

      three
    bare: |-
      a
      b
    long: word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word
    "null": null
    port: "8080"
    when: "12:30:45"
    float: 1.5
    whole: 2.0
    large: 1.0e+21
    min: -9223372036854775808
    max: 18446744073709551615
    "#);
}

#[test]
fn keys_of_objects_are_ordered() {
    let mut object = json!({
        "status": 1, "zeta": 1, "spec": {"b": 1, "a": 1}, "alpha": 1,
        "metadata": {"labels": {}, "namespace": "n", "name": "x"}, "kind": "K", "apiVersion": "v1",
    });
    yaml::order_keys(&mut object);
    insta::assert_snapshot!(yaml::to_string(&object).unwrap(), @r#"
    apiVersion: v1
    kind: K
    metadata:
      name: x
      namespace: "n"
      labels: {}
    spec:
      b: 1
      a: 1
    zeta: 1
    alpha: 1
    status: 1
    "#);
}

#[test]
fn streams_have_markers_between_documents() {
    let text = yaml::stream([json!({"a": 1}), json!({"b": "---\n"}), json!("c")]).unwrap();
    insta::assert_snapshot!(text, @r#"
    a: 1
    ---
    b: |
      ---
    ---
    c
    "#);
    assert_eq!(yaml::documents(&text).count(), 3);
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        proptest::sample::select(TRICKY).prop_map(str::to_owned),
        "[a-z0-9:#'\"\\-_{}, .\n\t|>&*!%@]{0,12}",
        proptest::collection::vec(any::<char>(), 0..8).prop_map(|chars| chars.into_iter().collect()),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_filter("JSON has no NaN", |f| f.is_finite()).prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 5, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            proptest::collection::vec((text(), inner), 0..5)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_back_equal_and_written_again_the_same(value in value()) {
        let text = yaml::to_string(&value).unwrap();
        let read = back(&text);
        prop_assert_eq!(&read, &value, "{}", text);
        prop_assert_eq!(yaml::to_string(&read).unwrap(), text);
    }

    #[test]
    fn json_text_is_yaml(value in value()) {
        // JSON text may hold DEL and the C1 controls as they are; YAML wants them escaped.
        prop_assume!(!serde_json::to_string(&value).unwrap().chars().any(|c| c.is_control() || c == '\u{feff}'));
        prop_assert_eq!(back(&serde_json::to_string(&value).unwrap()), value.clone());
        prop_assert_eq!(back(&serde_json::to_string_pretty(&value).unwrap()), value);
    }

    #[test]
    fn streams_split_into_what_was_written(values in proptest::collection::vec(value(), 1..4)) {
        let text = yaml::stream(&values).unwrap();
        let read: Vec<Value> = yaml::documents(&text).map(|document| yaml::read(&document, "s.yaml").unwrap()).collect();
        prop_assert_eq!(read, values, "{}", text);
    }
}
