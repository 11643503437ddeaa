//! CRDs and XRDs understood: YAML in and out, loading, XRD derivation, structural schemas, defaulting.

pub mod admission;
pub mod claim;
pub mod crd;
pub mod defaulting;
pub mod emission;
pub mod json_schema;
pub mod load;
pub mod model;
pub mod mrd;
pub mod reference;
pub mod refusal;
pub mod schema;
pub mod structural;
pub mod xcrd;
pub mod xrd;
pub mod yaml;
