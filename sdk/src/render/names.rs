//! Names that Crossplane makes.

use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The longest name that Crossplane makes.
const MAX_LENGTH: usize = 63;
/// The characters of the hash in it.
const HASH_LENGTH: usize = 12;

/// The name of a composed resource: a prefix, and a hash of the owner's uid and the key. It stays the same in every run.
pub(crate) fn child_name(prefix: &str, owner_uid: &str, key: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(owner_uid.as_bytes());
    hash.update(key.as_bytes());
    let mut suffix = String::with_capacity(HASH_LENGTH);
    for byte in hash.finalize().iter().take(HASH_LENGTH / 2) {
        suffix.extend([byte >> 4, byte & 15].map(|digit| char::from_digit(digit.into(), 16).unwrap_or('0')));
    }
    let mut prefix = prefix.to_owned();
    if !prefix.is_empty() && !prefix.ends_with('-') {
        prefix.push('-');
    }
    let room = MAX_LENGTH - HASH_LENGTH;
    if prefix.len() > room {
        let mut end = room;
        while !prefix.is_char_boundary(end) {
            end -= 1;
        }
        prefix.truncate(end);
        if !prefix.ends_with('-') {
            prefix.pop();
            prefix.push('-');
        }
    }
    prefix + &suffix
}

/// The uid of a composite resource that has none: version 5 of kind, namespace and name, as `crossplane render` has it.
pub(crate) fn made_up_uid(group: &str, version: &str, kind: &str, namespace: &str, name: &str) -> String {
    let identity = format!("{group}/{version}, Kind={kind}\0{namespace}\0{name}");
    Uuid::new_v5(&Uuid::nil(), identity.as_bytes()).to_string()
}

/// Whether a text is an RFC 1123 label, which namespaces must be.
pub(crate) fn is_label(text: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=63).contains(&text.len()) && text.bytes().all(inner) && !text.starts_with('-') && !text.ends_with('-')
}

/// Whether a name is an RFC 1123 subdomain, which names of composed resources must be. Names of RBAC kinds may also
/// have colons.
pub(crate) fn is_valid(name: &str, group: &str, kind: &str) -> bool {
    let rbac = group == "rbac.authorization.k8s.io"
        && matches!(kind, "Role" | "ClusterRole" | "RoleBinding" | "ClusterRoleBinding");
    let name = if rbac { name.replace(':', "") } else { name.to_owned() };
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let label = |label: &str| {
        let bytes = label.as_bytes();
        bytes.iter().all(|byte| letter(*byte) || *byte == b'-')
            && bytes.first().is_some_and(|byte| letter(*byte))
            && bytes.last().is_some_and(|byte| letter(*byte))
    };
    name.len() <= 253 && name.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_a_prefix_and_a_hash() {
        insta::assert_snapshot!(child_name("shop", "8a7e", "bucket"), @"shop-a61e9cc4ab0d");
        assert_eq!(child_name("shop-", "8a7e", "bucket"), child_name("shop", "8a7e", "bucket"));
        assert_ne!(child_name("shop", "8a7e", "bucket"), child_name("shop", "8a7e", "policy"));
    }

    #[test]
    fn long_prefixes_are_cut_and_end_in_one_hyphen() {
        let name = child_name(&"a".repeat(80), "uid", "key");
        assert_eq!(name.len(), 63);
        assert_eq!(&name[49..51], "a-");
        let hyphen = child_name(&format!("{}-{}", "a".repeat(50), "b".repeat(9)), "uid", "key");
        assert_eq!((hyphen.len(), &hyphen[49..51]), (63, "a-"));
        // A cut never splits a character, whatever the label holds.
        assert!(child_name(&"ä".repeat(40), "uid", "key").len() <= 63);
    }

    #[test]
    fn a_made_up_uid_follows_from_what_the_resource_is() {
        let uid = made_up_uid("storage.example.org", "v1", "Store", "shop", "blue");
        insta::assert_snapshot!(uid, @"ef453abe-cf0a-5f1c-b3ad-20dee7d32d90");
        assert_ne!(uid, made_up_uid("storage.example.org", "v1", "Store", "shop", "green"));
    }

    #[test]
    fn names_are_rfc_1123_subdomains() {
        for good in ["a", "a-b.c0", "0"] {
            assert!(is_valid(good, "", "ConfigMap"), "{good}");
        }
        for bad in ["", "A", "-a", "a-", "a..b", "a_b", "a:b", &"a".repeat(254)] {
            assert!(!is_valid(bad, "", "ConfigMap"), "{bad}");
        }
        assert!(is_valid("system:a", "rbac.authorization.k8s.io", "Role"));
    }
}
