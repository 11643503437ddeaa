//! CRDs and XRDs understood: YAML in and out, loading, XRD derivation, structural schemas, defaulting.

pub mod crd;
pub mod model;
pub mod reference;
pub mod schema;
