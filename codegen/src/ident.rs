//! Rust names for the names of schemas.
//!
//! Every rule here looks at one name alone, so that a name does not change because another came or went. Where two
//! fields of one object would share a name, [`fields`] tells them apart by how they are spelt, never by their order.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

/// `vpcId` → `vpc_id`; a name that Rust keeps for itself becomes raw, or gets an underscore where raw is not allowed.
pub fn snake(name: &str) -> String {
    keyword_safe(words(name).join("_"))
}

/// `rootBlockDevice` → `RootBlockDevice`, keeping runs of capitals as they are.
pub fn pascal(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for word in name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        let (first, rest) = word.split_at(1);
        out.push_str(&first.to_ascii_uppercase());
        out.push_str(rest);
    }
    leading_letter(out)
}

/// The variant for a text of an enum: `digital signature` → `DigitalSignature`, `CONFIG_MAP` → `ConfigMap`, `*` → `All`,
/// `` → `Empty`.
pub fn variant(text: &str) -> String {
    let symbol = match text {
        "" => "Empty",
        "*" => "All",
        "=" | "==" => "Equal",
        "!=" => "NotEqual",
        "=~" => "Match",
        "!~" => "NotMatch",
        ">" => "Greater",
        ">=" => "GreaterOrEqual",
        "<" => "Less",
        "<=" => "LessOrEqual",
        "-" => "Minus",
        "+" => "Plus",
        _ => "",
    };
    if !symbol.is_empty() {
        return symbol.to_owned();
    }
    // In `API_AND_CONFIG_MAP` capitals say nothing, and words would run together; in `VPC` they are all there is.
    let shouted = text.contains('_') && !text.contains(|c: char| c.is_ascii_lowercase());
    let name = if shouted { pascal(&text.to_ascii_lowercase()) } else { pascal(text) };
    match name.as_str() {
        // Rust keeps the one for itself; the other is the variant of an open enum for every other text.
        name @ ("Self" | "Unlisted") => format!("{name}Value"),
        name => name.to_owned(),
    }
}

/// Rust names for the fields of one object, in their order. None of them is one of `own`, the fields that the struct has
/// besides.
pub fn fields<'a>(names: impl IntoIterator<Item = &'a str>, own: &[&str]) -> Vec<String> {
    let mut out = distinct(names, snake, CAMEL, &["_camel", "_snake", "_pascal", "_kebab", "_"]);
    for index in 0..out.len() {
        while own.contains(&&*out[index]) || out[..index].contains(&out[index]) {
            out[index].push('_');
        }
    }
    out
}

/// Variants for the texts of one enum, in their order.
pub fn variants<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    distinct(texts, variant, PASCAL, &["Lower", "Snake", "", "Kebab", "X"])
}

/// Names each text by `rule`; of those that share a name, the one that is spelt as `plain` says keeps it and the others
/// get a suffix that says how they are spelt.
fn distinct<'a>(
    texts: impl IntoIterator<Item = &'a str>,
    rule: fn(&str) -> String,
    plain: usize,
    suffixes: &[&str; 5],
) -> Vec<String> {
    let texts: Vec<&str> = texts.into_iter().collect();
    let mut out: Vec<String> = texts.iter().map(|text| rule(text)).collect();
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, name) in out.iter().enumerate() {
        groups.entry(name.clone()).or_default().push(index);
    }
    let mut taken: BTreeSet<String> = groups.keys().cloned().collect();
    for mut group in groups.into_values().filter(|group| group.len() > 1) {
        group.sort_by_key(|&index| (spelling(texts[index]) != plain, spelling(texts[index]), texts[index]));
        for &index in &group[1..] {
            let suffixed = format!("{}{}", out[index].trim_start_matches("r#"), suffixes[spelling(texts[index])]);
            let name = match taken.contains(&suffixed) {
                true => format!("{suffixed}{}", digest(texts[index])),
                false => suffixed,
            };
            taken.insert(name.clone());
            out[index] = name;
        }
    }
    out
}

/// The spelling of field names in Kubernetes.
const CAMEL: usize = 0;
/// The spelling of enum values in Kubernetes.
const PASCAL: usize = 2;

/// How a name is spelt: 0 camelCase or one lower-case word, 1 snake_case, 2 PascalCase, 3 kebab-case, 4 anything else.
fn spelling(name: &str) -> usize {
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric());
    let lower = name.chars().next().is_some_and(|c| c.is_ascii_lowercase());
    let only = |extra: char| name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == extra);
    match (plain, lower) {
        (true, true) => 0,
        (true, false) => 2,
        _ if only('_') => 1,
        _ if only('-') => 3,
        _ => 4,
    }
}

/// Six hexadecimal digits that depend on the spelling alone.
pub fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(3).map(|byte| format!("{byte:02x}")).collect()
}

/// The words of a name, in lower case: `PrefixListsIDs` → prefix, lists, ids.
fn words(name: &str) -> Vec<String> {
    let chars: Vec<char> = name.chars().collect();
    let mut words = Vec::new();
    let mut word = String::new();
    for (i, &c) in chars.iter().enumerate() {
        if !c.is_ascii_alphanumeric() {
            words.push(std::mem::take(&mut word));
            continue;
        }
        let before = i.checked_sub(1).map(|i| chars[i]);
        let starts = c.is_ascii_uppercase()
            && match before {
                Some(b) if b.is_ascii_uppercase() => begins_word(&chars[i + 1..]),
                Some(_) => true,
                None => false,
            };
        if starts {
            words.push(std::mem::take(&mut word));
        }
        word.push(c.to_ascii_lowercase());
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

/// Whether a capital within a run of capitals begins a word, judged by what follows: `IPAddress` yes, `IDs` no.
fn begins_word(rest: &[char]) -> bool {
    match rest {
        ['s'] => false,
        ['s', next, ..] if !next.is_ascii_lowercase() => false,
        [next, ..] => next.is_ascii_lowercase(),
        [] => false,
    }
}

fn leading_letter(name: String) -> String {
    match name.chars().next() {
        Some(c) if c.is_ascii_alphabetic() => name,
        Some(_) => format!("N{name}"),
        None => "Symbol".to_owned(),
    }
}

fn keyword_safe(name: String) -> String {
    match name.as_str() {
        "" => "symbol".to_owned(),
        "self" | "super" | "crate" | "_" => format!("{name}_"),
        _ if KEYWORDS.contains(&name.as_str()) => format!("r#{name}"),
        _ if name.starts_with(|c: char| c.is_ascii_digit()) => format!("n{name}"),
        _ => name,
    }
}

const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_words_as_people_read_them() {
        let cases = [
            ("vpcId", "vpc_id"),
            ("enableDnsSupport", "enable_dns_support"),
            ("ipv4IpamPoolId", "ipv4_ipam_pool_id"),
            ("PrefixListsIDs", "prefix_lists_ids"),
            ("podIPs", "pod_ips"),
            ("IPAddress", "ip_address"),
            ("openAPIV3Schema", "open_apiv3_schema"),
            ("s3_use_path_style", "s3_use_path_style"),
            ("common.runtime.properties", "common_runtime_properties"),
            ("json:triggers", "json_triggers"),
            ("$schema", "schema"),
            ("type_", "r#type"),
            ("__name__", "name"),
            ("3scale", "n3scale"),
            ("self", "self_"),
            ("type", "r#type"),
            ("-", "symbol"),
        ];
        for (name, ident) in cases {
            assert_eq!(snake(name), ident, "{name}");
        }
    }

    #[test]
    fn names_variants() {
        let cases = [
            ("digital signature", "DigitalSignature"),
            ("*", "All"),
            ("", "Empty"),
            ("Self", "SelfValue"),
            ("Unlisted", "UnlistedValue"),
            ("SELF", "SELF"),
            ("us-west-2", "UsWest2"),
            ("API", "API"),
            ("API_AND_CONFIG_MAP", "ApiAndConfigMap"),
            ("2xx", "N2xx"),
            (">=", "GreaterOrEqual"),
        ];
        for (text, name) in cases {
            assert_eq!(variant(text), name, "{text}");
        }
    }

    #[test]
    fn tells_equal_names_apart_by_spelling_whatever_the_order() {
        let fields = |names: [&'static str; 2]| fields(names, &[]);
        assert_eq!(fields(["hostAliases", "host_aliases"]), ["host_aliases", "host_aliases_snake"]);
        assert_eq!(fields(["host_aliases", "hostAliases"]), ["host_aliases_snake", "host_aliases"]);
        assert_eq!(fields(["PrefixListsIDs", "prefixListsIDs"]), ["prefix_lists_ids_pascal", "prefix_lists_ids"]);
        assert_eq!(fields(["type", "type_"]), ["r#type", "type_snake"]);
        assert_eq!(variants(["True", "true", "TRUE"]), ["True", "TrueLower", "TRUE"]);
        assert_eq!(variants(["ConfigMap", "CONFIG_MAP"]), ["ConfigMap", "ConfigMapX"]);
        let odd = super::fields(["a.b", "a:b", "aB"], &[]);
        assert_eq!(odd.iter().collect::<BTreeSet<_>>().len(), 3, "{odd:?}");
    }

    #[test]
    fn leaves_the_struct_its_own_fields() {
        assert_eq!(fields(["extra", "Extra", "other"], &["extra"]), ["extra_", "extra_pascal", "other"]);
    }
}
