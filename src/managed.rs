//! What all managed resources of a composition share.

use planewright::resource::Managed;
use planewright::shapes::{ManagementPolicy, ProviderConfigReference};

/// What all managed resources of a composition share.
pub(crate) struct Shared {
    policies: Vec<ManagementPolicy>,
    provider_config: Option<ProviderConfigReference>,
}

impl Shared {
    /// No policies at all would mean that nothing is to be done; the APIs' users mean everything. An empty name of a
    /// provider config leaves it to the provider.
    pub(crate) fn new<'a>(policies: impl IntoIterator<Item = &'a str>, provider_config: &str) -> Self {
        let mut policies: Vec<ManagementPolicy> = policies.into_iter().map(ManagementPolicy::from).collect();
        if policies.is_empty() {
            policies.push(ManagementPolicy::All);
        }
        let named = || ProviderConfigReference::namespaced(provider_config);
        Shared { policies, provider_config: (!provider_config.is_empty()).then(named) }
    }

    /// A resource with these parameters.
    pub(crate) fn managed<K>(&self, for_provider: K::Parameters) -> K
    where
        K: Managed<ProviderConfig = ProviderConfigReference>,
    {
        let mut resource = K::default();
        *resource.for_provider() = Some(for_provider);
        *resource.management_policies() = Some(self.policies.clone());
        *resource.provider_config_ref() = self.provider_config.clone();
        resource
    }
}
