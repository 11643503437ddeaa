//! Two composite resources as Rust types: a namespaced one with two versions, and a legacy one with a claim.
#![allow(dead_code, reason = "their schemas matter")]

pub mod vault {
    //! `Vault`, in namespaces.

    use std::collections::{BTreeMap, BTreeSet};

    use planewright_xrd::schemars::{self, JsonSchema};
    use planewright_xrd::{Column, Rule, Xr, immutable, list_map};
    use serde::Serialize;
    use serde_json::Value;

    /// A place for secrets.
    #[derive(Xr, JsonSchema)]
    #[schemars(rename_all = "camelCase", transform = Rule::new("self.keep <= 30 || self.tier == 'Hot'").message("30 days at most"))]
    #[xr(group = "vaults.example.org", version = "v1", kind = "Vault", scope = "Namespaced", status = VaultStatus)]
    #[xr(short_names = ["vt"], categories = ["secrets"], max_name_length = 40, versions = [super::vault_beta::VaultSpec])]
    #[xr(columns = [Column::string("TIER", ".spec.tier"), Column::string("ADDRESS", ".status.address").wide()])]
    #[xr(rules = [Rule::new("self.metadata.name != 'all'").message("`all` means every vault")])]
    pub struct VaultSpec {
        /// Where it is.
        #[schemars(transform = immutable())]
        pub region: String,
        /// How fast it answers.
        #[serde(default)]
        pub tier: Tier,
        /// How many days a deleted secret is kept.
        #[schemars(range(min = 1, max = 90), default = "a_week")]
        pub keep: u16,
        /// The key that it is sealed with.
        #[schemars(transform = immutable())]
        pub seal: Option<Seal>,
        /// Who may read.
        #[schemars(transform = list_map(["name"]), length(max = 10))]
        pub readers: Option<Vec<Reader>>,
        /// Names of networks that it is open to.
        pub networks: Option<BTreeSet<String>>,
        /// Labels of everything in it.
        #[serde(default)]
        pub labels: BTreeMap<String, String>,
        /// A port, by number or name.
        pub port: Option<Port>,
        /// Settings of the engine, as they are.
        pub settings: Option<Value>,
        /// When it is backed up.
        pub backup: Option<Backup>,
    }

    /// How fast a vault answers.
    #[derive(Default, JsonSchema, Serialize)]
    pub enum Tier {
        /// In minutes.
        #[default]
        Cold,
        /// At once.
        Hot,
    }

    /// What a vault is sealed with.
    #[derive(JsonSchema)]
    #[schemars(rename_all = "camelCase")]
    pub enum Seal {
        /// A key of the cloud's.
        Cloud(CloudKey),
        /// A passphrase in a secret of the same namespace.
        Passphrase {
            /// The name of the secret.
            secret: String,
        },
    }

    /// A key of the cloud's.
    #[derive(JsonSchema)]
    pub struct CloudKey {
        /// Its ARN.
        #[schemars(regex(pattern = "^arn:"))]
        pub arn: String,
    }

    /// Who may read.
    #[derive(JsonSchema)]
    #[schemars(rename_all = "camelCase")]
    pub struct Reader {
        /// The name of the role.
        pub name: String,
        /// For how many hours.
        #[schemars(transform = Rule::new("self >= oldSelf").message("it only grows"))]
        pub hours: i64,
    }

    /// A port, by number or name.
    #[derive(JsonSchema)]
    #[serde(untagged)]
    pub enum Port {
        Number(i32),
        Name(String),
    }

    /// When a vault is backed up.
    #[derive(JsonSchema)]
    #[serde(tag = "every", rename_all = "camelCase")]
    pub enum Backup {
        /// At midnight.
        Day,
        /// Once a week.
        Week { weekday: String },
    }

    /// What is known of a vault.
    #[derive(JsonSchema)]
    #[schemars(rename_all = "camelCase")]
    pub struct VaultStatus {
        /// Where it answers.
        pub address: String,
        /// Since when each reader may read.
        pub since: BTreeMap<String, Since>,
    }

    #[derive(JsonSchema)]
    pub struct Since {
        /// The time.
        pub time: String,
    }

    fn a_week() -> u16 {
        7
    }
}

pub mod vault_beta {
    //! `Vault` as it was.

    use planewright_xrd::XrVersion;
    use planewright_xrd::schemars::{self, JsonSchema};

    /// A place for secrets.
    #[derive(XrVersion, JsonSchema)]
    #[xr(version = "v1beta1", deprecated = "use v1")]
    pub struct VaultSpec {
        /// Where it is.
        pub region: String,
    }
}

pub mod database {
    //! `XDatabase`, with a claim.

    use planewright_xrd::Xr;
    use planewright_xrd::schemars::{self, JsonSchema};

    /// A database.
    #[derive(Xr, JsonSchema)]
    #[schemars(rename_all = "camelCase")]
    #[xr(group = "data.example.org", version = "v1alpha1", kind = "XDatabase", scope = "LegacyCluster")]
    #[xr(claim = "Database", connection_secret_keys = ["host", "password"], delete_policy = "Foreground")]
    #[xr(default_composition = "database.data.example.org", update_policy = "Manual", status = DatabaseStatus, deprecated)]
    pub struct DatabaseSpec {
        /// In GiB.
        #[schemars(range(min = 10))]
        pub size: i64,
        /// Whether it has a twin.
        #[serde(default)]
        pub twin: bool,
    }

    /// What is known of a database.
    #[derive(JsonSchema)]
    pub struct DatabaseStatus {
        /// Where it answers.
        pub host: Option<String>,
    }
}
