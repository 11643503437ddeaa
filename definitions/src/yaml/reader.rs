//! Reading documents.

use serde::de::DeserializeOwned;
use serde_saphyr::granit_parser::{Event, Parser, ScalarStyle};
use serde_saphyr::{NonFiniteFloatPolicy, Options};

use super::{Document, Limits, YamlError, documents, stack};

/// Reads one document of a stream, within the default [`Limits`]. `file` is the name that errors give.
pub fn read<T: DeserializeOwned + Send>(document: &Document<'_>, file: &str) -> Result<T, YamlError> {
    read_with(document, file, &Limits::default())
}

/// Reads one document of a stream within limits. `file` is the name that errors give.
///
/// # Errors
/// What is not YAML, breaks a limit, has a duplicate key, an integer beyond 64 bits or a number that is not finite,
/// and whatever does not fit `T`.
pub fn read_with<T: DeserializeOwned + Send>(
    document: &Document<'_>,
    file: &str,
    limits: &Limits,
) -> Result<T, YamlError> {
    stack::with_room(limits, || parse(document, file, limits)).unwrap_or_else(|error| {
        Err(YamlError::at(document, file, (1, 0), format!("no thread to read it on: {error}"), "free some memory"))
    })
}

fn parse<T: DeserializeOwned>(document: &Document<'_>, file: &str, limits: &Limits) -> Result<T, YamlError> {
    if let Some((line, column, value)) = oversized_integer(document.text) {
        return Err(YamlError::at(
            document,
            file,
            (line, column),
            format!("`{value}` is beyond the integers of 64 bits"),
            "quote it if a string is meant; as a number it would silently lose digits",
        ));
    }
    serde_saphyr::from_str_with_options(document.text, options(limits))
        .map_err(|error| YamlError::of_parser(document, file, &error, limits))
}

/// Reads the only document of a text, within the default [`Limits`]. `file` is the name that errors give.
///
/// # Errors
/// As [`read_with`]; and a text with no document, or with more than one.
pub fn from_str<T: DeserializeOwned + Send>(text: &str, file: &str) -> Result<T, YamlError> {
    let limits = Limits::default();
    if text.len() > limits.stream_bytes {
        return Err(too_large(file, text.len(), &limits));
    }
    let mut documents = documents(text);
    let Some(document) = documents.next() else {
        return Err(no_document(file));
    };
    if let Some(second) = documents.next() {
        return Err(YamlError::at(
            &second,
            file,
            (1, 1),
            "a second document, where one belongs",
            "keep one document in the file",
        ));
    }
    read_with(&document, file, &limits)
}

/// The text of a stream: UTF-8, within the limit, with at least one document.
///
/// # Errors
/// Everything else, with what to do about it.
pub(crate) fn decode(bytes: Vec<u8>, file: &str, limits: &Limits) -> Result<String, YamlError> {
    if bytes.len() > limits.stream_bytes {
        return Err(too_large(file, bytes.len(), limits));
    }
    if let [0xff, 0xfe, ..] | [0xfe, 0xff, ..] = bytes.as_slice() {
        return Err(YamlError::of_stream(file, "the file is UTF-16", "save it as UTF-8"));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let line = 1 + error.as_bytes()[..valid].iter().filter(|byte| **byte == b'\n').count();
        YamlError::of_stream(
            file,
            format!("not UTF-8: line {line} (byte {valid}) has a byte that no UTF-8 text has"),
            "save the file as UTF-8; if it is an archive, unpack it first",
        )
    })?;
    if documents(&text).next().is_none() {
        return Err(no_document(file));
    }
    Ok(text)
}

/// A stream beyond its limit.
pub(crate) fn too_large(file: &str, bytes: usize, limits: &Limits) -> YamlError {
    YamlError::of_stream(
        file,
        format!("the file has {bytes} bytes, more than the limit of {}", limits.stream_bytes),
        "split it into several files; if it is to be trusted, raise the limit",
    )
}

/// A stream without a document.
pub(crate) fn no_document(file: &str) -> YamlError {
    YamlError::of_stream(
        file,
        "the file is empty: it holds no document",
        "remove the file, or write the definition that belongs in it",
    )
}

/// How every document is parsed.
fn options(limits: &Limits) -> Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_nodes: limits.nodes,
            // A node has at most two events, and a document four more.
            max_events: limits.nodes.saturating_mul(2).saturating_add(4),
            max_depth: limits.depth,
            flow_nesting_limit: limits.depth,
            max_total_scalar_bytes: limits.scalar_bytes,
        },
        alias_limits: serde_saphyr::alias_limits! { max_total_replayed_events: limits.alias_nodes },
        strict_booleans: true,
        // `012` is 10 to YAML 1.1 and 12 to YAML 1.2, `1_000` a number to one and a string to the other.
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        // A bare number where a string belongs is refused, as the API server refuses it.
        no_schema: true,
        reject_unsupported_tags: true,
        non_finite_float_policy: NonFiniteFloatPolicy::Reject,
        with_snippet: false,
    }
}

/// The first plain integer that fits neither `i64` nor `u64`, with its line and column.
///
/// The parser would make it a float. Almost every document is cleared by the cheap look at its text.
fn oversized_integer(text: &str) -> Option<(usize, usize, String)> {
    if !has_long_number(text.as_bytes()) {
        return None;
    }
    for event in Parser::new_from_str(text) {
        // Broken syntax is the reader's to report.
        let Ok((Event::Scalar(value, ScalarStyle::Plain, ..), span)) = event else {
            event.ok()?;
            continue;
        };
        if is_integer(&value) && !fits(&value) {
            return Some((span.start.line(), span.start.col() + 1, value.into_owned()));
        }
    }
    None
}

/// The fewest digits, hexadecimal ones included, that exceed 64 bits (`0x1` and 16 zeros have 17).
const LONG: usize = 16;

/// Whether the text has a run of digits that may exceed 64 bits: decimal ones, or hexadecimal ones after `0x`. (A digest
/// in a description is none of these.) Every such run covers an index that is a multiple of its least length, so only
/// those are looked at.
fn has_long_number(text: &[u8]) -> bool {
    let mut at = 0;
    while at < text.len() {
        if text[at].is_ascii_hexdigit() {
            let before = text[..at].iter().rev().take_while(|byte| byte.is_ascii_hexdigit()).count();
            let after = text[at..].iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
            let (start, run) = (at - before, &text[at - before..at + after]);
            let marked = text[..start].ends_with(b"0x")
                || text[..start].ends_with(b"0X")
                || run.starts_with(b"0b")
                || run.starts_with(b"0B");
            if run.len() > LONG && (marked || run.iter().all(u8::is_ascii_digit)) {
                return true;
            }
        }
        at += LONG;
    }
    false
}

/// Whether a plain scalar is an integer in YAML 1.2's core schema, with `0b` besides.
fn is_integer(value: &str) -> bool {
    let digits = value.strip_prefix(['+', '-']).unwrap_or(value);
    let (digits, radix) = radix(digits);
    !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix)) && !(radix == 10 && digits.starts_with('0'))
}

fn fits(value: &str) -> bool {
    let negative = value.starts_with('-');
    let (digits, radix) = radix(value.strip_prefix(['+', '-']).unwrap_or(value));
    let magnitude = u64::from_str_radix(digits, radix);
    magnitude.is_ok_and(|magnitude| !negative || magnitude <= i64::MIN.unsigned_abs())
}

fn radix(digits: &str) -> (&str, u32) {
    match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (&digits[2..], 16),
        [b'0', b'o' | b'O', ..] => (&digits[2..], 8),
        [b'0', b'b' | b'B', ..] => (&digits[2..], 2),
        _ => (digits, 10),
    }
}
