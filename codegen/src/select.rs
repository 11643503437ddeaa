//! Which kinds to generate.

/// A pattern over kinds: `GROUP/KIND`, or `GROUP/KIND/VERSION` to pin a version. `*` stands for any text.
///
/// Without a version, the one at which objects are stored is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    text: String,
}

/// A pattern that is not of the form `GROUP/KIND` or `GROUP/KIND/VERSION`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` selects nothing: write GROUP/KIND or GROUP/KIND/VERSION, such as `ec2.aws.m.upbound.io/*` or `s3.aws.m.upbound.io/Bucket/v1beta1`"
)]
pub struct BadSelector(pub String);

impl Selector {
    /// Reads a pattern.
    ///
    /// # Errors
    /// When it is not of the form.
    pub fn parse(text: &str) -> Result<Self, BadSelector> {
        let parts: Vec<&str> = text.split('/').collect();
        if !(2..=3).contains(&parts.len()) || parts.iter().any(|part| part.is_empty()) {
            return Err(BadSelector(text.to_owned()));
        }
        Ok(Selector { text: text.to_owned() })
    }

    /// Whether it selects a version of a kind. `storage` says whether objects are stored at that version.
    pub fn matches(&self, group: &str, kind: &str, version: &str, storage: bool) -> bool {
        let mut parts = self.text.split('/');
        let (groups, kinds) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        glob(groups, group)
            && glob(kinds, kind)
            && match parts.next() {
                Some(versions) => glob(versions, version),
                None => storage,
            }
    }

    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// Whether `text` fits `pattern`, in which `*` stands for any text.
fn glob(pattern: &str, text: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(text) = text.strip_prefix(head) else { return false };
    (0..=text.len()).filter(|&at| text.is_char_boundary(at)).any(|at| glob(rest, &text[at..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_groups_kinds_and_versions() {
        let bucket = ("v1beta1", true);
        let old = ("v1alpha1", false);
        let matches = |pattern: &str, (version, storage): &(&str, bool)| {
            Selector::parse(pattern).unwrap().matches("s3.aws.m.upbound.io", "Bucket", version, *storage)
        };
        assert!(matches("s3.aws.m.upbound.io/Bucket", &bucket));
        assert!(!matches("s3.aws.m.upbound.io/Bucket", &old), "an old version is only there when it is pinned");
        assert!(matches("s3.aws.m.upbound.io/Bucket/v1alpha1", &old));
        assert!(matches("*.aws.m.*/*", &bucket));
        assert!(!matches("*.aws.upbound.io/*", &bucket));
        assert!(!matches("s3.aws.m.upbound.io/Buck", &bucket));
    }

    #[test]
    fn says_what_a_pattern_looks_like() {
        insta::assert_snapshot!(Selector::parse("Bucket").unwrap_err(), @"`Bucket` selects nothing: write GROUP/KIND or GROUP/KIND/VERSION, such as `ec2.aws.m.upbound.io/*` or `s3.aws.m.upbound.io/Bucket/v1beta1`");
    }
}
