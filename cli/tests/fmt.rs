//! `planewright fmt` on files and folders, and on text from an editor.

#![allow(clippy::unwrap_used, reason = "a test")]

mod support;

use std::io::Write;
use std::process::{Command, Stdio};

use support::{Place, Ran};

const BEFORE: &str = "fn f() {\n    status!(cx,{a:1});\n}\n";
const AFTER: &str = "fn f() {\n    status!(cx, { a: 1 });\n}\n";

/// A run of the program on standard input.
fn typed(place: &Place, line: &str, text: &[u8]) -> Ran {
    let mut child = Command::new(env!("CARGO_BIN_EXE_planewright"))
        .args(line.split_whitespace())
        .current_dir(place.path(""))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(text).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

#[test]
fn the_sources_of_a_package_are_formatted() {
    let of_the_package =
        ["build.rs", "src/main.rs", "src/deep/er.rs", "tests/a.rs", "examples/b.rs", "benches/c.rs", "tests/ui/d.rs"];
    let others = ["other.rs", "src/target/e.rs", "src/.hidden/f.rs", "src/notes.txt", "target/g.rs"];
    let place = Place::with(&[("Cargo.toml", "")]);
    for path in of_the_package.iter().chain(&others) {
        place.write(path, BEFORE);
    }
    place.done("fmt");
    for path in of_the_package {
        assert_eq!(place.read(path), AFTER, "{path}");
    }
    for path in others {
        assert_eq!(place.read(path), BEFORE, "{path}");
    }
    place.done("fmt other.rs src/notes.txt");
    assert_eq!((place.read("other.rs").as_str(), place.read("src/notes.txt").as_str()), (AFTER, AFTER));
}

#[test]
fn a_check_shows_what_would_change_and_writes_nothing() {
    let place = Place::with(&[("src/a.rs", BEFORE), ("src/b.rs", AFTER)]);
    let ran = place.run("fmt --check src");
    assert_eq!((ran.code, ran.err.as_str()), (3, ""));
    insta::assert_snapshot!(ran.out, @"
    --- src/a.rs
    +++ src/a.rs (formatted)
    @@ -1,3 +1,3 @@
     fn f() {
    -    status!(cx,{a:1});
    +    status!(cx, { a: 1 });
     }
    ");
    assert_eq!(place.read("src/a.rs"), BEFORE);
    assert_eq!(place.done("fmt --check src/b.rs"), "");
}

#[test]
fn text_from_an_editor_comes_back_formatted() {
    let place = Place::with(&[("wide/rustfmt.toml", "max_width = 200"), ("narrow/rustfmt.toml", "max_width = 20")]);
    for line in ["fmt -", "fmt --stdin", "fmt - --stdin-filename wide/unsaved.rs"] {
        let ran = typed(&place, line, BEFORE.as_bytes());
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, AFTER, ""), "{line}");
    }
    let narrow = typed(&place, "fmt --stdin --stdin-filename narrow/unsaved.rs", BEFORE.as_bytes());
    assert_eq!(narrow.out, "fn f() {\n    status!(cx, {\n        a: 1\n    });\n}\n");
    let check = typed(&place, "fmt - --check", BEFORE.as_bytes());
    assert_eq!(check.code, 3);
    assert!(check.out.contains("+    status!(cx, { a: 1 });"), "{}", check.out);
    // What cannot be formatted must not replace the text of an editor.
    let broken = typed(&place, "fmt - --stdin-filename src/a.rs", b"fn f( {");
    assert_eq!(broken.out, "");
    insta::assert_snapshot!(broken.told(), @"
    exit 2
    error: src/a.rs:1:7: this is not Rust, so the file is left as it is
     = help: close the bracket, string or comment that is open here; `cargo check` says more
    ");
    insta::assert_snapshot!(typed(&place, "fmt -", b"\xff").told(), @"
    exit 2
    error: <standard input>: the text is not UTF-8
     = help: send it as UTF-8
    ");
}

#[test]
fn what_cannot_be_formatted_is_named_and_the_rest_is_done() {
    let place = Place::with(&[
        ("src/a.rs", "fn f() {\n    g(;\n}\n"),
        ("src/b.rs", BEFORE),
        ("src/c.rs", "fn f() {\n    status!(cx, { a  1 });\n    status!(cx,{a:1});\n}\n"),
        ("src/d.rs", "\"\n"),
    ]);
    std::fs::write(place.path("src/e.rs"), b"\xff").unwrap();
    insta::assert_snapshot!(place.run("fmt src").told(), @"
    exit 2
    warning: src/c.rs:2: `status!` is left as it is: no `:` after the name of the field
     = help: mend it and format again; if it is no macro of planewright, there is nothing to do
    error: src/a.rs:3:1: this is not Rust, so the file is left as it is
     = help: close the bracket, string or comment that is open here; `cargo check` says more

    error: src/d.rs:1:1: this is not Rust, so the file is left as it is
     = help: close the bracket, string or comment that is open here; `cargo check` says more

    error: src/e.rs: the file is not UTF-8
     = help: save it as UTF-8
    ");
    assert_eq!(place.read("src/b.rs"), AFTER);
    assert_eq!(place.read("src/c.rs"), "fn f() {\n    status!(cx, { a  1 });\n    status!(cx, { a: 1 });\n}\n");
    assert_eq!(place.run("fmt src/c.rs").code, 0, "a macro that is not ours is no mistake");
}

#[test]
fn command_lines_that_make_no_sense() {
    let place = Place::with(&[("rustfmt.toml", "max_width = true"), ("a.rs", AFTER)]);
    let told: Vec<_> = ["fmt", "fmt src", "fmt - a.rs", "fmt a.rs --stdin-filename b.rs", "fmt a.rs"]
        .iter()
        .map(|line| place.run(line).told().replace(&place.path("").display().to_string(), "PLATFORM/"))
        .collect();
    insta::assert_snapshot!(told.join("\n"), @"
    exit 2
    error: no package is in this folder: it has no Cargo.toml
     = help: go to the folder of a package, or name files and folders

    exit 2
    error: there is no such file or folder
    --> src
     = help: check the path and the folder you are in

    exit 2
    error: `-` stands beside other paths
     = help: name `-` alone, or files and folders

    exit 2
    error: --stdin-filename stands without `-`
     = help: write `planewright fmt -`

    exit 2
    error: not a configuration of rustfmt: invalid type: boolean `true`, expected usize
    --> PLATFORM/rustfmt.toml
     = help: mend the file: max_width and tab_spaces are numbers, hard_tabs is true or false
    ");
}
