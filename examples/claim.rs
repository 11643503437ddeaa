//! Writes the YAML of a network, as a service would write it to Git:
//!
//! ```console
//! cargo run --example claim > network.yaml
//! cargo run -- render network.yaml
//! ```

use std::io::{Write as _, stdout};

use reference_claims::Network;
use reference_claims::network::{Parameters, Spec, Subnets, Type};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let subnets = [("eu-central-1a", "10.60.0.0/20"), ("eu-central-1b", "10.60.16.0/20")];
    let subnets = subnets.map(|(zone, block)| Subnets::new(zone, Type::Public, block));
    let parameters = Parameters::new("orders", "eu-central-1").vpc_cidr_block("10.60.0.0/16").subnets(subnets);
    let network = Network::new("orders", Spec::new(parameters)).namespace("orders-team").label("team", "orders");

    stdout().write_all(network.to_yaml()?.as_bytes())?;
    Ok(())
}
