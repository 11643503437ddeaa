//! The definition of a composite resource.

use planewright_definitions::admission::{self, Admitted};
use planewright_definitions::crd::{Metadata, Names};
use planewright_definitions::emission::{EmitError, Faults};
use planewright_definitions::schema::Schema;
use planewright_definitions::xrd::{
    self, CompositeDeletePolicy, CompositionReference, CompositionUpdatePolicy, XrScope, Xrd, XrdSpec, XrdVersion,
};
use serde_json::{Value, json};

use crate::conversion::Pair;
use crate::place::{Place, translate};
use crate::{Version, check};

/// The definition of a composite resource: its names, where it lives, and its versions, of which exactly one is referenceable.
///
/// ```
/// use planewright_xrd::schemars::{self, JsonSchema};
/// use planewright_xrd::{Definition, Version, XrScope};
///
/// #[derive(JsonSchema)]
/// struct ShareSpec {
///     region: String,
/// }
///
/// let share = Definition::new("files.example.org", "Share", XrScope::Cluster, Version::new::<ShareSpec>("v1"));
/// assert_eq!(share.xrd().unwrap()["metadata"]["name"], "shares.files.example.org");
/// ```
#[derive(Clone, Debug)]
pub struct Definition {
    group: String,
    names: Names,
    annotations: Vec<(String, String)>,
    scope: XrScope,
    claim: Option<Names>,
    connection_secret_keys: Vec<String>,
    default_composition: Option<String>,
    enforced_composition: Option<String>,
    update_policy: Option<CompositionUpdatePolicy>,
    delete_policy: Option<CompositeDeletePolicy>,
    referenceable: Version,
    others: Vec<Version>,
}

impl Definition {
    /// A definition by its API group, its kind, where its objects live, and the version that Compositions refer to, at which objects are
    /// stored.
    ///
    /// The scope has no default on purpose: that of a v1 XRD is not that of a v2 XRD, and official programs take one for the other.
    /// `LegacyCluster` makes a v1 XRD, any other scope a v2 XRD.
    pub fn new(group: &str, kind: &str, scope: XrScope, referenceable: Version) -> Self {
        Definition {
            group: group.to_owned(),
            names: names(kind),
            annotations: Vec::new(),
            scope,
            claim: None,
            connection_secret_keys: Vec::new(),
            default_composition: None,
            enforced_composition: None,
            update_policy: None,
            delete_policy: None,
            referenceable,
            others: Vec::new(),
        }
    }

    /// With one more version, which is not referenceable.
    ///
    /// Objects are converted by changing their apiVersion alone, as webhooks are not declared here. So it is a fault if the version has a
    /// field that the referenceable one does not have or has of another type, if one requires what objects of the other lack, or if it allows values that the
    /// referenceable one does not: by an enum, a bound or a pattern (rules in CEL are not compared). Of a status, which is written at the referenceable version, it is the other way round. None of
    /// it is a fault where the version is [unserved](Version::unserved). What only the referenceable version has is lost when somebody writes the object at the other one.
    #[must_use]
    pub fn version(mut self, other: Version) -> Self {
        self.others.push(other);
        self
    }

    /// The plural. Default: the kind in lower case with `s`, `es` after s, x, z, ch and sh, `ies` for a y after a consonant.
    #[must_use]
    pub fn plural(mut self, plural: &str) -> Self {
        plural.clone_into(&mut self.names.plural);
        self
    }

    /// The singular. Default: the kind in lower case.
    #[must_use]
    pub fn singular(mut self, singular: &str) -> Self {
        self.names.singular = Some(singular.to_owned());
        self
    }

    /// Short names, for people who type.
    #[must_use]
    pub fn short_names<'a>(mut self, names: impl IntoIterator<Item = &'a str>) -> Self {
        self.names.short_names.extend(names.into_iter().map(str::to_owned));
        self
    }

    /// Categories, under which `kubectl get` lists objects of several kinds. Crossplane adds `composite`.
    #[must_use]
    pub fn categories<'a>(mut self, names: impl IntoIterator<Item = &'a str>) -> Self {
        self.names.categories.extend(names.into_iter().map(str::to_owned));
        self
    }

    /// Annotates the XRD itself, such as for what delivers it: `argocd.argoproj.io/sync-options` with `Prune=false,Delete=confirm`. It is a fault if the key is not
    /// NAME or PREFIX/NAME, as Kubernetes has them.
    #[must_use]
    pub fn annotation(mut self, key: &str, value: &str) -> Self {
        self.annotations.push((key.to_owned(), value.to_owned()));
        self
    }

    /// Offers a claim of this kind, in namespaces. Only definitions with the scope `LegacyCluster` can.
    #[must_use]
    pub fn claim(self, kind: &str) -> Self {
        Definition { claim: Some(names(kind)), ..self }
    }

    /// The plural of the claim; the default is made as for [`plural`](Definition::plural). It says nothing before
    /// [`claim`](Definition::claim).
    #[must_use]
    pub fn claim_plural(mut self, plural: &str) -> Self {
        if let Some(claim) = &mut self.claim {
            plural.clone_into(&mut claim.plural);
        }
        self
    }

    /// The keys that the connection secret of an object holds; by default all that are composed. Only with the scope `LegacyCluster`.
    #[must_use]
    pub fn connection_secret_keys<'a>(mut self, keys: impl IntoIterator<Item = &'a str>) -> Self {
        self.connection_secret_keys.extend(keys.into_iter().map(str::to_owned));
        self
    }

    /// The Composition of objects that select none.
    #[must_use]
    pub fn default_composition(self, name: &str) -> Self {
        Definition { default_composition: Some(name.to_owned()), ..self }
    }

    /// The Composition that every object must use. It cannot be changed later.
    #[must_use]
    pub fn enforced_composition(self, name: &str) -> Self {
        Definition { enforced_composition: Some(name.to_owned()), ..self }
    }

    /// Whether objects follow new revisions of their Composition. Default: `Automatic`.
    #[must_use]
    pub fn update_policy(self, policy: CompositionUpdatePolicy) -> Self {
        Definition { update_policy: Some(policy), ..self }
    }

    /// How a claim deletes its composite resource. Default: `Background`. It means nothing without claims.
    #[must_use]
    pub fn delete_policy(self, policy: CompositeDeletePolicy) -> Self {
        Definition { delete_policy: Some(policy), ..self }
    }

    /// The XRD, as objects are written.
    ///
    /// # Errors
    /// Everything for which the API server or Crossplane would refuse it, and everything of it that they would ignore, drop or overwrite.
    /// CEL expressions are not evaluated.
    pub fn xrd(&self) -> Result<Value, EmitError> {
        let mut faults = Faults::default();
        let judged = self.judge(&mut faults);
        faults.or(judged.map(|(xrd, _)| xrd).unwrap_or_default())
    }

    /// The XRD and what a control plane makes of it, or nothing and why.
    pub(crate) fn judge(&self, faults: &mut Faults) -> Option<(Value, Admitted)> {
        let (kind, is_claimed) = (Place::of_kind(&self.names.kind), self.claim.is_some());
        let mut mine = Faults::default();
        let (mut versions, mut places) = (Vec::new(), Vec::new());
        for version in std::iter::once(&self.referenceable).chain(&self.others) {
            let place = version.place(&self.names.kind);
            versions.push(version.write(self.scope, is_claimed, &place, &mut mine));
            places.push(place);
        }
        if let Some(first) = versions.first_mut() {
            first.referenceable = true;
        }
        let mut written = serde_json::to_value(self.object(versions)).unwrap_or_default();
        let admitted = match admission::admit(&written) {
            Ok(admitted) => Some(admitted),
            Err(refusals) => {
                for refusal in refusals.0 {
                    let place = translate(&refusal.path, &kind, &places);
                    mine.add(place, format!("{} ({})", refusal.reason, refusal.stage), refusal.remedy);
                }
                None
            }
        };
        if mine.is_empty()
            && let Some(admitted) = &admitted
        {
            check::dropped(&written, admitted, (&kind, &places), &mut mine);
            self.check_conversion(&written, &places, &mut mine);
            let versions = std::iter::once(&self.referenceable).chain(&self.others);
            for ((version, place), derived) in versions.zip(&places).zip(&admitted.composite.spec.versions) {
                check::columns(&version.columns, derived, place, &mut mine);
            }
        }
        let is_sound = mine.is_empty();
        if is_sound {
            in_order(&mut written);
        }
        faults.extend(mine);
        admitted.filter(|_| is_sound).map(|admitted| (written, admitted))
    }

    /// Compares every other version that is served with the referenceable one.
    fn check_conversion(&self, xrd: &Value, places: &[Place], faults: &mut Faults) {
        let section =
            |i: usize, name: &str| &xrd["spec"]["versions"][i]["schema"]["openAPIV3Schema"]["properties"][name];
        // A version without a status of its own has Crossplane's alone.
        let nothing = json!({ "type": "object" });
        let status = |i: usize| Some(section(i, "status")).filter(|status| !status.is_null()).unwrap_or(&nothing);
        for (i, (other, place)) in self.others.iter().zip(places.iter().skip(1)).enumerate() {
            if other.served {
                let pair = Pair { stored: &self.referenceable.name, other: &other.name, place };
                pair.spec(section(0, "spec"), section(i + 1, "spec"), "spec", faults);
                pair.status(status(0), status(i + 1), "status", faults);
            }
        }
    }

    fn object(&self, versions: Vec<XrdVersion>) -> Xrd {
        let reference = |name: &Option<String>| name.clone().map(|name| CompositionReference { name });
        let api_version = if self.scope == XrScope::LegacyCluster { xrd::V1 } else { xrd::V2 };
        Xrd {
            api_version: api_version.to_owned(),
            kind: xrd::KIND.to_owned(),
            metadata: Metadata {
                name: self.name(),
                annotations: self.annotations.iter().cloned().collect(),
                ..Metadata::default()
            },
            spec: XrdSpec {
                group: self.group.clone(),
                names: self.names.clone(),
                scope: Some(self.scope),
                claim_names: self.claim.clone(),
                connection_secret_keys: self.connection_secret_keys.clone(),
                default_composite_delete_policy: self.delete_policy,
                default_composition_ref: reference(&self.default_composition),
                default_composition_revision_selector: None,
                enforced_composition_ref: reference(&self.enforced_composition),
                default_composition_update_policy: self.update_policy,
                versions,
                conversion: None,
                metadata: None,
            },
        }
    }

    /// The name of the XRD: `PLURAL.GROUP`.
    pub(crate) fn name(&self) -> String {
        format!("{}.{}", self.names.plural, self.group)
    }

    pub(crate) fn kind(&self) -> &str {
        &self.names.kind
    }

    /// Where its file is.
    pub(crate) fn path(&self) -> String {
        format!("apis/{}/definition.yaml", self.names.plural)
    }
}

/// Puts the words of every schema into the order in which people write them. As nothing is dropped, nothing is lost on the way.
fn in_order(xrd: &mut Value) {
    let versions = xrd.pointer_mut("/spec/versions").and_then(Value::as_array_mut);
    for version in versions.into_iter().flatten() {
        if let Some(schema) = version.pointer_mut("/schema/openAPIV3Schema")
            && let Ok(ordered) = serde_json::from_value::<Schema>(schema.clone()).and_then(serde_json::to_value)
        {
            *schema = ordered;
        }
    }
}

/// The names of a kind, of which all but the kind follow.
fn names(kind: &str) -> Names {
    Names { plural: plural(&kind.to_lowercase()), kind: kind.to_owned(), ..Names::default() }
}

fn plural(singular: &str) -> String {
    let before_y = singular.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'i', 'o', 'u']));
    match before_y {
        Some(stem) => format!("{stem}ies"),
        None if ["s", "x", "z", "ch", "sh"].iter().any(|end| singular.ends_with(end)) => format!("{singular}es"),
        None => format!("{singular}s"),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn plurals_follow_the_rule() {
        let plurals = ["store", "gateway", "policy", "eks", "box", "batch"].map(super::plural);
        assert_eq!(plurals, ["stores", "gateways", "policies", "ekses", "boxes", "batches"]);
    }
}
