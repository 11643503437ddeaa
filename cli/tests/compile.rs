//! What `--compile` asks of cargo, which is a script here. The stage `new` of `.ci/run` holds what the real one makes in two folders
//! against each other.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::process::{Command, Output, Stdio};

use support::Place;
use support::emission::{EMISSION, platform, script};

/// A platform whose cargo says how it was called, and builds a program for x86-64.
fn project() -> Place {
    let place = platform(EMISSION);
    script(
        &place,
        "cargo",
        r#"case "$1" in
metadata) echo '{"workspace_root": "/b c/shops", "target_directory": "/b c/shops/target", "packages": []}' ;;
build)
  if [ -e broken ]; then echo 'error: src/lib.rs is wrong' >&2; exit 101; fi
  printf '%s\n' "$@" >called
  printf '%s' "$CARGO_ENCODED_RUSTFLAGS" | tr '\037' '\n' >flags
  echo '{"reason": "compiler-artifact", "target": {"kind": ["bin"]}, "executable": "amd64"}' ;;
esac"#,
    );
    place
}

fn build(place: &Place, arguments: &str, flags: Option<&str>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_planewright"));
    command.args(["build", "--platform", "platform", "--compile"]).args(arguments.split(' '));
    command.current_dir(place.path("")).stdin(Stdio::null());
    command.env("CARGO", place.path("cargo")).env("CARGO_HOME", "/home/cargo").env_remove("CARGO_ENCODED_RUSTFLAGS");
    match flags {
        Some(flags) => command.env("RUSTFLAGS", flags),
        None => command.env_remove("RUSTFLAGS"),
    };
    command.output().unwrap()
}

#[test]
fn the_program_is_released_static_and_names_no_folder() {
    let place = project();
    let output = build(&place, "linux/amd64", None);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(place.path("target/planewright/packages/function-shops-linux-amd64.xpkg").exists());
    insta::assert_snapshot!(place.read("called"), @r#"
    build
    --message-format=json-render-diagnostics
    --release
    --target
    x86_64-unknown-linux-gnu
    --config
    target.x86_64-unknown-linux-gnu.rustflags=["-Ctarget-feature=+crt-static", "--remap-path-prefix=/b c/shops=/platform", "--remap-path-prefix=/b c/shops/target=/target", "--remap-path-prefix=/home/cargo=/cargo"]
    "#);
    assert_eq!(place.read("flags"), "");
}

#[test]
fn flags_that_somebody_gives_are_kept() {
    let place = project();
    assert!(build(&place, "linux/amd64", Some("-C target-cpu=x86-64-v3")).status.success());
    assert!(!place.read("called").contains("--config"));
    insta::assert_snapshot!(place.read("flags"), @"
    -C
    target-cpu=x86-64-v3
    -Ctarget-feature=+crt-static
    --remap-path-prefix=/b c/shops=/platform
    --remap-path-prefix=/b c/shops/target=/target
    --remap-path-prefix=/home/cargo=/cargo
    ");
}

#[test]
fn flags_that_are_empty_are_some_to_cargo() {
    for flags in ["", " "] {
        let place = project();
        assert!(build(&place, "linux/amd64", Some(flags)).status.success());
        // It would not read any in its configuration.
        assert!(!place.read("called").contains("--config"));
        assert!(place.read("flags").starts_with("-Ctarget-feature=+crt-static\n"), "{}", place.read("flags"));
    }
}

#[test]
fn what_cannot_be_compiled_is_not_packaged() {
    let place = project();
    let told = |output: Output| {
        format!("exit {}\n{}", output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    // Cargo built for another machine than it was asked to.
    insta::assert_snapshot!(told(build(&place, "linux/arm64", None)).lines().take(2).collect::<Vec<_>>().join("\n"), @"
    exit 2
    error: amd64: it is a program for another architecture than linux/arm64
    ");
    place.write("broken", "");
    insta::assert_snapshot!(told(build(&place, "linux/arm64", None)), @"
    exit 2
    error: src/lib.rs is wrong
    error: cargo could not build the program for linux/arm64
     = help: correct what it says above; if the target is missing, `rustup target add aarch64-unknown-linux-gnu`
    ");
    assert!(!place.path("target").exists());
}
