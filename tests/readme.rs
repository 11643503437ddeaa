//! What the README shows is what is there.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

/// The code block of a language that follows a heading.
fn block<'a>(text: &'a str, heading: &str, language: &str) -> &'a str {
    let text = text.split_once(&format!("\n## {heading}\n")).unwrap().1;
    let text = text.split_once(&format!("\n```{language}\n")).unwrap().1;
    text.split_once("\n```\n").unwrap().0
}

#[test]
fn the_composition_is_an_example_that_compiles() {
    let readme = include_str!("../README.md");
    let example = include_str!("../examples/flat_network.rs");
    let shown = block(readme, "A composition", "rust");
    assert!(example.contains(shown), "examples/flat_network.rs differs from the composition in README.md");
}
