//! A platform of our own: shops, written by hand in the shape that the generator emits.

use planewright::compose::{Cx, Result, StepInput};
use planewright::emit::{Emission, Package};
use planewright::generated as rt;
use planewright::platform::{Composition, Platform};
use planewright::resource::{PinnedKind, Scope};
use planewright_definitions::yaml;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

const PINNED: &[PinnedKind] = &[
    PinnedKind::new("storage.example.org", "v1", "Bucket", "buckets", Scope::Namespaced).managed(),
    PinnedKind::new("storage.example.org", "v1", "BucketPolicy", "bucketpolicies", Scope::Namespaced).managed(),
    PinnedKind::new("storage.example.org", "v1", "ProviderConfig", "providerconfigs", Scope::Namespaced),
];

pub const SHOPS: &str = r#"{
    "apiVersion": "apiextensions.crossplane.io/v1", "kind": "CompositeResourceDefinition",
    "metadata": {"name": "shops.example.org"},
    "spec": {
        "group": "example.org", "scope": "LegacyCluster",
        "names": {"kind": "Shop", "plural": "shops"}, "claimNames": {"kind": "ShopClaim", "plural": "shopclaims"},
        "versions": [{"name": "v1", "served": true, "referenceable": true, "schema": {"openAPIV3Schema": {"type": "object"}}}]
    }
}"#;

const STALLS: &str = r#"{
    "apiVersion": "apiextensions.crossplane.io/v2", "kind": "CompositeResourceDefinition",
    "metadata": {"name": "stalls.example.org"},
    "spec": {
        "group": "example.org", "scope": "Cluster",
        "names": {"kind": "Stall", "plural": "stalls"},
        "versions": [{"name": "v1beta1", "served": true, "referenceable": true, "schema": {"openAPIV3Schema": {
            "type": "object", "description": "A stall of a market.", "required": ["spec"],
            "properties": {"spec": {"type": "object", "properties": {"metres": {"type": "integer", "minimum": 1}}}}
        }}}]
    }
}"#;

/// Its author has said something of how it is synchronised.
const KIOSKS: &str = r#"{
    "apiVersion": "apiextensions.crossplane.io/v1", "kind": "CompositeResourceDefinition",
    "metadata": {
        "name": "kiosks.example.org",
        "annotations": {"argocd.argoproj.io/sync-options": "Delete=false,ServerSideApply=true", "a": "b"}
    },
    "spec": {
        "group": "example.org", "scope": "LegacyCluster", "names": {"kind": "Kiosk", "plural": "kiosks"},
        "versions": [{"name": "v1", "served": true, "referenceable": true, "schema": {"openAPIV3Schema": {"type": "object"}}}]
    }
}"#;

/// Its author has said of it what would delete it, or means nothing.
const BOOTHS: &str = r#"{
    "apiVersion": "apiextensions.crossplane.io/v2", "kind": "CompositeResourceDefinition",
    "metadata": {
        "name": "booths.example.org",
        "annotations": {"argocd.argoproj.io/sync-options": "Replace=true, Force=true,Prune=ture,Delete=true,Prune=confirm"}
    },
    "spec": {
        "group": "example.org", "scope": "Cluster", "names": {"kind": "Booth", "plural": "booths"},
        "versions": [{"name": "v1", "served": true, "referenceable": true, "schema": {"openAPIV3Schema": {"type": "object"}}}]
    }
}"#;

macro_rules! composite {
    ($name:ident, $plural:literal, $definition:expr) => {
        composite!($name, "v1", $plural, $definition, true, r#"{"type": "object"}"#);
    };
    ($name:ident, $version:literal, $plural:literal, $definition:expr, $legacy:literal, $schema:expr) => {
        #[derive(Deserialize)]
        pub struct $name {}

        impl rt::Kind for $name {
            const GROUP: &'static str = "example.org";
            const VERSION: &'static str = $version;
            const API_VERSION: &'static str = concat!("example.org/", $version);
            const KIND: &'static str = stringify!($name);
            const PLURAL: &'static str = $plural;
            const SCOPE: rt::Scope = rt::Scope::Cluster;
        }

        impl rt::Composite for $name {
            type Status = rt::JsonObject;
            type Place = rt::InCluster;
            const LEGACY: bool = $legacy;
            const SCHEMA: &'static str = $schema;
            const DEFINITION: Option<&'static str> = $definition;
            const PINNED: &'static [PinnedKind] = PINNED;
            fn set_metadata(&mut self, _: rt::ObjectMeta) {}
        }
    };
}

composite!(Shop, "shops", Some(SHOPS));
composite!(
    Stall,
    "v1beta1",
    "stalls",
    Some(STALLS),
    false,
    r#"{"type": "object", "properties": {"spec": {"type": "object", "properties": {"metres": {"type": "integer"}}}}}"#
);
composite!(Kiosk, "kiosks", Some(KIOSKS));
composite!(Booth, "v1", "booths", Some(BOOTHS), false, r#"{"type": "object"}"#);
composite!(ByHand, "byhands", None);
composite!(
    Refused,
    "refuseds",
    Some(r#"{"apiVersion": "apiextensions.crossplane.io/v2", "kind": "CompositeResourceDefinition"}"#)
);

pub fn nothing<X: rt::Composite>(_: &mut Cx<X>) -> Result<()> {
    Ok(())
}

pub fn platform(compositions: &[&str], package: Package) -> Platform {
    let platform = Platform::new("shops", "1.2.3").package(package);
    compositions.iter().fold(platform, |platform, name| platform.composition(Composition::new(name, nothing::<Shop>)))
}

pub fn package() -> Package {
    Package::new("registry.example.org/acme/shops")
}

/// How the layout of a shop is given.
#[derive(Deserialize, Serialize, JsonSchema)]
pub struct Layout {
    #[schemars(range(min = 1))]
    pub floors: u8,
}

impl StepInput for Layout {
    const GROUP: &'static str = "shops.fn.example.org";
    const VERSION: &'static str = "v1beta1";
    const KIND: &'static str = "Layout";
}

/// The object of a file, as YAML.
pub fn shown(emission: &Emission, path: &str) -> String {
    yaml::to_string(emission.object(path).unwrap()).unwrap()
}

pub fn paths(emission: &Emission) -> Vec<&str> {
    emission.files.iter().map(|file| &*file.path).collect()
}

pub fn told(platform: Platform) -> String {
    platform.emit().unwrap_err().to_string()
}
