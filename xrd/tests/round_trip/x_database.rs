use super::rt;
use planewright_xrd::schemars::{self, JsonSchema};

#[derive(JsonSchema)]
pub struct Spec {
    /// In GiB.
    pub size: i64,
    /// Whether it has a twin.
    pub twin: bool,
}
