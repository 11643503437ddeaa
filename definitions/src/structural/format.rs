//! `format`, as loosely as the API server checks it (go-openapi's strfmt): only what it surely refuses.

use std::sync::LazyLock;

use regex::Regex;

/// Whether a text surely is of a format or surely is not; nothing for formats that are not judged here.
pub(super) fn matches(format: &str, text: &str) -> Option<bool> {
    static BYTE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new("^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$").ok()
    });
    static UUID: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new("^(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$").ok());
    static TIME: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new("^(?i)([0-9-]{10})t([0-9]{2}):([0-9]{2}):([0-9]{2})(?:.[0-9]+)?(?:z|[+-][0-9]{2}:[0-9]{2})$").ok()
    });
    match format {
        "byte" => Some(BYTE.as_ref()?.is_match(text)),
        "uuid" => Some(UUID.as_ref()?.is_match(text)),
        "date" => Some(is_date(text)),
        "date-time" | "datetime" => {
            let Some(parts) = TIME.as_ref()?.captures(text) else { return Some(false) };
            let below = |part: usize, bound: u32| parts[part].parse::<u32>().is_ok_and(|value| value < bound);
            Some(is_date(&parts[1]) && below(2, 24) && below(3, 60) && below(4, 60))
        }
        "ipv4" => Some(is_ipv4(text)),
        "ipv6" if !text.contains(':') => Some(false),
        "cidr" => match text.split_once('/') {
            Some((_, bits)) if bits.parse::<u8>().is_ok_and(|bits| bits <= 128) => None,
            _ => Some(false),
        },
        _ => None,
    }
}

/// A day that exists, `YYYY-MM-DD`.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    if (year.len(), month.len(), day.len()) != (4, 2, 2) {
        return false;
    }
    let (Ok(year), Ok(month), Ok(day)) = (year.parse::<u32>(), month.parse::<u32>(), day.parse::<u32>()) else {
        return false;
    };
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => return false,
    };
    (1..=days).contains(&day)
}

/// Four numbers up to 255, leading zeros allowed; or an address of version 4 within version 6.
fn is_ipv4(text: &str) -> bool {
    if text.contains(':') {
        return text.contains('.');
    }
    let parts: Vec<&str> = text.split('.').collect();
    let is_part = |part: &&str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()) && part.parse::<u32>().is_ok_and(|n| n < 256)
    };
    parts.len() == 4 && parts.iter().all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_loose_where_the_api_server_is() {
        for (format, good, bad) in [
            ("byte", "YR==", "YQ"),
            ("uuid", "A8098C1A-f86e-11da-bd1a-00112444be1e", "a8098c1a-f86e-11da-bd1a"),
            ("date", "2024-02-29", "2023-02-29"),
            ("date-time", "2024-01-02t03:04:05.1z", "2024-01-02T24:04:05Z"),
            ("date-time", "2024-01-02T03:04:05-00:00", "2024-01-02T03:04:05+0000"),
            ("ipv4", "01.2.3.4", "1.2.3.256"),
            ("ipv4", "::ffff:1.2.3.4", "1.2.3"),
        ] {
            assert_eq!(matches(format, good), Some(true), "{format} {good}");
            assert_eq!(matches(format, bad), Some(false), "{format} {bad}");
        }
        assert_eq!(matches("cidr", "10.0.0.0/129"), Some(false));
        assert_eq!(matches("cidr", "10.0.0.0/8"), None);
        assert_eq!(matches("ipv6", "10.0.0.1"), Some(false));
        assert_eq!(matches("anything", "x"), None);
    }
}
