use super::rt;
use planewright_xrd::schemars::{self, JsonSchema};

#[derive(JsonSchema)]
pub struct Spec {
    /// Where it is.
    pub region: String,
    /// How fast it answers.
    ///
    /// \* \`Cold\`: In minutes.
    /// \* \`Hot\`: At once.
    pub tier: Tier,
    /// How many days a deleted secret is kept.
    pub keep: i64,
    /// The key that it is sealed with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seal: Option<Seal>,
    /// Who may read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub readers: Option<Vec<Readers>>,
    /// Names of networks that it is open to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub networks: Option<Vec<String>>,
    /// Labels of everything in it.
    pub labels: rt::Map<String, String>,
    /// A port, by number or name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<rt::Json>,
    /// Settings of the engine, as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings: Option<rt::Json>,
    /// When it is backed up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backup: Option<Backup>,
}
#[derive(JsonSchema)]
pub enum Tier {
    /// `Cold`.
    #[serde(rename = "Cold")]
    Cold,
    /// `Hot`.
    #[serde(rename = "Hot")]
    Hot,
}
/// The key that it is sealed with.
#[derive(JsonSchema)]
pub struct Seal {
    /// A key of the cloud's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cloud: Option<Cloud>,
    /// A passphrase in a secret of the same namespace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passphrase: Option<Passphrase>,
}
/// Who may read.
#[derive(JsonSchema)]
pub struct Readers {
    /// The name of the role.
    pub name: String,
    /// For how many hours.
    pub hours: i64,
}
/// When it is backed up.
#[derive(JsonSchema)]
pub struct Backup {
    /// \* \`day\`: At midnight.
    /// \* \`week\`: Once a week.
    pub every: Every,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weekday: Option<String>,
}
/// A key of the cloud's.
#[derive(JsonSchema)]
pub struct Cloud {
    /// Its ARN.
    pub arn: String,
}
/// A passphrase in a secret of the same namespace.
#[derive(JsonSchema)]
pub struct Passphrase {
    /// The name of the secret.
    pub secret: String,
}
#[derive(JsonSchema)]
pub enum Every {
    /// `day`.
    #[serde(rename = "day")]
    Day,
    /// `week`.
    #[serde(rename = "week")]
    Week,
}
