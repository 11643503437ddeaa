//! What literals look like, and what never changes.

use super::*;

mod corpus;
mod properties;

/// The text with its literals laid out, followed by what was left alone.
fn laid_out(text: &str) -> String {
    within(&Style::default(), text)
}

fn within(style: &Style, text: &str) -> String {
    let Formatted { text, left_alone } = format(text, style).unwrap();
    let again = format(&text, style).unwrap();
    assert_eq!(again.text, text, "formatted twice");
    let notes = left_alone.iter().map(|alone| format!("{}: `{}!`: {}\n", alone.line, alone.name, alone.reason));
    text + &notes.collect::<String>()
}
