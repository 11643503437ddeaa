//! CRDs and XRDs understood: YAML in and out, loading, XRD derivation, structural schemas, defaulting.

pub mod crd;
pub mod schema;
