//! What is typed, where the cursor is, and what the editor has to know there.

/// What is asked of the editor.
pub enum Expected {
    /// Completion offers these, among others.
    Offers(&'static [&'static str]),
    /// Hovering says this, among other things.
    Says(&'static [&'static str]),
    /// Going to the definition leads to a file whose path ends like this, to this name.
    LeadsTo(&'static str, &'static str),
}

/// One place in one text.
pub struct Scenario {
    pub name: &'static str,
    /// What stands in the body of the composition; `‸` is the cursor.
    pub body: &'static str,
    pub expected: Expected,
}

const fn offers(name: &'static str, body: &'static str, expected: &'static [&'static str]) -> Scenario {
    Scenario { name, body, expected: Expected::Offers(expected) }
}

const fn says(name: &'static str, body: &'static str, expected: &'static [&'static str]) -> Scenario {
    Scenario { name, body, expected: Expected::Says(expected) }
}

const fn leads_to(name: &'static str, body: &'static str, file: &'static str, defined: &'static str) -> Scenario {
    Scenario { name, body, expected: Expected::LeadsTo(file, defined) }
}

/// Before the body: an attribute as in any composition, the parameters, and a subnet to refer to.
pub const BEFORE: &str = "\
use planewright::compose::{Cx, Result};
use planewright::{composition, resource, status, text};

use crate::ec2::{Instance, Subnet};
use crate::platform::Host;

#[composition(xr = Host)]
pub fn host(cx: &mut Cx<Host>) -> Result<()> {
    let xr = cx.xr();
    let parameters = &xr.spec.parameters;
    let subnet = resource!(cx, subnet: Subnet {
        spec.for_provider: { region: parameters.region, cidr_block: \"10.0.0.0/24\" },
    });
";

/// After it.
pub const AFTER: &str = "
    Ok(())
}
";

/// Fields of an EC2 instance's parameters, from all over the alphabet.
const PARAMETERS: &[&str] =
    &["ami", "instance_type", "region", "root_block_device", "subnet_id", "tags", "vpc_security_group_ids"];
/// Fields that AWS reports of a subnet.
const OBSERVED: &[&str] = &["arn", "availability_zone", "id"];

pub const SCENARIOS: &[Scenario] = &[
    offers("type position", "resource!(cx, m: Inst‸ {});", &["Instance"]),
    offers("empty braces", "resource!(cx, m: Instance { ‸ });", &["metadata", "spec"]),
    offers(
        "dotted key, trailing dot",
        "resource!(cx, m: Instance { spec.‸ });",
        &["for_provider", "management_policies"],
    ),
    offers("dotted key of two, trailing dot", "resource!(cx, m: Instance { spec.for_provider.‸ });", PARAMETERS),
    offers(
        "dotted key, begun, with a field that comes later",
        "resource!(cx, m: Instance { spec.for_provider.inst‸, metadata: {} });",
        &["instance_type"],
    ),
    offers(
        "dotted key, trailing dot, with a field that comes later",
        "resource!(cx, m: Instance { spec.‸, metadata: {} });",
        &["for_provider"],
    ),
    offers("key, begun", "resource!(cx, m: Instance { spec.for_provider: { inst‸ } });", &["instance_type"]),
    offers("empty braces within", "resource!(cx, m: Instance { spec.for_provider: { ‸ } });", PARAMETERS),
    offers("second entry", "resource!(cx, m: Instance { spec.for_provider: { region: \"eu\", ‸ } });", PARAMETERS),
    offers(
        "entry between others",
        "resource!(cx, m: Instance { spec.for_provider: { region: \"eu\", ‸, ami: \"a\" }, metadata.labels: { \"a\": \"b\" } });",
        PARAMETERS,
    ),
    offers(
        "object in an object",
        "resource!(cx, m: Instance { spec.for_provider: { root_block_device: { ‸ } } });",
        &["volume_size", "encrypted", "kms_key_id"],
    ),
    offers(
        "block of a list",
        "resource!(cx, m: Instance { spec.for_provider: { ebs_block_device: [{ device_name: \"a\" }, { ‸ }] } });",
        &["volume_size", "encrypted", "device_name"],
    ),
    offers(
        "value after a dot",
        "resource!(cx, m: Instance { spec.for_provider: { region: xr.‸ } });",
        &["spec", "metadata"],
    ),
    offers(
        "value after two dots",
        "resource!(cx, m: Instance { spec.for_provider: { region: xr.spec.parameters.‸ } });",
        &["region", "instance_type", "disks"],
    ),
    offers(
        "value after a dot, with fields that come later",
        "resource!(cx, m: Instance { spec.for_provider: { region: parameters.‸, ami: \"a\", tags: { \"a\": \"b\" } } });",
        &["region", "instance_type", "disks"],
    ),
    offers(
        "value that is read through options",
        "resource!(cx, m: Instance { spec.for_provider: { ami: subnet.status.at_provider.‸ } });",
        OBSERVED,
    ),
    offers(
        "value that is read, begun",
        "resource!(cx, m: Instance { spec.for_provider: { ami: subnet.status.at_provider.avail‸ } });",
        &["availability_zone"],
    ),
    offers(
        "method of a value that is known later",
        "resource!(cx, m: Instance { spec.for_provider: { ami: subnet.status.at_provider.arn.ma‸p(|arn| arn) } });",
        &["map"],
    ),
    offers(
        "inside a closure",
        "resource!(cx, m: Instance { spec.for_provider: { ami: subnet.status.at_provider.arn.map(|arn| arn.to_up‸) } });",
        &["to_uppercase"],
    ),
    offers(
        "local variable",
        "let zone_of_all = \"a\"; resource!(cx, m: Instance { spec.for_provider: { ami: zone_‸ } });",
        &["zone_of_all"],
    ),
    offers(
        "handle as a reference",
        "resource!(cx, m: Instance { spec.for_provider: { subnet_id: &sub‸ } });",
        &["subnet"],
    ),
    offers(
        "variable of a loop",
        "for disk in &parameters.disks { let name = &disk.device_name; resource!(cx, \"m-{name}\": Instance { spec.for_provider: { ami: disk.‸ } }); }",
        &["device_name", "gigabytes"],
    ),
    offers(
        "value in a list that is read",
        "let m = resource!(cx, m: Instance { spec.for_provider: { region: \"eu\" } }); status!(cx, { address: m.status.at_provider.ebs_block_device[0].‸ });",
        &["volume_id", "device_name"],
    ),
    offers(
        "map of a field, by its key",
        "resource!(cx, m: Instance { spec.for_provider: { tags: { \"a\": parameters.‸ } } });",
        &["region"],
    ),
    offers(
        "reference in a list",
        "resource!(cx, m: Instance { spec.for_provider: { vpc_security_group_ids: [&sub‸] } });",
        &["subnet"],
    ),
    offers("status, empty braces", "status!(cx, { ‸ });", &["address", "network"]),
    offers("status, key, begun", "status!(cx, { addr‸ });", &["address"]),
    offers("status, dotted key", "status!(cx, { network.‸ });", &["subnet_id"]),
    offers("status, value that is read", "status!(cx, { address: subnet.status.at_provider.‸ });", OBSERVED),
    offers("text, argument that is read", "let a = text!(\"{}\", subnet.status.at_provider.‸);", OBSERVED),
    offers(
        "text, second argument",
        "let a = text!(\"{}{}\", subnet.status.at_provider.arn, parameters.‸);",
        &["region"],
    ),
    offers(
        "text in a literal",
        "resource!(cx, m: Instance { spec.for_provider: { ami: text!(\"{}\", subnet.status.at_provider.‸), region: \"eu\" } });",
        OBSERVED,
    ),
    offers("plain Rust after a literal", "let a = subnet.‸", &["ready_when"]),
    says(
        "hover on a key",
        "resource!(cx, m: Instance { spec.for_provider: { instance_‸type: \"t3.micro\" } });",
        &["instance_type", "Option<String>"],
    ),
    says(
        "hover on a key of a status",
        "status!(cx, { addr‸ess: \"a\" });",
        &["Where the machine is reached.", "address"],
    ),
    says(
        "hover on what is read",
        "resource!(cx, m: Instance { spec.for_provider: { region: parameters.reg‸ion } });",
        &["The region of the machine.", "region"],
    ),
    says(
        "hover on what is read through options",
        "resource!(cx, m: Instance { spec.for_provider: { ami: subnet.status.at_provider.ar‸n } });",
        &["arn", "Option<String>"],
    ),
    says(
        "hover on a key of a path",
        "resource!(cx, m: Instance { spec.for_pro‸vider: { region: \"eu\" } });",
        &["for_provider", "ForProvider"],
    ),
    leads_to(
        "definition of a key",
        "resource!(cx, m: Instance { spec.for_provider: { instance_‸type: \"t3.micro\" } });",
        "instance.rs",
        "instance_type",
    ),
    leads_to(
        "definition of what is read through options",
        "resource!(cx, m: Instance { spec.for_provider: { ami: subnet.status.at_provider.ar‸n } });",
        "subnet.rs",
        "arn",
    ),
    leads_to("definition of what a text is made of", "let a = text!(\"{}\", parameters.reg‸ion);", "host.rs", "region"),
    leads_to("definition of a kind", "resource!(cx, m: Inst‸ance {});", "instance.rs", "Instance"),
];
