//! `pattern` as Kubernetes reads it: the syntax of Go's regexp package (RE2).
//!
//! A pattern is parsed by Go's rules, which say whether a CRD may have it, and rewritten for the `regex` crate, whose
//! syntax differs in corners (`{` as a literal, `\Q…\E`, ASCII classes, set operations in brackets).

use std::fmt::Write as _;

/// Repetitions that Go allows, also as the product of nested ones.
const MAX_REPEAT: u32 = 1000;
/// Groups inside each other that Go allows.
const MAX_DEPTH: usize = 1000;
/// What this parser allows, so that no pattern exhausts a thread's stack.
const OWN_DEPTH: usize = 200;

/// Whether Go can compile `pattern`: what is wrong with it otherwise, in Go's words.
pub(crate) fn check(pattern: &str) -> Result<(), String> {
    parse(pattern).map(drop)
}

/// A matcher for a pattern; none if it is invalid, or if it means something that cannot be matched here.
pub(crate) fn matcher(pattern: &str) -> Option<regex::Regex> {
    let translated = parse(pattern).ok()?;
    regex::RegexBuilder::new(&translated?).build().ok()
}

/// The pattern in the syntax of the `regex` crate, or none where that has no words for it, or where it nests too
/// deeply to be read here.
fn parse(pattern: &str) -> Result<Option<String>, String> {
    let mut parser =
        Parser { all: pattern, rest: pattern, out: String::new(), names: Vec::new(), depth: 0, translatable: true };
    match parser.alternation() {
        Ok(_) if parser.rest.is_empty() => Ok(parser.translatable.then_some(parser.out)),
        Ok(_) => Err(format!("unexpected ): `{pattern}`")),
        Err(Fault::Syntax(wrong)) => Err(wrong),
        Err(Fault::TooDeep) => Ok(None),
    }
}

enum Fault {
    Syntax(String),
    TooDeep,
}

struct Parser<'a> {
    all: &'a str,
    rest: &'a str,
    out: String,
    names: Vec<&'a str>,
    depth: usize,
    /// Whether `out` means what the pattern means.
    translatable: bool,
}

fn wrong<T>(what: &str, part: &str) -> Result<T, Fault> {
    Err(Fault::Syntax(format!("{what}: `{part}`")))
}

impl<'a> Parser<'a> {
    fn next(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    fn take(&mut self, text: &str) -> bool {
        self.rest.strip_prefix(text).map(|rest| self.rest = rest).is_some()
    }

    /// What has been read since `start` was what remained.
    fn since(&self, start: &'a str) -> &'a str {
        &start[..start.len() - self.rest.len()]
    }

    fn literal(&mut self, c: char) {
        self.out.push_str(&regex::escape(c.encode_utf8(&mut [0; 4])));
    }

    /// Branches up to a closing parenthesis or the end; gives the largest product of nested repetitions.
    fn alternation(&mut self) -> Result<u32, Fault> {
        let mut product = 1;
        loop {
            product = product.max(self.branch()?);
            if !self.take("|") {
                return Ok(product);
            }
            self.out.push('|');
        }
    }

    fn branch(&mut self) -> Result<u32, Fault> {
        let mut product = 1;
        let mut operand = false;
        while !self.rest.is_empty() && !self.rest.starts_with(['|', ')']) {
            let start = self.rest;
            if let Some(operator) = self.repetition() {
                self.rest = start;
                if !operand {
                    return wrong("missing argument to repetition operator", operator);
                }
                // Only flags stand between: Go repeats what stood before them.
                self.translatable = false;
                product = product.max(self.repeated(self.out.len(), product)?);
                continue;
            }
            let from = self.out.len();
            if let Some(inner) = self.atom()? {
                operand = true;
                product = product.max(self.repeated(from, inner)?);
            }
        }
        Ok(product)
    }

    /// The repetition operators after an operand that begins at `from` of the output.
    fn repeated(&mut self, from: usize, inner: u32) -> Result<u32, Fault> {
        let start = self.rest;
        let Some(operator) = self.repetition() else { return Ok(inner) };
        let mut product = inner;
        if let Some((min, max)) = counts(operator) {
            let top = max.unwrap_or(min);
            if min > MAX_REPEAT || top > MAX_REPEAT || max.is_some_and(|max| max < min) {
                return wrong("invalid repeat count", operator);
            }
            product = inner.saturating_mul(top.max(1));
            if top >= 2 && product > MAX_REPEAT {
                return wrong("invalid repeat count", operator);
            }
        }
        let lazy = self.take("?");
        let again = self.rest;
        if self.repetition().is_some() {
            return wrong("invalid nested repetition operator", self.since(start));
        }
        self.rest = again;
        // An assertion may be repeated in Go, and an empty operand too: a group makes it an operand here.
        self.out.insert_str(from, "(?:");
        self.out.push(')');
        self.out.push_str(operator);
        if lazy {
            self.out.push('?');
        }
        Ok(product)
    }

    /// Takes `*`, `+`, `?` or `{n,m}`; braces of another form are literals.
    fn repetition(&mut self) -> Option<&'a str> {
        let length = match self.rest.as_bytes().first()? {
            b'*' | b'+' | b'?' => 1,
            b'{' => {
                let length = self.rest.find('}')? + 1;
                counts(&self.rest[..length])?;
                length
            }
            _ => return None,
        };
        let (operator, rest) = self.rest.split_at(length);
        self.rest = rest;
        Some(operator)
    }

    /// One operand; none for a group of flags alone.
    fn atom(&mut self) -> Result<Option<u32>, Fault> {
        let start = self.rest;
        match self.next() {
            Some('(') => return self.group(start),
            Some('[') => self.class(start)?,
            Some('\\') => self.escape(start)?,
            Some(c @ ('.' | '^' | '$')) => self.out.push(c),
            Some(c) => self.literal(c),
            None => {}
        }
        Ok(Some(1))
    }

    fn group(&mut self, start: &'a str) -> Result<Option<u32>, Fault> {
        if self.rest.starts_with("?P<") || self.rest.starts_with("?<") {
            self.take("?");
            self.take("P");
            self.take("<");
            let Some(end) = self.rest.find('>') else { return wrong("invalid named capture", start) };
            let name = &self.rest[..end];
            self.rest = &self.rest[end + 1..];
            if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
                return wrong("invalid named capture", self.since(start));
            }
            if self.names.contains(&name) {
                return wrong("duplicate capture group name", name);
            }
            self.names.push(name);
            self.out.push_str("(?:");
        } else if self.take("?") {
            let Some(end) = self.rest.find([':', ')']) else {
                return wrong("missing argument to repetition operator", "?");
            };
            let flags = &self.rest[..end];
            if !valid_flags(flags) {
                let known = flags.find(|c| !"imsU-".contains(c)).unwrap_or(end);
                let shown = start.char_indices().find(|(i, _)| *i > known + 2).map_or(start.len(), |(i, _)| i);
                return wrong("invalid or unsupported Perl syntax", &start[..shown]);
            }
            self.rest = &self.rest[end..];
            if self.take(")") {
                if !flags.is_empty() {
                    let _ = write!(self.out, "(?{flags})");
                }
                return Ok(None);
            }
            let _ = write!(self.out, "(?{flags}");
            self.take(":");
            self.out.push(':');
        } else {
            self.out.push_str("(?:");
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return wrong("expression nests too deeply", self.all);
        }
        if self.depth > OWN_DEPTH {
            return Err(Fault::TooDeep);
        }
        let product = self.alternation()?;
        self.depth -= 1;
        if !self.take(")") {
            return wrong("missing closing )", self.all);
        }
        self.out.push(')');
        Ok(Some(product))
    }

    fn escape(&mut self, start: &'a str) -> Result<(), Fault> {
        match self.rest.chars().next() {
            None => return wrong("trailing backslash at end of expression", ""),
            Some('A') => self.out.push_str("\\A"),
            Some('z') => self.out.push_str("\\z"),
            Some('b') => self.out.push_str("(?-u:\\b)"),
            // The negation of an ASCII boundary may fall inside a character, which `regex` refuses for text.
            Some('B') => self.translatable = false,
            Some('Q') => {
                self.next();
                let (text, rest) = self.rest.split_once("\\E").unwrap_or((self.rest, ""));
                self.rest = rest;
                // Go repeats the last character of a quotation, not the whole.
                self.translatable &= !rest.starts_with(['*', '+', '?', '{']);
                self.out.push_str("(?:");
                self.out.push_str(&regex::escape(text));
                self.out.push(')');
                return Ok(());
            }
            Some(_) => {
                if let Some(class) = self.named_class(start)? {
                    self.out.push_str(&class);
                    return Ok(());
                }
                let c = self.escaped_char(start)?;
                self.literal(c);
                return Ok(());
            }
        }
        self.next();
        Ok(())
    }

    /// After a backslash: `\d` and its like, and `\p{…}`, as a class of its own.
    fn named_class(&mut self, start: &'a str) -> Result<Option<String>, Fault> {
        let class = match self.rest.chars().next() {
            Some('d') => "[0-9]",
            Some('D') => "[^0-9]",
            Some('s') => "[\\t\\n\\x0c\\r ]",
            Some('S') => "[^\\t\\n\\x0c\\r ]",
            Some('w') => "[0-9A-Za-z_]",
            Some('W') => "[^0-9A-Za-z_]",
            Some(sign @ ('p' | 'P')) => {
                self.next();
                let name = if self.take("{") {
                    let Some(end) = self.rest.find('}') else {
                        return wrong("invalid character class range", start);
                    };
                    let name = &self.rest[..end];
                    self.rest = &self.rest[end + 1..];
                    name
                } else {
                    let from = self.rest;
                    if self.next().is_none() {
                        return wrong("invalid character class range", start);
                    }
                    self.since(from)
                };
                let (negated, name) = name.strip_prefix('^').map_or((false, name), |name| (true, name));
                let sign = if negated == (sign == 'p') { 'P' } else { 'p' };
                let class = format!("\\{sign}{{{name}}}");
                if regex::Regex::new(&class).is_err() {
                    return wrong("invalid character class range", self.since(start));
                }
                return Ok(Some(class));
            }
            _ => return Ok(None),
        };
        self.next();
        Ok(Some(class.to_owned()))
    }

    /// After a backslash: one character.
    fn escaped_char(&mut self, start: &'a str) -> Result<char, Fault> {
        let first = self.next();
        let code = match first {
            Some(digit @ '0'..='7') => {
                let mut code = digit as u32 - '0' as u32;
                // A single digit other than 0 would be a back reference, which Go does not have.
                if digit != '0' && !self.rest.starts_with(|c: char| ('0'..='7').contains(&c)) {
                    return wrong("invalid escape sequence", self.since(start));
                }
                for _ in 0..2 {
                    let Some(next @ '0'..='7') = self.rest.chars().next() else { break };
                    self.next();
                    code = code * 8 + next as u32 - '0' as u32;
                }
                code
            }
            Some('x') => {
                let digits = if self.take("{") {
                    let Some(end) = self.rest.find('}') else { return wrong("invalid escape sequence", start) };
                    let digits = &self.rest[..end];
                    self.rest = &self.rest[end + 1..];
                    digits
                } else {
                    let end = self.rest.char_indices().nth(2).map_or(self.rest.len(), |(i, _)| i);
                    let (digits, rest) = self.rest.split_at(end);
                    self.rest = rest;
                    if digits.chars().count() < 2 { "" } else { digits }
                };
                match u32::from_str_radix(digits, 16) {
                    Ok(code) if !digits.starts_with('+') && code <= 0x0010_FFFF => code,
                    _ => return wrong("invalid escape sequence", self.since(start)),
                }
            }
            Some('a') => 7,
            Some('f') => 12,
            Some('n') => 10,
            Some('r') => 13,
            Some('t') => 9,
            Some('v') => 11,
            Some(c) if c.is_ascii() && !c.is_ascii_alphanumeric() => c as u32,
            None => return wrong("trailing backslash at end of expression", ""),
            Some(_) => return wrong("invalid escape sequence", self.since(start)),
        };
        // A surrogate is no character of any text: it can never match.
        Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    /// After `[`.
    fn class(&mut self, start: &'a str) -> Result<(), Fault> {
        self.out.push('[');
        if self.take("^") {
            self.out.push('^');
        }
        let mut first = true;
        while first || !self.rest.starts_with(']') {
            first = false;
            if self.rest.is_empty() {
                return wrong("missing closing ]", start);
            }
            if self.rest.starts_with("[:")
                && let Some(end) = self.rest[2..].find(":]")
            {
                let name = &self.rest[2..2 + end];
                if !POSIX.contains(&name.strip_prefix('^').unwrap_or(name)) {
                    return wrong("invalid character class range", &self.rest[..end + 4]);
                }
                let _ = write!(self.out, "[[:{name}:]]");
                self.rest = &self.rest[end + 4..];
                continue;
            }
            let item = self.rest;
            if self.take("\\") {
                if let Some(class) = self.named_class(item)? {
                    self.out.push_str(&class);
                    continue;
                }
                self.rest = item;
            }
            let low = self.class_char(start)?;
            let mut high = low;
            if self.rest.starts_with('-') && self.rest.len() > 1 && !self.rest.starts_with("-]") {
                self.take("-");
                high = self.class_char(start)?;
                if high < low {
                    return wrong("invalid character class range", self.since(item));
                }
            }
            let _ = write!(self.out, "\\x{{{:x}}}-\\x{{{:x}}}", low as u32, high as u32);
        }
        self.take("]");
        self.out.push(']');
        Ok(())
    }

    fn class_char(&mut self, class: &'a str) -> Result<char, Fault> {
        let start = self.rest;
        match self.next() {
            Some('\\') => self.escaped_char(start),
            Some(c) => Ok(c),
            None => wrong("missing closing ]", class),
        }
    }
}

/// The counts of `{n}`, `{n,}` or `{n,m}`; `*` and its like have none.
fn counts(operator: &str) -> Option<(u32, Option<u32>)> {
    let body = operator.strip_prefix('{')?.strip_suffix('}')?;
    // Beyond the limit a count only has to stay there; a leading zero makes the braces literals.
    let count = |digits: &str| {
        let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        (plain && (digits.len() == 1 || !digits.starts_with('0'))).then(|| digits.parse().unwrap_or(u32::MAX))
    };
    match body.split_once(',') {
        None => count(body).map(|n| (n, Some(n))),
        Some((min, "")) => count(min).map(|n| (n, None)),
        Some((min, max)) => Some((count(min)?, Some(count(max)?))),
    }
}

fn valid_flags(flags: &str) -> bool {
    let (on, off) = flags.split_once('-').map_or((flags, None), |(on, off)| (on, Some(off)));
    let known = |flags: &str| flags.chars().all(|c| "imsU".contains(c));
    known(on) && off.is_none_or(|off| !off.is_empty() && known(off))
}

const POSIX: [&str; 14] = [
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper", "word",
    "xdigit",
];

#[cfg(test)]
mod tests;
