use planewright_xrd::schemars::{self, JsonSchema};
#[derive(JsonSchema)]
pub struct Spec {}
