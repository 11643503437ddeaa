use super::{check, matcher};

#[test]
fn takes_what_go_takes() {
    for pattern in [
        "",
        "^[a-z]+$",
        "a{",
        "a{,5}",
        "{",
        "a{2,}",
        "a{1000}",
        "[]a]",
        "[^]a]",
        "[a-]",
        "[[:alpha:]_]",
        "[[:^digit:]]",
        r"\Qa.b\E",
        r"\p{Greek}\PN",
        r"\x{10FFFF}\x41\007\12",
        "(?i)a",
        "(?i:a)b",
        "(?P<n>a)(?<m>b)",
        "(?s-m:.)",
        "a|",
        "()",
        "(|a)*",
        r"\-\_\/",
        "[a&&b]",
        "[[a]",
        "^*",
        r"(\b)+",
        "a*?b+?c??",
        "a{01}",
        "(a{10}){100}",
        "]",
        "}",
    ] {
        assert_eq!(check(pattern), Ok(()), "{pattern}");
        assert!(matcher(pattern).is_some(), "{pattern}");
    }
}

#[test]
fn says_nothing_of_matches_that_it_cannot_express() {
    for pattern in [r"\Ba", "a(?i)*", r"\Qab\E+"] {
        assert_eq!(check(pattern), Ok(()), "{pattern}");
        assert!(matcher(pattern).is_none(), "{pattern}");
    }
}

#[test]
fn refuses_what_go_refuses() {
    for (pattern, reason) in [
        ("(", "missing closing ): `(`"),
        (")", "unexpected ): `)`"),
        ("a)b", "unexpected ): `a)b`"),
        ("*a", "missing argument to repetition operator: `*`"),
        ("a|{2}", "missing argument to repetition operator: `{2}`"),
        ("a**", "invalid nested repetition operator: `**`"),
        ("a*??", "invalid nested repetition operator: `*??`"),
        ("[a", "missing closing ]: `[a`"),
        ("[b-a]", "invalid character class range: `b-a`"),
        ("[[:foo:]]", "invalid character class range: `[:foo:]`"),
        ("a{1001}", "invalid repeat count: `{1001}`"),
        ("a{3,2}", "invalid repeat count: `{3,2}`"),
        ("(a{100}){100}", "invalid repeat count: `{100}`"),
        (r"\1", r"invalid escape sequence: `\1`"),
        (r"\p{Klingon}", r"invalid character class range: `\p{Klingon}`"),
        (r"\Z", r"invalid escape sequence: `\Z`"),
        (r"a\", "trailing backslash at end of expression: ``"),
        ("(?=a)", "invalid or unsupported Perl syntax: `(?=`"),
        ("(?P<n>a)(?P<n>b)", "duplicate capture group name: `n`"),
    ] {
        assert_eq!(check(pattern).err().as_deref(), Some(reason), "{pattern}");
    }
}

#[test]
fn matches_as_go_does() {
    let matches = |pattern, text| matcher(pattern).map(|m| m.is_match(text));
    assert_eq!(matches(r"^\d$", "٣"), Some(false));
    assert_eq!(matches("a{,5}", "a{,5}"), Some(true));
    assert_eq!(matches("^[a&&b]$", "&"), Some(true));
    assert_eq!(matches("^a$", "a\n"), Some(false));
    assert_eq!(matches(r"^\Qa.b\E$", "axb"), Some(false));
}
