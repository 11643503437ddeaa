//! The API of the archives platform, as Rust types: its XRD follows from them.
//!
//! `cargo run -p planewright-cli -- xrd emit --package archives-api --out examples/archives` writes it to
//! `apis/archives/definition.yaml`, from which the platform's types are made.

use std::collections::BTreeMap;

use planewright_xrd::schemars::{self, JsonSchema};
use planewright_xrd::{Column, Definitions, Rule, Xr, immutable, list_map};
use serde::{Deserialize, Serialize};

pub mod v1beta1;

/// All definitions of the platform.
pub fn definitions() -> Definitions {
    Definitions::new().with::<ArchiveSpec>()
}

/// Buckets that keep what is put into them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Xr, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[xr(group = "archive.example.org", version = "v1", kind = "Archive", scope = "Namespaced", status = ArchiveStatus)]
#[xr(short_names = ["ar"], versions = [v1beta1::ArchiveSpec])]
#[xr(columns = [Column::string("REGION", ".spec.region"), Column::string("KEEP", ".spec.keep")])]
pub struct ArchiveSpec {
    /// The AWS region. What is archived does not move.
    #[schemars(transform = immutable())]
    pub region: String,
    /// How long everything is kept.
    #[serde(default)]
    pub keep: Keep,
    /// One bucket for each drawer.
    #[schemars(transform = list_map(["name"]), length(min = 1, max = 20))]
    pub drawers: Vec<Drawer>,
    /// Tags of every bucket.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
}

/// How long something is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Keep {
    /// A year.
    Year,
    /// Ten years, as the law wants it for accounts.
    #[default]
    Decade,
    /// For good.
    Forever,
}

/// A drawer of an archive.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(transform = Rule::new("!has(self.coldAfterDays) || self.coldAfterDays < self.days")
    .message("what is deleted first never gets cold")
    .field_path(".coldAfterDays"))]
pub struct Drawer {
    /// The name of the drawer.
    #[schemars(regex(pattern = "^[a-z][a-z0-9-]{0,20}$"))]
    pub name: String,
    /// After how many days objects are deleted, if the archive keeps them no longer.
    #[serde(default = "ten_years")]
    #[schemars(range(min = 1))]
    pub days: i64,
    /// After how many days objects move to cheaper storage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 30))]
    pub cold_after_days: Option<i64>,
}

fn ten_years() -> i64 {
    3653
}

/// What is known of an archive.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ArchiveStatus {
    /// The ARN of each drawer's bucket.
    pub buckets: BTreeMap<String, String>,
}
