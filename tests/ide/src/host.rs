//! A machine in a subnet: the composition that the scenarios are edits of.

use planewright::compose::{Cx, Result};
use planewright::{composition, resource, status, text};

use crate::ec2::{Instance, Subnet};
use crate::platform::Host;

/// Composes a machine in a subnet.
#[composition(xr = Host)]
pub fn host(cx: &mut Cx<Host>) -> Result<()> {
    let xr = cx.xr();
    let parameters = &xr.spec.parameters;
    let subnet = resource!(cx, subnet: Subnet {
        spec.for_provider: { region: parameters.region, cidr_block: "10.0.0.0/24", availability_zone: "a", vpc_id: "vpc" },
    });
    let instance = resource!(cx, instance: Instance {
        spec.for_provider: {
            region: parameters.region,
            instance_type: parameters.instance_type,
            subnet_id: &subnet,
            tags: { "Name": text!("host in {}", subnet.status.at_provider.id) },
        },
    });
    status!(cx, { address: instance.status.at_provider.private_ip });
    Ok(())
}
