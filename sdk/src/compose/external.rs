//! External names: what a managed resource is called outside Kubernetes.

use super::draft::Draft;
use super::ledger::Held;
use super::{FieldValue, Handle, IntoField, Lazy};
use crate::codec::WirePath;
use crate::resource::Managed;

/// The annotation that holds a managed resource's external name.
pub(super) const EXTERNAL_NAME: &str = "crossplane.io/external-name";

fn path() -> WirePath {
    WirePath::names(["metadata", "annotations", EXTERNAL_NAME])
}

impl<K> Handle<K> {
    /// The name of the external resource, as it was observed (annotation `crossplane.io/external-name`): for most cloud
    /// resources the ID that the provider was given. Until it is known, or while it is empty, the value waits.
    ///
    /// ```
    /// # use planewright::compose::{Cx, Result};
    /// # use planewright::resource::Composite;
    /// fn compose<X: Composite>(cx: &mut Cx<X>) -> Result<()> {
    ///     let vpc = cx.resource("vpc", serde_json::json!({"apiVersion": "ec2.aws.m.upbound.io/v1beta1", "kind": "VPC"}));
    ///     let id: Option<String> = vpc.external_name().known();
    ///     Ok(())
    /// }
    /// ```
    pub fn external_name(&self) -> Lazy<String> {
        let path = path();
        let name = self.ledger.observed_at(self.key(), &path).and_then(|name| name.as_str().map(str::to_owned));
        self.lazy(name.filter(|name| !name.is_empty()), &path.to_string())
    }
}

impl<K: Managed> Draft<K> {
    /// Gives the external resource its name, where the provider lets one choose it: for buckets and clusters, say, and to
    /// adopt what exists already. It cannot be changed later: a provider takes another name for another resource. Like
    /// every field it may be set from an `Option` or a [`Lazy`].
    pub fn external_name(&mut self, name: impl IntoField<Option<String>>) -> &mut Self {
        let path = path();
        match name.into_field() {
            FieldValue::Set(name) | FieldValue::Read(name, _) => {
                self.held.retain(|held| held.path != path);
                let annotations = self.value.metadata().get_or_insert_default().annotations.get_or_insert_default();
                match name {
                    Some(name) => annotations.insert(EXTERNAL_NAME.to_owned(), name),
                    None => annotations.remove(EXTERNAL_NAME),
                };
            }
            FieldValue::Unset => {}
            FieldValue::Pending(pending) => {
                self.held.retain(|held| held.path != path);
                self.held.push(Held { path, pending });
            }
        }
        self
    }
}
