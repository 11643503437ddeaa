//! Where the images of packages come from, and who must have signed them.

use std::collections::{BTreeMap, BTreeSet};

use planewright_definitions::admission::pattern_refusal;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::error::Faults;
use super::names::{is_subdomain, label};
use super::repository::Repository;

/// What Crossplane must know of the images below a path of a registry: an ImageConfig.
///
/// ```
/// use planewright::emit::{Identity, Images, Package, Signer};
///
/// let images = Images::below("registry.example.org/acme")
///     .pull_secret("registry")
///     .signed(Signer::keyless("ci", [Identity::new("https://token.example.org", "https://git.example.org/acme/shops")]));
/// let package = Package::new("registry.example.org/acme/shops").images(images);
/// ```
///
/// It matches images by a prefix that ends with `/`: without that, `registry.example.org/acme` would match `registry.example.org/acme-evil` as well, and
/// send the pull secret there. Of several for one purpose Crossplane takes that with the longest path.
#[derive(Clone, Debug)]
#[must_use]
pub struct Images {
    path: String,
    pull_secret: Option<String>,
    mirror: Option<String>,
    signers: Vec<Signer>,
}

impl Images {
    /// Images below this path, `REGISTRY/ORGANISATION`.
    pub fn below(path: impl Into<String>) -> Self {
        Images { path: path.into(), pull_secret: None, mirror: None, signers: Vec::new() }
    }

    /// Pulls them with the credentials of this Secret in Crossplane's own namespace, of the type `kubernetes.io/dockerconfigjson`.
    pub fn pull_secret(self, name: impl Into<String>) -> Self {
        Images { pull_secret: Some(name.into()), ..self }
    }

    /// Pulls them from below another path, `REGISTRY/ORGANISATION`, with the rest of their name as it is.
    pub fn mirrored_below(self, path: impl Into<String>) -> Self {
        Images { mirror: Some(path.into()), ..self }
    }

    /// Installs a package from there only if this signer has signed it, or another that is named. Crossplane ignores this unless its core
    /// runs with `--enable-signature-verification` (alpha in v2.4).
    pub fn signed(mut self, signer: Signer) -> Self {
        self.signers.push(signer);
        self
    }

    /// Its object's name: the path, and where that is too long for a name, its beginning and its digest.
    fn name(&self) -> String {
        const LONGEST: usize = 63;
        let name = label(&self.path);
        if name.len() <= LONGEST {
            return name;
        }
        let digest: String = Sha256::digest(&self.path).iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        // A label is ASCII.
        format!("{}-{digest}", name[..LONGEST - digest.len() - 1].trim_end_matches('-'))
    }

    /// Finds what is wrong with those of a package.
    pub(super) fn check(all: &[Self], faults: &mut Faults) {
        let mut names: BTreeMap<String, &str> = BTreeMap::new();
        for images in all {
            let place = format!("images below {:?}", images.path);
            for path in [Some(&images.path), images.mirror.as_ref()].into_iter().flatten() {
                if let Err(reason) = Repository::parse(path) {
                    let remedy = "name it as REGISTRY/ORGANISATION, without a slash at the end";
                    faults.add(&place, format!("{path:?} is no path of a registry: {reason}"), remedy);
                }
            }
            match names.insert(images.name(), &images.path) {
                Some(other) if other.trim_end_matches('/') == images.path.trim_end_matches('/') => {
                    let reason = "they are described twice, and Crossplane would choose at random";
                    faults.add(&place, reason, "say all of them at once");
                }
                Some(other) => {
                    let reason =
                        format!("the ImageConfig of those below {other:?} would have the same name, {}", images.name());
                    faults.add(&place, reason, "name a longer path for one of them");
                }
                None => {}
            }
            if images.pull_secret.is_none() && images.mirror.is_none() && images.signers.is_empty() {
                faults.add(&place, "nothing is said of them", "name a secret, a mirror or a signer, or leave them out");
            }
            if let Some(secret) = images.pull_secret.as_ref().filter(|secret| !is_subdomain(secret)) {
                faults.add(&place, format!("{secret:?} is no name of a Secret"), "name one in Crossplane's namespace");
            }
            let mut signers = BTreeSet::new();
            for signer in &images.signers {
                signer.check(&place, faults);
                if !signers.insert(&signer.name) {
                    let reason = format!("the signer {:?} is named twice", signer.name);
                    faults.add(&place, reason, "give each a name of its own");
                }
            }
        }
    }

    /// The ImageConfig, with its name.
    pub(super) fn config(&self) -> (String, Value) {
        let mut spec = Map::new();
        // Crossplane looks for pull secrets and signers of an image under the name that it has in the mirror.
        let places = [Some(&self.path), self.mirror.as_ref()].into_iter().flatten();
        let matched: Vec<Value> =
            places.map(|place| json!({ "type": "Prefix", "prefix": format!("{place}/") })).collect();
        spec.insert("matchImages".to_owned(), matched.into());
        if let Some(secret) = &self.pull_secret {
            let registry = json!({ "authentication": { "pullSecretRef": { "name": secret } } });
            spec.insert("registry".to_owned(), registry);
        }
        if let Some(mirror) = &self.mirror {
            spec.insert("rewriteImage".to_owned(), json!({ "prefix": format!("{mirror}/") }));
        }
        if !self.signers.is_empty() {
            let authorities: Vec<Value> = self.signers.iter().map(Signer::authority).collect();
            let verification = json!({ "provider": "Cosign", "cosign": { "authorities": authorities } });
            spec.insert("verification".to_owned(), verification);
        }
        let config = json!({
            "apiVersion": "pkg.crossplane.io/v1beta1",
            "kind": "ImageConfig",
            "metadata": { "name": self.name() },
            "spec": spec,
        });
        (self.name(), config)
    }
}

/// Who signs images with cosign.
#[derive(Clone, Debug)]
#[must_use]
pub struct Signer {
    name: String,
    means: Means,
    attests: Option<String>,
}

#[derive(Clone, Debug)]
enum Means {
    Key { secret: String, key: String },
    Keyless(Vec<Identity>),
}

impl Signer {
    /// Whoever has the private key of a public one, which is under this key of this Secret in Crossplane's own namespace.
    pub fn key(name: impl Into<String>, secret: impl Into<String>, key: impl Into<String>) -> Self {
        Signer { name: name.into(), means: Means::Key { secret: secret.into(), key: key.into() }, attests: None }
    }

    /// Whoever had one of these identities, by Sigstore's public certificates and log.
    pub fn keyless(name: impl Into<String>, identities: impl IntoIterator<Item = Identity>) -> Self {
        Signer { name: name.into(), means: Means::Keyless(identities.into_iter().collect()), attests: None }
    }

    /// What must be signed is an attestation of this type about the image, such as `https://slsa.dev/provenance/v1`. Default: the
    /// image itself. (Crossplane takes one attestation of several for enough, so there is one.)
    pub fn attesting(self, predicate_type: impl Into<String>) -> Self {
        Signer { attests: Some(predicate_type.into()), ..self }
    }

    fn check(&self, images: &str, faults: &mut Faults) {
        let place = format!("{images}, signer {:?}", self.name);
        if self.name.is_empty() {
            faults.add(&place, "it has no name", "give it one, which messages about signatures then say");
        }
        match &self.means {
            Means::Key { secret, key } => {
                if !is_subdomain(secret) || key.is_empty() {
                    let reason = format!("{secret:?} with the key {key:?} cannot be a Secret");
                    faults.add(
                        &place,
                        reason,
                        "name one in Crossplane's namespace, and the key of the public key in it",
                    );
                }
            }
            Means::Keyless(identities) => {
                let unsaid = |identity: &Identity| identity.issuer.is_empty() || identity.subject.is_empty();
                if identities.is_empty() || identities.iter().any(unsaid) {
                    let reason = "anybody with a certificate could sign";
                    faults.add(&place, reason, "name the issuer and subject of each identity");
                }
                for reason in identities.iter().filter(|identity| !unsaid(identity)).filter_map(Identity::fault) {
                    faults.add(&place, reason, "write a regular expression of Go, from ^ to $");
                }
            }
        }
        if self.attests.as_ref().is_some_and(String::is_empty) {
            faults.add(&place, "the attestation has no type", "name it, such as https://slsa.dev/provenance/v1");
        }
    }

    fn authority(&self) -> Value {
        let mut authority = match &self.means {
            Means::Key { secret, key } => json!({
                "name": self.name,
                "key": { "secretRef": { "name": secret, "key": key }, "hashAlgorithm": "sha256" },
            }),
            Means::Keyless(identities) => json!({
                "name": self.name,
                "keyless": { "identities": identities.iter().map(Identity::object).collect::<Vec<_>>() },
            }),
        };
        if let Some(predicate) = &self.attests {
            authority["attestations"] = json!([{ "name": self.name, "predicateType": predicate }]);
        }
        authority
    }
}

/// Who somebody was to Sigstore: an identity, and who vouched for it.
#[derive(Clone, Debug)]
#[must_use]
pub struct Identity {
    issuer: String,
    subject: String,
    patterns: bool,
}

impl Identity {
    /// Exactly this issuer and subject, such as `https://token.actions.githubusercontent.com` and the URL of a workflow.
    pub fn new(issuer: impl Into<String>, subject: impl Into<String>) -> Self {
        Identity { issuer: issuer.into(), subject: subject.into(), patterns: false }
    }

    /// Every issuer and subject that match these regular expressions of Go, which begin with `^` and end with `$`: they would match anywhere
    /// otherwise, and so anybody whose name has the right one in it.
    pub fn matching(issuer: impl Into<String>, subject: impl Into<String>) -> Self {
        Identity { issuer: issuer.into(), subject: subject.into(), patterns: true }
    }

    /// What is wrong with it, if anything is.
    fn fault(&self) -> Option<String> {
        [&self.issuer, &self.subject].into_iter().filter(|_| self.patterns).find_map(|pattern| {
            match pattern_refusal(pattern) {
                Some(reason) => Some(format!("{pattern:?} is no regular expression: {reason}")),
                None if !pattern.starts_with('^') || !pattern.ends_with('$') => {
                    Some(format!("{pattern:?} matches whatever has such a part"))
                }
                None => None,
            }
        })
    }

    fn object(&self) -> Value {
        match self.patterns {
            // Anchored around all alternatives, whatever they say themselves.
            true => json!({ "issuerRegExp": whole(&self.issuer), "subjectRegExp": whole(&self.subject) }),
            false => json!({ "issuer": self.issuer, "subject": self.subject }),
        }
    }
}

/// A regular expression that matches the whole of a text.
fn whole(pattern: &str) -> String {
    format!("^(?:{pattern})$")
}
