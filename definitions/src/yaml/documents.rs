//! A YAML stream, split into its documents without parsing it.
//!
//! YAML 1.2 §9.1.2: `---` or `...` at column 0, followed by white space or the end of the line, is a marker
//! wherever it stands, even inside a block or quoted scalar. So the text alone tells where documents begin, each
//! one can be parsed on its own (in parallel, and dropped before the next), and no stream is ever one tree.

/// One document of a stream: its text, with its directives and its `---` line, and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Document<'a> {
    /// The text, from its first directive, comment or `---` to the next marker.
    pub text: &'a str,
    /// The line of the stream on which `text` begins, counted from 1.
    pub line: usize,
    /// The number of the document in its stream, counted from 1; empty documents count.
    pub number: usize,
}

/// The documents of a stream, in order. Documents without content (blank lines, comments and markers only) are
/// passed over but counted in [`Document::number`].
pub fn documents(text: &str) -> Documents<'_> {
    Documents { rest: text, line: 1, number: 0 }
}

/// Iterator of [`documents`].
#[derive(Clone, Debug)]
pub struct Documents<'a> {
    /// What has not been read.
    rest: &'a str,
    /// The line on which `rest` begins.
    line: usize,
    /// How many documents came before `rest`.
    number: usize,
}

impl<'a> Iterator for Documents<'a> {
    type Item = Document<'a>;

    fn next(&mut self) -> Option<Document<'a>> {
        while !self.rest.is_empty() {
            let (document, has_content) = self.take();
            if has_content {
                return Some(document);
            }
        }
        None
    }
}

/// How far a document has been read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Directives, comments and blank lines.
    Prefix,
    /// After `---`, without content so far.
    Started,
    /// In its content.
    Content,
}

impl<'a> Documents<'a> {
    /// Takes the text of the next document off `rest`, and tells whether it has content.
    fn take(&mut self) -> (Document<'a>, bool) {
        let (text, line) = (self.rest, self.line);
        let mut stage = Stage::Prefix;
        let mut end = text.len();
        let mut at = 0;
        for raw in text.split_inclusive('\n') {
            match marker(raw) {
                Some(Marker::Start { .. }) if stage != Stage::Prefix => {
                    end = at;
                    break;
                }
                Some(Marker::Start { content }) => {
                    stage = if content { Stage::Content } else { Stage::Started };
                }
                Some(Marker::End) => {
                    end = at + raw.len();
                    self.line += 1;
                    break;
                }
                None if stage == Stage::Prefix && (raw.starts_with('%') || is_blank(raw)) => {}
                None if stage == Stage::Started && is_blank(raw) => {}
                None => stage = Stage::Content,
            }
            at += raw.len();
            self.line += 1;
        }
        if stage != Stage::Prefix {
            self.number += 1;
        }
        self.rest = &text[end..];
        (Document { text: &text[..end], line, number: self.number }, stage == Stage::Content)
    }
}

/// A document marker.
enum Marker {
    /// `---`, and whether anything but a comment follows on the line.
    Start { content: bool },
    /// `...`
    End,
}

/// The marker that a line is, if it is one.
fn marker(line: &str) -> Option<Marker> {
    // A byte order mark may stand before every document, not only at the start of the stream.
    let line = line.strip_prefix('\u{feff}').unwrap_or(line);
    let (start, rest) = match line.as_bytes() {
        [b'-', b'-', b'-', ..] => (true, &line[3..]),
        [b'.', b'.', b'.', ..] => (false, &line[3..]),
        _ => return None,
    };
    match rest.as_bytes().first() {
        None | Some(b' ' | b'\t' | b'\r' | b'\n') if start => Some(Marker::Start { content: !is_blank(rest) }),
        None | Some(b' ' | b'\t' | b'\r' | b'\n') => Some(Marker::End),
        Some(_) => None,
    }
}

/// Whether a line has nothing but white space or a comment.
fn is_blank(line: &str) -> bool {
    let line = line.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    line.is_empty() || line.starts_with('#')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<(usize, usize, &str)> {
        documents(text).map(|d| (d.number, d.line, d.text)).collect()
    }

    #[test]
    fn markers_split_and_lines_are_those_of_the_stream() {
        assert_eq!(split("a: 1\n---\nb: 2\n"), [(1, 1, "a: 1\n"), (2, 2, "---\nb: 2\n")]);
        assert_eq!(split("# one\n---\na: 1\n"), [(1, 1, "# one\n---\na: 1\n")]);
        assert_eq!(split("--- {a: 1}\n--- {b: 2}"), [(1, 1, "--- {a: 1}\n"), (2, 2, "--- {b: 2}")]);
        assert_eq!(
            split("%YAML 1.2\n---\na\n...\n# two\n%YAML 1.2\n---\nb\n"),
            [(1, 1, "%YAML 1.2\n---\na\n...\n"), (2, 5, "# two\n%YAML 1.2\n---\nb\n")]
        );
    }

    #[test]
    fn only_a_marker_at_column_0_before_white_space_splits() {
        for whole in ["a: |\n  ---\n  b\n", "a:\n----\n", "a: ---\n", "---x\n", "a: '\n ---\n '\n", "....\n"] {
            assert_eq!(split(whole), [(1, 1, whole)], "{whole:?}");
        }
        // Even inside a scalar it is a marker: the specification calls anything else forbidden content.
        assert_eq!(split("|\n---\nb\n").len(), 2);
        assert_eq!(split("a: 1\r\n---\r\nb: 2\r\n").len(), 2);
        assert_eq!(split("---\t# one\na: 1\n"), [(1, 1, "---\t# one\na: 1\n")]);
    }

    #[test]
    fn empty_documents_are_passed_over_and_counted() {
        assert_eq!(split(""), []);
        assert_eq!(split("# nothing\n\n"), []);
        assert_eq!(split("---\n---\n# two\n---\na: 1\n"), [(3, 4, "---\na: 1\n")]);
        assert_eq!(split("...\n...\na: 1\n"), [(1, 3, "a: 1\n")]);
        assert_eq!(split("\u{feff}---\na: 1\n"), [(1, 1, "\u{feff}---\na: 1\n")]);
    }
}
