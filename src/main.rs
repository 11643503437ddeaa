//! The platform's binary.

#[cfg(feature = "commands")]
use reference_platform::package::package;
use reference_platform::{eks, network, sql_instance};

planewright::main!(network::network, sql_instance::sql_instance, eks::eks; package: package());
