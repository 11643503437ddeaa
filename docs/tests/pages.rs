//! What the pages show besides their own snippets is what is there: files of `examples/stores` and `examples/archives`, what the
//! program prints, and what the compiler says.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use planewright::platform::{Composition, run};

/// The repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn files(folder: &str, extension: &str) -> Vec<String> {
    let entries = fs::read_dir(root().join(folder)).unwrap();
    let mut paths: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(extension))
        .map(|name| format!("{folder}/{name}"))
        .collect();
    paths.sort();
    paths
}

/// The code blocks of a page whose fence says `info`.
fn blocks(page: &str, info: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut block: Option<(bool, String)> = None;
    for line in page.lines() {
        match (line.strip_prefix("```"), block.take()) {
            (Some(opening), None) => block = Some((opening == info, String::new())),
            (Some(_), Some((true, text))) => found.push(text),
            (Some(_), Some(_)) | (None, None) => {}
            (None, Some((wanted, text))) => block = Some((wanted, text + line + "\n")),
        }
    }
    found
}

#[test]
fn what_is_shown_of_the_platform_is_the_platform() {
    let shown = ["build.rs", "src/lib.rs", "src/main.rs", "src/store.rs", "tests/store.rs"];
    let shown = shown.into_iter().chain(["apis/stores/definition.yaml", "store.yaml", "observed.yaml"]);
    let shown = shown.map(|path| format!("examples/stores/{path}"));
    let declared =
        ["src/lib.rs", "src/main.rs", "tests/emitted.rs"].map(|path| format!("examples/archives/api/{path}"));
    let platform: Vec<String> = shown.chain(declared).map(|path| read(&path)).collect();
    for page in files("docs/guide", ".md") {
        for info in ["rust,ignore", "yaml"] {
            for block in blocks(&read(&page), info) {
                assert!(
                    platform.iter().any(|file| file.contains(&block)),
                    "{page}: this is in no file of examples/stores or examples/archives/api; show what is there, or let the snippet compile:\n{block}"
                );
            }
        }
    }
}

#[test]
fn what_the_program_prints_is_what_it_prints() {
    let page = read("docs/guide/01-first-composition.md");
    let shown = blocks(&page, "text");
    let render = |arguments: &[&str]| {
        let compositions = [Composition::new("store", stores::store::store)];
        let stores = root().join("examples/stores");
        let arguments = arguments.iter().map(|argument| match argument.ends_with(".yaml") {
            true => stores.join(argument).into_os_string(),
            false => OsString::from(argument),
        });
        run("stores", "0.1.0", &compositions, [OsString::from("stores")].into_iter().chain(arguments))
    };
    let new = render(&["render", "store.yaml", "-o", "summary"]);
    let later = render(&["render", "store.yaml", "--observed", "observed.yaml", "-o", "summary"]);
    for printed in [new.data, new.notes, later.data] {
        assert!(shown.contains(&printed), "docs/guide/01-first-composition.md does not show this:\n{printed}");
    }
}

#[test]
fn every_message_of_the_compiler_is_explained() {
    let page = "docs/guide/09-when-the-compiler-says-no.md";
    let explained: Vec<String> =
        blocks(&read(page), "text").iter().flat_map(|block| block.lines()).map(str::to_owned).collect();
    let mut said = Vec::new();
    for case in files("tests/ui/cases", ".stderr") {
        for line in read(&case).lines().filter(|line| line.starts_with("error")) {
            // Where a type lives says nothing to the reader.
            let prefixes = ["ui_tests::", "std::string::", "planewright::shapes::", "planewright::compose::"];
            let message = prefixes.iter().fold(line.to_owned(), |line, prefix| line.replace(prefix, ""));
            assert!(explained.contains(&message), "{page} does not explain this message of {case}:\n{message}");
            said.push(message);
        }
    }
    for message in explained {
        assert!(said.contains(&message), "{page} explains a message that no case in tests/ui/cases shows:\n{message}");
    }
}

#[test]
fn every_page_is_listed_and_rendered() {
    let (list, rendered) = (read("docs/guide/README.md"), read("docs/lib.rs"));
    for page in files("docs/guide", ".md") {
        let name = page.trim_start_matches("docs/guide/");
        assert!(name == "README.md" || list.contains(&format!("]({name})")), "{name} is not in docs/guide/README.md");
        assert!(rendered.contains(&format!("\"guide/{name}\"")), "{name} is not in docs/lib.rs");
    }
}

#[test]
fn the_lines_of_the_comparison_are_counted() {
    let page = read("docs/compare.md");
    for (tool, info) in
        [("go-templating", "gotmpl"), ("KCL", "kcl"), ("Python", "python"), ("Go", "go"), ("Planewright", "rust")]
    {
        let block = blocks(&page, info).concat();
        // Lines that only the test of the snippet needs are not shown.
        let lines = block.lines().filter(|line| !line.trim().is_empty() && *line != "#" && !line.starts_with("# use"));
        let lines = lines.take_while(|line| !line.starts_with("# let")).count();
        let row = format!("| {tool} | {lines} |");
        assert!(page.contains(&row), "docs/compare.md lacks this row of its table: {row}");
    }
}

#[test]
fn links_lead_somewhere() {
    for page in files("docs/guide", ".md").into_iter().chain(files("docs", ".md")) {
        let (folder, text) = (Path::new(&page).parent().unwrap().to_owned(), read(&page));
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = root().join(&folder).join(link);
            assert!(link.starts_with("https://") || file.exists(), "{page}: the link {link:?} leads nowhere");
        }
    }
}
