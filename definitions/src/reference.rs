//! References between managed resources.
//!
//! Upjet generates, beside a parameter such as `vpcId`, a reference `vpcIdRef` and a selector `vpcIdSelector`. What they
//! point to stands only in their descriptions, in a fixed wording: `Reference to a VPC in ec2 to populate vpcId.` This
//! module reads that wording, and finds the kind that it means. It is a convention and not an interface, so whatever
//! does not resolve is counted and named.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// What the description of a reference field says of its target.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReferenceFact {
    /// The kind pointed to, such as `VPC`.
    pub kind: Box<str>,
    /// The first label of its group, such as `ec2`; absent where it is the group of the referring kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<Box<str>>,
    /// The sibling field that the reference fills in, such as `vpcId`.
    pub populates: Box<str>,
}

/// Whether a field's name has the form of a reference or selector.
pub fn is_reference_name(name: &str) -> bool {
    name.ends_with("Ref") || name.ends_with("Refs") || name.ends_with("Selector")
}

impl ReferenceFact {
    /// Reads the upjet wording: `References to Subnet in ec2 to populate subnetIds.`
    pub fn from_description(description: &str) -> Option<Self> {
        let rest = ["Reference to ", "References to ", "Selector for "]
            .iter()
            .find_map(|opening| description.strip_prefix(opening))?;
        let rest = ["a list of ", "an ", "a "].iter().find_map(|article| rest.strip_prefix(article)).unwrap_or(rest);
        let (target, rest) = rest.split_once(" to populate ")?;
        let populates = rest.split(['.', ' ', '\n']).next().filter(|name| !name.is_empty())?;
        let (kind, group) = match target.split_once(" in ") {
            Some((kind, group)) => (kind, Some(group)),
            None => (target, None),
        };
        let is_word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric());
        if !is_word(kind) || !group.is_none_or(is_word) {
            return None;
        }
        Some(ReferenceFact { kind: kind.into(), group: group.map(Into::into), populates: populates.into() })
    }
}

/// The kinds among which references are resolved.
#[derive(Clone, Debug, Default)]
pub struct KnownKinds(BTreeSet<(Box<str>, Box<str>)>);

impl KnownKinds {
    /// Adds a kind.
    pub fn insert(&mut self, group: &str, kind: &str) {
        self.0.insert((group.into(), kind.into()));
    }

    /// The full group of the kind that `fact` means, said by a kind of group `from`; nothing if there is no such kind.
    ///
    /// A group label stands for the group that has the rest of `from`'s name: `ec2`, said in
    /// `rds.aws.m.upbound.io`, is `ec2.aws.m.upbound.io`.
    pub fn resolve(&self, from: &str, fact: &ReferenceFact) -> Option<String> {
        let group = match (&fact.group, from.split_once('.')) {
            (Some(label), Some((_, family))) => format!("{label}.{family}"),
            _ => from.to_owned(),
        };
        self.0.contains(&(group.as_str().into(), fact.kind.clone())).then_some(group)
    }
}

impl<'a> FromIterator<(&'a str, &'a str)> for KnownKinds {
    fn from_iter<I: IntoIterator<Item = (&'a str, &'a str)>>(kinds: I) -> Self {
        KnownKinds(kinds.into_iter().map(|(group, kind)| (group.into(), kind.into())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact(kind: &str, group: Option<&str>, populates: &str) -> Option<ReferenceFact> {
        Some(ReferenceFact { kind: kind.into(), group: group.map(Into::into), populates: populates.into() })
    }

    #[test]
    fn reads_every_form_of_the_wording() {
        let read = ReferenceFact::from_description;
        assert_eq!(read("Reference to a VPC in ec2 to populate vpcId."), fact("VPC", Some("ec2"), "vpcId"));
        assert_eq!(
            read("References to Subnet in ec2 to populate subnetIds."),
            fact("Subnet", Some("ec2"), "subnetIds")
        );
        assert_eq!(read("Selector for a list of Role to populate roles.\nMore."), fact("Role", None, "roles"));
        assert_eq!(read("Selector for an Image to populate image."), fact("Image", None, "image"));
        assert_eq!(read("Reference to the secret with the password."), None);
        assert_eq!(read("Reference to a big thing to populate it."), None);
        assert_eq!(read("Reference to a VPC in ec2 to populate "), None);
    }

    #[test]
    fn resolves_a_group_label_within_the_family() {
        let kinds: KnownKinds =
            [("ec2.aws.m.upbound.io", "VPC"), ("rds.aws.m.upbound.io", "Instance")].into_iter().collect();
        let vpc = fact("VPC", Some("ec2"), "vpcId").unwrap();
        let instance = fact("Instance", None, "sourceId").unwrap();
        assert_eq!(kinds.resolve("rds.aws.m.upbound.io", &vpc).as_deref(), Some("ec2.aws.m.upbound.io"));
        assert_eq!(kinds.resolve("rds.aws.m.upbound.io", &instance).as_deref(), Some("rds.aws.m.upbound.io"));
        assert_eq!(kinds.resolve("rds.aws.upbound.io", &vpc), None, "the cluster-scoped family is another one");
    }
}
