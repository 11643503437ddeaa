//! CRDs and XRDs understood: YAML in and out, loading, XRD derivation, structural schemas, defaulting.

pub mod crd;
pub mod defaulting;
pub mod load;
pub mod schema;
pub mod structural;
pub mod yaml;
