//! `SQLInstance`: a PostgreSQL or MariaDB server in the subnets of a network.

use planewright::compose::{Cx, Defaults, Result};
use planewright::{composition, path, resource, text};

use crate::aws::rds::{Instance, SubnetGroup};
use crate::network::NETWORK_ID;
use crate::platform::SQLInstance;

/// Composes a database server.
///
/// The network is another composite resource: its subnets and its security group are found by label. While there are
/// none, the provider waits.
#[composition(xr = SQLInstance)]
pub fn sql_instance(cx: &mut Cx<SQLInstance>) -> Result<()> {
    let parameters = &cx.xr().spec.parameters;
    cx.defaults(
        Defaults::new()
            .management_policies(parameters.management_policies.iter().flatten().map(|policy| policy.as_str()))
            .provider_config(&parameters.provider_config_name),
    );

    resource!(cx, compositeSQLInstanceDbSubnetGroup: SubnetGroup {
        spec.for_provider: {
            description: "An excellent formation of subnetworks.",
            region: parameters.region,
            subnet_id_selector.match_labels: { (NETWORK_ID): parameters.network_ref.id },
        },
    });
    let instance = resource!(cx, RDSInstanceSmall: Instance {
        spec.for_provider: {
            allocated_storage: parameters.storage_gb,
            auto_generate_password: parameters.auto_generate_password,
            db_name: "upbound",
            db_subnet_group_name_selector.match_controller_ref: true,
            engine: (parameters.engine.as_str()),
            engine_version: parameters.engine_version,
            instance_class: "db.t3.micro",
            password_secret_ref: {
                name: parameters.password_secret_ref.name,
                key: parameters.password_secret_ref.key,
            },
            publicly_accessible: false,
            region: parameters.region,
            skip_final_snapshot: true,
            username: "masteruser",
            vpc_security_group_id_selector.match_labels: { (NETWORK_ID): parameters.network_ref.id },
        },
        spec.write_connection_secret_to_ref.name: text!("{}-sql", cx.name()),
    });

    // All or nothing: whoever finds one of them finds them all.
    let address =
        instance.read(path!(status.at_provider.endpoint)).zip(instance.read(path!(status.at_provider.address)));
    let login = instance.read(path!(spec.for_provider.username)).zip(instance.connection_detail("password"));
    if let Some(((endpoint, host), (username, password))) = address.zip(login).known() {
        cx.connection_detail("endpoint", endpoint);
        cx.connection_detail("host", host);
        cx.connection_detail("username", username);
        cx.connection_detail("password", password);
    }
    Ok(())
}
