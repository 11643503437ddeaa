//! What is wrong, as people are told.

use crate::terminal::Terminal;

/// What is said of one round, and of the one before it.
///
/// On a terminal everything is said at once and every time. Elsewhere nothing is said that was said of the round before: it may go
/// through a pipe into a file of the project (`| tee log`), which then is another one, and so another round begins.
pub(super) struct Complaints {
    on_terminal: bool,
    now: String,
    before: String,
}

impl Complaints {
    /// For somebody who reads them on a terminal, or only once.
    pub(super) fn new(on_terminal: bool) -> Complaints {
        Complaints { on_terminal, now: String::new(), before: String::new() }
    }

    /// Whether other programs may say themselves what is wrong.
    pub(super) fn are_said_at_once(&self) -> bool {
        self.on_terminal
    }

    /// A round begins. Whatever was collected of one that was given up is forgotten.
    pub(super) fn begin(&mut self) {
        self.now.clear();
    }

    /// Something is wrong.
    pub(super) fn add(&mut self, text: &str, terminal: &Terminal) {
        let text = text.trim_end();
        if text.is_empty() {
            return;
        }
        if self.on_terminal {
            terminal.note(text);
        }
        self.now.push_str(text);
        self.now.push('\n');
    }

    /// A round has ended.
    pub(super) fn end(&mut self, terminal: &Terminal) {
        if !self.on_terminal && !self.now.is_empty() && self.now != self.before {
            terminal.note(self.now.trim_end());
        }
        self.before = std::mem::take(&mut self.now);
    }
}
