//! `format`: which strings the API server takes for which format.
//!
//! Only formats whose rule is plain are checked; a string of any other format passes, as one of an unknown format does
//! in the API server.

use std::net::{Ipv4Addr, Ipv6Addr};

/// Whether `text` is of `format`, as far as that is checked here.
pub(super) fn fits(format: &str, text: &str) -> bool {
    match format.replace('-', "").as_str() {
        "ipv6" => text.contains(':') && (text.parse::<Ipv6Addr>().is_ok() || text.contains('.')),
        // Kubernetes' loose reader takes leading zeros and addresses mapped into IPv6.
        "ipv4" => loose_ipv4(text) || text.contains(':') && text.contains('.'),
        "date" => date(text),
        "datetime" => date_time(text),
        "uuid" => uuid(text, None),
        "uuid3" => uuid(text, Some('3')),
        "uuid4" => uuid(text, Some('4')),
        "uuid5" => uuid(text, Some('5')),
        _ => true,
    }
}

fn loose_ipv4(text: &str) -> bool {
    let plain: Vec<_> = text.split('.').map(|part| part.trim_start_matches('0')).collect();
    let digits = text.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    let filled: Vec<_> = plain.into_iter().map(|part| if part.is_empty() { "0" } else { part }).collect();
    digits && filled.join(".").parse::<Ipv4Addr>().is_ok()
}

/// `2006-01-02`, a day that exists.
fn date(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let number = |part: &str, length: usize| {
        (part.len() == length && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse::<u32>().unwrap_or(0))
    };
    let (Some(year), Some(month), Some(day)) = (number(year, 4), number(month, 2), number(day, 2)) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    };
    (1..=days).contains(&day)
}

/// RFC 3339, in either case, without leap seconds.
fn date_time(text: &str) -> bool {
    let text = text.to_lowercase();
    let mut parts = text.split('t');
    let (Some(day), Some(time)) = (parts.next(), parts.next()) else { return false };
    let bytes = time.as_bytes();
    let clock = |at: usize, max: u8| match bytes.get(at..at + 2) {
        Some([tens @ b'0'..=b'9', ones @ b'0'..=b'9']) => (tens - b'0') * 10 + ones - b'0' <= max,
        _ => false,
    };
    let colons = bytes.get(2) == Some(&b':') && bytes.get(5) == Some(&b':');
    date(day) && clock(0, 23) && clock(3, 59) && clock(6, 59) && colons && zone(time.get(8..).unwrap_or_default())
}

/// What follows the seconds: a fraction perhaps, and `z` or an offset.
fn zone(rest: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let Some(at) = rest.rfind(['z', '+', '-']) else { return false };
    let (fraction, zone) = rest.split_at(at);
    // Any character may stand between the seconds and their fraction: the API server's pattern has a bare dot there.
    let mut after = fraction.chars();
    let fraction_fits = after.next().is_none() || digits(after.as_str());
    let offset = zone.get(1..).unwrap_or_default();
    let zone_fits = zone == "z"
        || !zone.starts_with('z')
            && offset.split_once(':').is_some_and(|(h, m)| h.len() == 2 && m.len() == 2 && digits(h) && digits(m));
    fraction_fits && zone_fits
}

/// 32 hexadecimal digits, with or without the dashes of the usual form.
fn uuid(text: &str, version: Option<char>) -> bool {
    let mut rest = text;
    for length in [8, 4, 4, 4, 12] {
        let Some((part, more)) = rest.split_at_checked(length) else { return false };
        if !part.bytes().all(|b| b.is_ascii_hexdigit()) {
            return false;
        }
        rest = if length == 12 { more } else { more.strip_prefix('-').unwrap_or(more) };
    }
    let digits: Vec<char> = text.chars().filter(|c| *c != '-').collect();
    let variant = |c: &char| matches!(c.to_ascii_lowercase(), '8' | '9' | 'a' | 'b');
    rest.is_empty()
        && version.is_none_or(|version| digits.get(12) == Some(&version))
        && (!matches!(version, Some('4' | '5')) || digits.get(16).is_some_and(variant))
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn formats_are_as_loose_as_the_api_servers() {
        for (format, text) in [
            ("date-time", "2024-02-29t23:59:59.123z"),
            ("datetime", "2024-01-01T00:00:00+02:00"),
            ("date", "2000-02-29"),
            ("ipv4", "01.2.3.4"),
            ("ipv4", "::ffff:1.2.3.4"),
            ("ipv6", "::1"),
            ("uuid", "0123456789abcdef0123456789ABCDEF"),
            ("uuid4", "01234567-89ab-4def-8123-456789abcdef"),
            ("no-such-format", "anything"),
        ] {
            assert!(fits(format, text), "{format} {text}");
        }
    }

    #[test]
    fn what_is_of_no_format_is_refused() {
        for (format, text) in [
            ("date-time", "2024-02-30T00:00:00Z"),
            ("date-time", "2024-01-01T24:00:00Z"),
            ("date-time", "2024-01-01T00:00:00"),
            ("date-time", "2024-01-01 00:00:00Z"),
            ("date", "1900-02-29"),
            ("ipv4", "1.2.3"),
            ("ipv4", "1.2.3.256"),
            ("ipv6", "1.2.3.4"),
            ("uuid", "0123456789abcdef"),
            ("uuid4", "01234567-89ab-1def-8123-456789abcdef"),
            ("uuid", "é123456789abcdef0123456789abcdef"),
        ] {
            assert!(!fits(format, text), "{format} {text}");
        }
    }
}
