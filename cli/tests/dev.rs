//! `planewright dev` from its start to its end, on a project whose cargo and whose program are scripts.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::io::{BufRead as _, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use support::Place;
use support::emission::script;

/// A project: what its sources say, its program puts into every render.
fn project() -> Place {
    let place = Place::with(&[("src/lib.rs", "one"), ("examples/xr/shop.yaml", "open: true"), ("Cargo.toml", "")]);
    let here = std::fs::canonicalize(place.path("")).unwrap();
    let here = here.display();
    script(
        &place,
        "cargo",
        &format!(
            r#"case "$1" in
metadata)
  if grep -q wrong Cargo.toml; then echo 'error: Cargo.toml is wrong' >&2; exit 101; fi
  echo '{{"workspace_root": "{here}", "target_directory": "{here}/target", "packages": '"$(cat target/packages 2>/dev/null || echo '[]')"'}}' ;;
build)
  if grep -q wrong src/lib.rs Cargo.toml; then echo 'error: src/lib.rs is wrong' >&2; exit 101; fi
  if grep -q broken src/lib.rs; then echo "error: broken beside $(cat examples/xr/shop.yaml)" >&2; exit 101; fi
  if grep -q hang src/lib.rs; then echo 'warning: it hangs' >&2; {HANG}; fi
  mkdir -p target && cat src/lib.rs apis/definition.yaml >target/said 2>/dev/null
  echo "{here}/target/program: {here}/src/lib.rs" >target/program.d
  echo '{{"reason": "compiler-artifact", "target": {{"kind": ["bin"]}}, "executable": "{here}/target/program", "fresh": false}}' ;;
esac"#
        ),
    );
    program(&place);
    place
}

/// Says that it hangs, and does so with a program that it starts.
const HANG: &str = "exec 3>target/alive; echo hanging >&3; cat target/never & wait";

/// The platform's program.
fn program(place: &Place) {
    script(
        place,
        "target/program",
        &format!(
            r#"said=$(cat target/said) file=$2 form=$4
if grep -q refused "$file"; then echo "error: $file: it is refused" >&2; exit 2; fi
if grep -q hang "$file"; then {HANG}; fi
case "$form" in
json) echo "{{\"composite\": {{\"kind\": \"Shop\", \"metadata\": {{\"name\": \"a\"}}, \"status\": {{\"said\": \"$said\", \"input\": \"$(cat "$file")\"}}}}, \"resources\": {{}}}}" ;;
*) echo "$form: $said" ;;
esac"#
        ),
    );
}

/// What those that hang have to say: that they do. There is no more to come when all of them are gone.
fn hanging(place: &Place) -> Receiver<String> {
    for pipe in ["target/alive", "target/never"] {
        assert!(Command::new("mkfifo").arg(place.path(pipe)).status().unwrap().success());
    }
    let alive = place.path("target/alive");
    let (to, from) = channel();
    std::thread::spawn(move || {
        let alive = BufReader::new(std::fs::File::open(alive).unwrap());
        alive.lines().map_while(Result::ok).try_for_each(|line| to.send(line))
    });
    from
}

/// All those that hung are gone.
fn are_gone(hanging: &Receiver<String>) {
    let ended = hanging.recv_timeout(Duration::from_secs(60));
    assert_eq!(ended, Err(RecvTimeoutError::Disconnected));
}

fn dev(place: &Place, arguments: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_planewright"));
    command.arg("dev").args(arguments.split_whitespace()).current_dir(place.path("")).env("CARGO", place.path("cargo"));
    command.stdin(Stdio::null());
    command
}

fn once(place: &Place, arguments: &str) -> (Option<i32>, String, String) {
    let output = dev(place, &format!("--once {arguments}")).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// A line without what a clock says.
fn timeless(text: &str) -> String {
    let number = |word: &&str| word.parse::<f64>().is_err() || !word.contains('.');
    text.split(' ').filter(number).collect::<Vec<_>>().join(" ")
}

/// The program at work, and the lines it writes.
struct Running {
    child: Child,
    out: Receiver<String>,
    err: Receiver<String>,
}

fn lines(stream: impl Read + Send + 'static) -> Receiver<String> {
    let (to, from) = channel();
    std::thread::spawn(move || BufReader::new(stream).lines().map_while(Result::ok).try_for_each(|line| to.send(line)));
    from
}

impl Running {
    fn start(place: &Place, arguments: &str) -> Running {
        let mut child = dev(place, arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (out, err) = (lines(child.stdout.take().unwrap()), lines(child.stderr.take().unwrap()));
        Running { child, out, err }
    }

    fn interrupt(&mut self) -> Option<i32> {
        kill_process(Pid::from_child(&self.child), Signal::INT).unwrap();
        self.child.wait().unwrap().code()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

/// The lines up to one with this text. A program that never says it fails the test.
fn until(lines: &Receiver<String>, text: &str) -> String {
    let mut seen = String::new();
    while !seen.contains(text) {
        let line = lines.recv_timeout(Duration::from_secs(60));
        seen += &line.unwrap_or_else(|error| panic!("{error} before {text:?} was said, after:\n{seen}"));
        seen.push('\n');
    }
    seen
}

#[test]
fn once_builds_renders_and_ends() {
    let place = project();
    let (code, out, err) = once(&place, "");
    assert_eq!(code, Some(0), "{err}");
    insta::assert_snapshot!(out, @"
    examples/xr/shop.yaml
    summary: one
    ");
    insta::assert_snapshot!(timeless(&err), @"built in s, 1 render in s");
    assert_eq!(once(&place, "--output yaml").1, "---\n# examples/xr/shop.yaml\nyaml: one\n");
    place.write("other.yaml", "a");
    assert_eq!(once(&place, "other.yaml --output yaml").1, "---\n# other.yaml\nyaml: one\n");
}

#[test]
fn once_fails_where_anything_does() {
    let place = project();
    place.write("examples/xr/bad.yaml", "refused");
    let (code, out, err) = once(&place, "");
    insta::assert_snapshot!(format!("exit {code:?}\n{out}{}", timeless(&err)), @"
    exit Some(2)
    examples/xr/shop.yaml
    summary: one

    examples/xr/bad.yaml
    error: examples/xr/bad.yaml: it is refused
    built in s, 2 renders in s
    error: 1 of 2 renders failed
     = help: correct what is said above
    ");
    insta::assert_snapshot!(once(&place, "nothing.yaml").2, @"
    error: no composite resource is in nothing.yaml
     = help: write one as a user would, or name files: `planewright dev FILE`
    ");
    place.write("src/lib.rs", "wrong");
    let (code, _, err) = once(&place, "");
    insta::assert_snapshot!(format!("exit {code:?}\n{err}"), @"
    exit Some(2)
    error: src/lib.rs is wrong
    error: cargo could not build the platform
     = help: correct what it says above
    ");
}

#[test]
fn changes_are_shown_as_they_are_made() {
    let place = project();
    let mut running = Running::start(&place, "");
    until(&running.out, "summary: one");
    until(&running.err, "waiting for changes, Ctrl-C ends");

    place.write("src/lib.rs", "two");
    insta::assert_snapshot!(until(&running.out, "+said: two").trim(), @"
    examples/xr/shop.yaml
    --- status of Shop a
    +++ status of Shop a
    @@ -1,2 +1,2 @@
    -said: one
    +said: two
    ");
    until(&running.err, "1 different");

    // What does not build changes nothing, and the next that does is held against the last good render.
    place.write("src/lib.rs", "wrong");
    insta::assert_snapshot!(until(&running.err, "the last good renders stay"), @"
    error: src/lib.rs is wrong
    error: cargo could not build the platform
     = help: correct what it says above
    the last good renders stay
    ");
    place.write("src/lib.rs", "three");
    let shown = until(&running.out, "+said: three");
    assert!(shown.contains("-said: two"), "{shown}");
    until(&running.err, "1 different");

    // An input is rendered without a build.
    place.write("examples/xr/shop.yaml", "open: false");
    until(&running.out, "+input: \"open: false\"");
    let told = until(&running.err, "1 different");
    assert!(!told.contains("built"), "{told}");

    place.write("examples/xr/another.yaml", "new: true");
    until(&running.out, "examples/xr/another.yaml");
    std::fs::remove_file(place.path("examples/xr/another.yaml")).unwrap();
    until(&running.out, "examples/xr/another.yaml is gone");

    // A folder that was not there is watched too.
    place.write("apis/definition.yaml", "four");
    until(&running.out, "+said: threefour");
    place.write("apis/definition.yaml", "five");
    until(&running.out, "+said: threefive");

    assert_eq!(running.interrupt(), Some(0));
}

#[test]
fn inputs_are_not_rendered_by_a_program_from_before_the_sources_broke() {
    let place = project();
    let mut running = Running::start(&place, "");
    until(&running.out, "summary: one");
    until(&running.err, "waiting for changes");
    place.write("src/lib.rs", "broken");
    until(&running.err, "error: broken beside open: true");
    until(&running.err, "the last good renders stay");
    place.write("examples/xr/shop.yaml", "open: false");
    let told = until(&running.err, "the last good renders stay");
    assert!(told.contains("error: broken beside open: false") && !told.contains("different"), "{told}");
    // Both changes are held against the last good render, when there is a new one.
    place.write("src/lib.rs", "two");
    let shown = until(&running.out, "+input: \"open: false\"");
    assert!(shown.contains("-said: one") && shown.contains("+said: two"), "{shown}");
    // From now on there is no need to build for an input.
    until(&running.err, "1 different");
    place.write("examples/xr/shop.yaml", "open: maybe");
    let told = until(&running.err, "1 different");
    assert!(!told.contains("built"), "{told}");
    assert_eq!(running.interrupt(), Some(0));
}

#[test]
fn a_project_that_is_broken_from_the_start_is_waited_for() {
    let place = project();
    place.write("src/lib.rs", "wrong");
    let mut running = Running::start(&place, "--output summary");
    until(&running.err, "correct what it says above");
    place.write("src/lib.rs", "one");
    until(&running.out, "summary: one");
    place.write("src/lib.rs", "two");
    until(&running.out, "summary: two");
    assert_eq!(running.interrupt(), Some(0));
}

#[test]
fn a_manifest_that_is_broken_is_waited_for() {
    let place = project();
    place.write("Cargo.toml", "wrong");
    let mut running = Running::start(&place, "");
    insta::assert_snapshot!(until(&running.err, "waiting for changes"), @"
    error: src/lib.rs is wrong
    error: cargo could not build the platform
     = help: correct what it says above
    waiting for changes, Ctrl-C ends
    ");
    place.write("Cargo.toml", "");
    until(&running.out, "summary: one");
    assert_eq!(running.interrupt(), Some(0));
}

#[test]
fn a_crate_that_the_manifest_names_anew_is_watched() {
    let (place, elsewhere) = (project(), Place::with(&[("src/lib.rs", "one")]));
    let mut running = Running::start(&place, "");
    until(&running.err, "waiting for changes");
    let path = elsewhere.path("").display().to_string();
    place.write("target/packages", &format!(r#"[{{"dependencies": [{{"path": "{path}"}}]}}]"#));
    place.write("Cargo.toml", "elsewhere");
    until(&running.err, "none is different");
    elsewhere.write("src/lib.rs", "two");
    until(&running.err, "none is different");
    assert_eq!(running.interrupt(), Some(0));
}

#[test]
fn a_program_that_is_gone_is_waited_for() {
    let place = project();
    let mut running = Running::start(&place, "");
    until(&running.out, "summary: one");
    std::fs::remove_file(place.path("target/program")).unwrap();
    place.write("examples/xr/shop.yaml", "open: false");
    let told = until(&running.err, "the last good renders stay");
    assert!(told.contains("error: cannot run"), "{told}");
    // Also where the program says what nobody understands.
    script(&place, "target/program", "echo nonsense");
    place.write("examples/xr/shop.yaml", "open: maybe");
    let told = until(&running.err, "the last good renders stay");
    assert!(told.contains("what the program renders is not understood"), "{told}");
    program(&place);
    place.write("examples/xr/shop.yaml", "open: true, again");
    until(&running.out, "+input: \"open: true, again\"");
    assert_eq!(running.interrupt(), Some(0));
}

#[test]
fn an_end_does_not_wait_for_who_hangs_and_leaves_nobody_behind() {
    for (file, arguments, code) in
        [("src/lib.rs", "", 0), ("examples/xr/shop.yaml", "", 0), ("src/lib.rs", "--once", 1)]
    {
        let place = project();
        let alive = hanging(&place);
        place.write(file, "hang");
        let mut running = Running::start(&place, arguments);
        until(&alive, "hanging");
        assert_eq!(running.interrupt(), Some(code), "{file} {arguments}");
        are_gone(&alive);
    }
}

#[test]
fn a_change_begins_anew_what_is_being_built_or_rendered() {
    for file in ["src/lib.rs", "examples/xr/shop.yaml"] {
        let place = project();
        let alive = hanging(&place);
        place.write(file, "hang");
        let mut running = Running::start(&place, "");
        until(&alive, "hanging");
        place.write(file, "two");
        until(&running.err, &format!("{file} changed: beginning anew"));
        are_gone(&alive);
        until(&running.out, if file == "src/lib.rs" { "summary: two" } else { "summary: one" });
        assert_eq!(running.interrupt(), Some(0));
    }
}

#[test]
fn what_it_says_into_a_file_of_the_project_is_no_change() {
    let place = project();
    let alive = hanging(&place);
    place.write("src/lib.rs", "hang");
    // Called as something for which a build would be given up.
    let log = std::fs::File::create(place.path("log.rs")).unwrap();
    let mut child = dev(&place, "").stdout(Stdio::piped()).stderr(log).spawn().unwrap();
    let out = lines(child.stdout.take().unwrap());
    let mut running = Running { child, out, err: channel().1 };
    // By now cargo has written to the file.
    until(&alive, "hanging");
    place.write("src/lib.rs", "one");
    until(&running.out, "summary: one");
    assert_eq!(running.interrupt(), Some(0));
    let log = place.read("log.rs");
    assert!(log.contains("src/lib.rs changed: beginning anew") && !log.contains("log.rs changed"), "{log}");
}

#[test]
fn what_is_wrong_is_not_said_twice_into_a_pipe() {
    // Which may lead into a file of the project.
    let place = project();
    place.write("examples/xr/bad.yaml", "refused");
    let mut running = Running::start(&place, "");
    let told = until(&running.err, "of 2 renders failed");
    assert!(told.contains("it is refused"), "{told}");
    until(&running.err, "the last good renders stay");
    for said in ["one", "two"] {
        place.write("examples/xr/shop.yaml", said);
        let told = until(&running.err, "1 different");
        assert!(!told.contains("refused") && !told.contains("failed"), "{told}");
    }
    // What is mended is said, also where nothing is different.
    place.write("examples/xr/shop.yaml", "refused");
    until(&running.err, "2 of 2 renders failed");
    std::fs::remove_file(place.path("examples/xr/bad.yaml")).unwrap();
    until(&running.err, "1 of 1 render failed");
    place.write("examples/xr/shop.yaml", "two");
    until(&running.err, "none is different");
    assert_eq!(running.interrupt(), Some(0));
}

#[test]
fn a_folder_of_inputs_may_be_that_of_the_project() {
    let place = project();
    place.write("a.yaml", "open: true");
    let mut running = Running::start(&place, ".");
    until(&running.out, "./a.yaml");
    place.write("src/lib.rs", "two");
    until(&running.out, "+said: two");
    until(&running.err, "1 different");
    place.write("a.yaml", "open: false");
    until(&running.out, "+input: \"open: false\"");
    let told = until(&running.err, "1 different");
    assert!(!told.contains("built"), "{told}");
    assert_eq!(running.interrupt(), Some(0));
}

#[test]
fn outside_of_a_project_there_is_nothing_to_watch() {
    let place = project();
    std::fs::remove_file(place.path("Cargo.toml")).unwrap();
    script(&place, "cargo", "echo 'error: could not find `Cargo.toml`' >&2; exit 101");
    let output = dev(&place, "").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(String::from_utf8(output.stderr).unwrap(), @"
    error: cargo finds no project here
    error: could not find `Cargo.toml`
     = help: go to the folder of a platform; `planewright new` writes one
    ");
}

#[test]
fn an_input_elsewhere_is_watched_too() {
    let (place, elsewhere) = (project(), Place::with(&[("b.yaml", "open: true")]));
    // As people name it: on the way up and down again.
    let elsewhere_from_here = Path::new("..").join(elsewhere.path("").file_name().unwrap()).join("b.yaml");
    let mut running = Running::start(&place, &elsewhere_from_here.display().to_string());
    until(&running.out, "summary: one");
    // As editors do it: a new file takes the place of the old one.
    elsewhere.write("b.yaml.new", "open: false");
    std::fs::rename(elsewhere.path("b.yaml.new"), elsewhere.path("b.yaml")).unwrap();
    until(&running.out, "+input: \"open: false\"");
    place.write("src/lib.rs", "two");
    until(&running.out, "+said: two");
    assert_eq!(running.interrupt(), Some(0));
}
