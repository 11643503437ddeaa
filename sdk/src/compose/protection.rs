//! Protection from deletion, and the order of deletions.

use serde_json::Value;

use super::body::{Body, Encoding};
use super::declared::Declared;
use super::ledger::{Held, Ledger};
use super::{Cx, Handle, Pending};
use crate::codec::{Slot, WirePath};
use crate::resource::{Composite, Resource, Scope};
use crate::shapes::{ClusterUsage, ManagementPolicy, Usage, UsageResource, UsageResourceReference, UsageSpec};
use crate::state::{Place, Wait};

/// How a composed resource is protected from deletion: see [`Handle::protect`].
///
/// A text becomes [`Protection::new`] with that reason.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "it counts once it is given to `Handle::protect`"]
pub struct Protection {
    policies: Choice,
    /// The reason of the usage, if there is to be one.
    usage: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Choice {
    No,
    /// Where the kind has management policies.
    WherePossible,
    Yes,
}

impl Protection {
    /// Both: the external resource is kept by management policies, where the kind has them, and the Kubernetes object by a
    /// usage. `reason` is what people read when a deletion is refused.
    pub fn new(reason: impl Into<String>) -> Self {
        Protection { policies: Choice::WherePossible, usage: Some(reason.into()) }
    }

    /// The external resource alone: management policies without `Delete`. The Kubernetes object can be deleted, and is when
    /// the composite resource is; the database, bucket or network behind it stays.
    pub fn by_policies() -> Self {
        Protection { policies: Choice::Yes, usage: None }
    }

    /// The Kubernetes object alone: a usage with a reason, at which the API server refuses to delete it. The usage belongs
    /// to the composite resource and goes with it, so it does not outlive a deletion of that.
    pub fn by_usage(reason: impl Into<String>) -> Self {
        Protection { policies: Choice::No, usage: Some(reason.into()) }
    }
}

impl<T: Into<String>> From<T> for Protection {
    fn from(reason: T) -> Self {
        Protection::new(reason)
    }
}

impl<K> Handle<K> {
    /// Protects the resource from deletion: `database.protect("holds the orders")`.
    ///
    /// By default both ways, each where it makes sense; [`Protection`] chooses. Management policies lose `Delete`: those
    /// that the resource has, or all of them, so that `["*"]` becomes every policy but that. The usage is composed under
    /// the key `usage:KEY` as a `Usage`, or a `ClusterUsage` for a cluster-scoped resource, and waits until the resource
    /// exists. To lift the protection again, remove this call and drop the usage by its key: like every resource, it is
    /// not dropped without a word.
    ///
    /// ```
    /// # use planewright::compose::{Cx, Protection, Result};
    /// # use planewright::resource::Composite;
    /// fn compose<X: Composite>(cx: &mut Cx<X>) -> Result<()> {
    ///     let claim = serde_json::json!({"apiVersion": "v1", "kind": "PersistentVolumeClaim"});
    ///     cx.resource("data", claim.clone()).protect("holds the orders");
    ///     cx.resource("logs", claim).protect(Protection::by_usage("auditors read them"));
    ///     Ok(())
    /// }
    /// ```
    pub fn protect(&self, protection: impl Into<Protection>) -> &Self {
        let Protection { policies, usage } = protection.into();
        if policies != Choice::No {
            self.ledger.keep_external(self.key(), policies == Choice::Yes);
        }
        if let Some(reason) = usage {
            let used = Party::composed(&self.ledger, self.key());
            let spec = UsageSpec { reason: Some(reason), ..UsageSpec::default() };
            self.ledger.usage(&format!("{USAGE}{}", self.key()), used, None, spec);
        }
        self
    }

    /// Says that this resource is to be deleted before `other`: the API server refuses to delete `other` while this
    /// exists, and deletes it as soon as this is gone (a usage with `replayDeletion`, under the key `usage:OTHER:KEY`).
    ///
    /// Order by what reads what comes from [`Cx::order_deletion`]; this is for what no read tells. Of two resources that
    /// live in namespaces, or two that do not; a mix of both ends the step with a fatal result, as no usage can say it.
    ///
    /// ```
    /// # use planewright::compose::{Cx, Result};
    /// # use planewright::resource::Composite;
    /// fn compose<X: Composite>(cx: &mut Cx<X>) -> Result<()> {
    ///     let cluster = cx.resource("cluster", serde_json::json!({"apiVersion": "example.org/v1", "kind": "Cluster"}));
    ///     let release = cx.resource("release", serde_json::json!({"apiVersion": "example.org/v1", "kind": "Release"}));
    ///     release.deleted_before(&cluster);
    ///     Ok(())
    /// }
    /// ```
    pub fn deleted_before<L>(&self, other: &Handle<L>) -> &Self {
        self.ledger.order(self.key(), other.key());
        self
    }
}

impl<X: Composite> Cx<X> {
    /// Protects the composite resource itself: while the usage stands (key `usage:`, with this reason), the API server
    /// refuses to delete it, and so everything that it composes stays. To let it go, drop the usage:
    ///
    /// ```
    /// # use planewright::compose::{Cx, Result};
    /// # use planewright::resource::Composite;
    /// # struct Parameters { deletion_protection: bool }
    /// fn compose<X: Composite>(cx: &mut Cx<X>, parameters: &Parameters) -> Result<()> {
    ///     match parameters.deletion_protection {
    ///         true => cx.protect_composite("spec.parameters.deletionProtection is set"),
    ///         false => cx.drop_resource(Cx::<X>::PROTECTION_KEY),
    ///     };
    ///     Ok(())
    /// }
    /// ```
    pub fn protect_composite(&self, reason: impl Into<String>) -> &Self {
        let used = Party {
            api_version: X::API_VERSION.to_owned(),
            kind: X::KIND.to_owned(),
            name: Ok(self.name().to_owned()),
            namespaced: X::SCOPE == Scope::Namespaced,
            namespace: None,
        };
        let spec = UsageSpec { reason: Some(reason.into()), ..UsageSpec::default() };
        self.ledger.usage(Self::PROTECTION_KEY, used, None, spec);
        self
    }

    /// The key of the usage that [`protect_composite`](Cx::protect_composite) composes.
    pub const PROTECTION_KEY: &'static str = USAGE;
}

/// A resource of a usage.
struct Party {
    api_version: String,
    kind: String,
    /// Its name, or what must be known for it.
    name: Result<String, Pending>,
    namespaced: bool,
    /// Its namespace, where that is not the composite resource's own.
    namespace: Option<String>,
}

impl Party {
    /// A composed resource. It has a name once it exists: a usage of something that is not there could not be ready.
    fn composed(ledger: &Ledger, key: &str) -> Self {
        let at = |path: &[&str]| -> Option<String> {
            let text = |object: &Value| {
                path.iter().try_fold(object, |at, name| at.get(name)).and_then(Value::as_str).map(str::to_owned)
            };
            let entries = ledger.entries.borrow();
            let declared = entries.declared.get(key);
            let composed = declared.and_then(|declared| declared.composed.as_ref()).map(|composed| &*composed.resource);
            let said = composed.or_else(|| declared.and_then(|declared| declared.held_back.as_ref()));
            let said = said.and_then(text);
            drop(entries);
            let path = WirePath::from_names(path);
            let observed = || ledger.observed_at(key, &path).and_then(|value| value.as_str().map(str::to_owned));
            said.or_else(observed).or_else(|| ledger.earlier(Place::Composed(key)).as_ref().and_then(text))
        };
        let name = WirePath::names(["metadata", "name"]);
        let observed = ledger.observed_at(key, &name).and_then(|name| name.as_str().map(str::to_owned));
        let scope = ledger.entries.borrow().declared.get(key).and_then(|declared| declared.scope);
        let namespace = at(&["metadata", "namespace"]);
        let in_namespace = ledger.composite.1 == Scope::Namespaced;
        Party {
            api_version: at(&["apiVersion"]).unwrap_or_default(),
            kind: at(&["kind"]).unwrap_or_default(),
            name: observed.ok_or_else(|| Pending::on(Wait { key: key.to_owned(), path: name.to_string() })),
            namespaced: match scope {
                _ if in_namespace => true,
                Some(scope) => scope == Scope::Namespaced,
                None => namespace.is_some(),
            },
            namespace: namespace.filter(|_| !in_namespace),
        }
    }
}

impl Ledger {
    /// Takes `Delete` from the management policies of a declared resource.
    fn keep_external(&self, key: &str, asked: bool) {
        let form = self.form(key);
        let entries = &mut *self.entries.borrow_mut();
        let declared = entries.declared.get_mut(key);
        let object = declared.and_then(|Declared { composed, held_back, .. }| match composed {
            Some(composed) => Some(&mut *composed.resource),
            None => held_back.as_mut(),
        });
        let Some(object) = object else {
            if asked {
                entries.faults.push(format!(
                    "composed resource {key:?} is to be protected by its management policies, and this step does not \
                     declare it; protect it where it is declared, or with Protection::by_usage"
                ));
            }
            return;
        };
        // Of an object without a generated type, its content tells: managed resources have spec.forProvider.
        let managed = form.map_or_else(
            || object.get("spec").and_then(|spec| spec.get("forProvider")).is_some(),
            |form| form.management_policies,
        );
        if !managed {
            if asked {
                entries.faults.push(format!(
                    "composed resource {key:?} is to be protected by its management policies, and its kind has none; \
                     protect it with Protection::by_usage"
                ));
            }
            return;
        }
        let path = WirePath::names(["spec", "managementPolicies"]);
        let said = object.get("spec").and_then(|spec| spec.get("managementPolicies")).and_then(Value::as_array);
        path.put(object, without_delete(said.map_or(&[], Vec::as_slice)));
    }

    /// Whether a usage can say that `first` is to be deleted before `then`.
    pub(super) fn can_order(&self, first: &str, then: &str) -> bool {
        Party::composed(self, first).namespaced == Party::composed(self, then).namespaced
    }

    /// Says that `first` is to be deleted before `then`.
    pub(super) fn order(&self, first: &str, then: &str) {
        let (by, of) = (Party::composed(self, first), Party::composed(self, then));
        if by.namespaced != of.namespaced {
            self.fault(format!(
                "{first:?} is to be deleted before {then:?}, and only one of the two lives in a namespace: no usage can \
                 say so; delete one of them by hand, or order {first:?} and another resource of its scope"
            ));
            return;
        }
        let spec = UsageSpec { replay_deletion: Some(true), ..UsageSpec::default() };
        self.usage(&order_key(first, then), of, Some(by), spec);
    }

    /// Composes a usage of `of`.
    fn usage(&self, key: &str, of: Party, by: Option<Party>, spec: UsageSpec) {
        let mut held = Vec::new();
        let namespaced = of.namespaced;
        // A usage lies beside what uses, and otherwise beside what is used.
        let namespace = by.as_ref().unwrap_or(&of).namespace.clone();
        let mut resource = |party: Party, role: &str| {
            let name = party.name.unwrap_or_else(|pending| {
                let path = WirePath::names(["spec", role, "resourceRef", "name"]);
                held.push(Held { path, pending });
                String::new()
            });
            let elsewhere = party.namespace.filter(|own| role == "of" && Some(own) != namespace.as_ref());
            let name = Some(name).filter(|name| !name.is_empty());
            UsageResource {
                api_version: Some(party.api_version),
                kind: Some(party.kind),
                resource_ref: Some(UsageResourceReference { name, namespace: elsewhere }),
                resource_selector: None,
            }
        };
        let spec = UsageSpec { of: Some(resource(of, "of")), by: by.map(|by| resource(by, "by")), ..spec };
        match namespaced {
            true => self.compose_usage(key, Usage { spec: Some(spec), ..Usage::default() }, namespace, held),
            false => self.compose_usage(key, ClusterUsage { spec: Some(spec), ..ClusterUsage::default() }, None, held),
        }
    }

    fn compose_usage<U: Resource + Slot>(&self, key: &str, usage: U, namespace: Option<String>, held: Vec<Held>) {
        let layout = || -> Box<dyn Slot> { Box::new(U::default()) };
        match Body::typed(&usage, (U::API_VERSION, U::KIND), U::SCOPE, layout, Encoding(None)) {
            Ok(mut body) => {
                if let Some(namespace) = namespace {
                    WirePath::names(["metadata", "namespace"]).put(&mut body.object, namespace.into());
                }
                self.declare(key, body, held);
            }
            Err(error) => self.undeclarable(key, &error),
        }
        // Whoever composes the usage knows how to tell that it is ready, so nobody else needs to be asked.
        let conditions = self.observed_at(key, &WirePath::names(["status", "conditions"]));
        let ready = conditions.as_ref().and_then(Value::as_array).into_iter().flatten().any(|condition| {
            let text = |name: &str| condition.get(name).and_then(Value::as_str);
            (text("type"), text("status")) == (Some("Ready"), Some("True"))
        });
        self.set_ready(key, ready.into());
    }
}

/// What the keys of usages begin with that order deletions.
pub(super) const USAGE: &str = "usage:";

/// The key of the usage that lets `first` be deleted before `then`.
pub(super) fn order_key(first: &str, then: &str) -> String {
    format!("{USAGE}{then}:{first}")
}

/// Management policies that let everything happen that `policies` do, except a deletion. None at all means all.
fn without_delete(policies: &[Value]) -> Value {
    use ManagementPolicy::{All, Create, Delete, LateInitialize, Observe, Update};
    let all = policies.is_empty() || policies.iter().any(|policy| policy.as_str() == Some(All.as_str()));
    match all {
        true => [Observe, Create, Update, LateInitialize].iter().map(ManagementPolicy::as_str).collect(),
        false => policies.iter().filter(|policy| policy.as_str() != Some(Delete.as_str())).cloned().collect(),
    }
}
